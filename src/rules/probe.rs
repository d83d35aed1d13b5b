//! Probes: when each is made, and what follows from their results.
//!
//! Upstream: `pkg/kubelet/prober/worker.go`, `prober.go`.
//! Models: initial delay, period, timeout, thresholds; a result counts once it has come often
//! enough in a row; after a failed liveness or a decided startup probe nothing is asked until
//! the container runs anew.
//! Simplifies: the first probe comes with the end of the initial delay, the others a period
//! apart, instead of with the ticks of a clock that began with the pod. A result that would
//! come again and again for ever is not asked for again.

use crate::api::{Other, Probe};
use crate::base::{Millis, SECOND_MS, Time};

/// What a probe is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProbeKind {
    /// Until it passes the others wait.
    Startup,
    /// When it fails the container is restarted.
    Liveness,
    /// While it fails the container is not ready.
    Readiness,
}

impl ProbeKind {
    /// All three, each at its index.
    pub const ALL: [ProbeKind; 3] = [ProbeKind::Startup, ProbeKind::Liveness, ProbeKind::Readiness];

    /// As events name it: with a capital.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            ProbeKind::Startup => "Startup",
            ProbeKind::Liveness => "Liveness",
            ProbeKind::Readiness => "Readiness",
        }
    }
}

/// When a container answers its probes: from the one instant until the other. Before, it
/// refuses; afterwards it says nothing at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Answers {
    /// From then on…
    pub from: Time,
    /// …until then.
    pub until: Time,
}

impl Answers {
    /// The next instant at which it changes.
    fn next_change(self, now: Time) -> Time {
        if now < self.from {
            self.from
        } else if now < self.until {
            self.until
        } else {
            Time::NEVER
        }
    }
}

/// The probing of one container for one purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Prober {
    /// When the next probe is made; never if nothing would come of it.
    pub next_at: Time,
    /// What is known; nothing yet of a startup probe.
    pub verdict: Option<bool>,
    answers: Answers,
    last: bool,
    streak: i32,
}

impl Prober {
    /// Probing begins for a container that runs since `started_at`, at `enabled_at` or later.
    #[must_use]
    pub fn new(kind: ProbeKind, probe: &Probe, started_at: Time, enabled_at: Time, answers: Answers) -> Prober {
        let verdict = match kind {
            ProbeKind::Startup => None,
            ProbeKind::Liveness => Some(true),
            ProbeKind::Readiness => Some(false),
        };
        // A server that hangs still takes connections.
        let until = if probe.other.has_object("tcpSocket") { Time::NEVER } else { answers.until };
        let next_at = enabled_at.max(started_at + i64::from(probe.initial_delay_seconds.max(0)) * SECOND_MS);
        Prober { next_at, verdict, answers: Answers { until, ..answers }, last: false, streak: 0 }
    }

    /// When the result of the next probe is known: silence is waited for until the timeout.
    #[must_use]
    pub fn due_at(&self, probe: &Probe) -> Time {
        let timeout_ms = if self.is_silent() { seconds_ms(probe.timeout_seconds, 1) } else { 0 };
        self.next_at + timeout_ms
    }

    /// Whether the next probe gets no answer at all.
    #[must_use]
    pub fn is_silent(&self) -> bool {
        self.next_at >= self.answers.until
    }

    /// Makes the next probe and plans the one after it. Whether it passed.
    pub fn probe(&mut self, kind: ProbeKind, probe: &Probe) -> bool {
        let began = self.next_at;
        let passes = began >= self.answers.from && !self.is_silent();
        self.streak = if self.last == passes { self.streak.saturating_add(1) } else { 1 };
        self.last = passes;
        let threshold = if passes { or(probe.success_threshold, 1) } else { or(probe.failure_threshold, 3) };
        let period_ms = seconds_ms(probe.period_seconds, 10);
        let next_at = (began + period_ms).max(self.due_at(probe));
        if self.streak < threshold {
            self.next_at = next_at;
            return passes;
        }
        self.verdict = Some(passes);
        let decided = kind == ProbeKind::Startup || kind == ProbeKind::Liveness && !passes;
        let change = if decided { Time::NEVER } else { self.answers.next_change(began) };
        // With the first probe that may come out otherwise it goes on.
        let periods = change.since(next_at).saturating_add(period_ms - 1) / period_ms;
        self.next_at = if change == Time::NEVER { Time::NEVER } else { next_at + periods * period_ms };
        passes
    }
}

/// What is told of a probe that failed, after its kind.
#[must_use]
pub fn failure_text(probe: &Probe, silent: bool) -> String {
    let timeout_s = or(probe.timeout_seconds, 1);
    let value = |object: &Other, field: &str| object.field(field).unwrap_or_default().trim_matches('"').to_owned();
    if let Some(get) = probe.other.object("httpGet") {
        if !silent {
            return "HTTP probe failed with statuscode: 503".to_owned();
        }
        let scheme = if value(&get, "scheme") == "HTTPS" { "https" } else { "http" };
        let (host, port, path) = (value(&get, "host"), value(&get, "port"), value(&get, "path"));
        let slash = if path.starts_with('/') { "" } else { "/" };
        return format!(
            "Get \"{scheme}://{host}:{port}{slash}{path}\": context deadline exceeded (Client.Timeout exceeded while awaiting headers)"
        );
    }
    if let Some(socket) = probe.other.object("tcpSocket") {
        return format!("dial tcp {}:{}: connect: connection refused", value(&socket, "host"), value(&socket, "port"));
    }
    if probe.other.has_object("grpc") {
        return if silent {
            format!("timeout: health rpc did not complete within {timeout_s}s")
        } else {
            "service unhealthy (responded with \"NOT_SERVING\")".to_owned()
        };
    }
    // A command that fails by its exit code may print nothing.
    let exec = probe.other.object("exec").unwrap_or_default();
    let command = exec.field("command").unwrap_or_default();
    let words: Vec<&str> = command.split('"').skip(1).step_by(2).collect();
    if silent {
        format!("command timed out: \"{}\" timed out after {timeout_s}s", words.join(" "))
    } else {
        String::new()
    }
}

fn or(value: i32, default: i32) -> i32 {
    if value > 0 { value } else { default }
}

fn seconds_ms(value: i32, default: i32) -> Millis {
    i64::from(or(value, default)) * SECOND_MS
}

#[cfg(test)]
mod tests {
    use super::*;

    fn probe(text: &str) -> Probe {
        serde_json::from_str(text).unwrap()
    }

    /// The times in seconds of probes and their results (`+` or `-`), from a start at 0 s, with
    /// answers between two instants.
    fn check(kind: ProbeKind, text: &str, from_s: i64, until_s: Option<i64>, want: &str) {
        let probe = probe(text);
        let until = until_s.map_or(Time::NEVER, |s| Time(s * SECOND_MS));
        let answers = Answers { from: Time(from_s * SECOND_MS), until };
        let mut prober = Prober::new(kind, &probe, Time(0), Time(0), answers);
        let mut seen = Vec::new();
        while prober.next_at != Time::NEVER && seen.len() < 20 {
            let due_s = prober.due_at(&probe).0 / SECOND_MS;
            let passed = prober.probe(kind, &probe);
            seen.push(format!("{}{due_s}", if passed { '+' } else { '-' }));
        }
        assert_eq!(format!("{} {:?}", seen.join(" "), prober.verdict), want, "{text}");
    }

    #[test]
    fn readiness_waits_for_delay_and_threshold() {
        use ProbeKind::Readiness;
        check(Readiness, "{}", 0, None, "+0 Some(true)");
        check(Readiness, r#"{"initialDelaySeconds":4}"#, 0, None, "+4 Some(true)");
        check(Readiness, r#"{"successThreshold":3,"periodSeconds":2}"#, 0, None, "+0 +2 +4 Some(true)");
        check(Readiness, "{}", 25, None, "-0 -10 -20 +30 Some(true)");
        check(Readiness, r#"{"failureThreshold":1,"periodSeconds":5}"#, 12, None, "-0 +15 Some(true)");
        check(Readiness, "{}", i64::MAX / SECOND_MS, None, "-0 -10 -20 Some(false)");
    }

    #[test]
    fn liveness_fails_when_silence_lasts() {
        use ProbeKind::Liveness;
        check(Liveness, "{}", 0, None, "+0 Some(true)");
        check(Liveness, "{}", 0, Some(35), "+0 -41 -51 -61 Some(false)");
        let slow = r#"{"timeoutSeconds":7,"periodSeconds":5,"failureThreshold":2}"#;
        check(Liveness, slow, 0, Some(10), "+0 -17 -24 Some(false)");
        check(Liveness, r#"{"tcpSocket":{"port":80}}"#, 0, Some(10), "+0 Some(true)");
    }

    #[test]
    fn startup_decides_once() {
        use ProbeKind::Startup;
        check(Startup, r#"{"periodSeconds":5,"failureThreshold":6}"#, 20, None, "-0 -5 -10 -15 +20 Some(true)");
        check(Startup, r#"{"periodSeconds":5}"#, 20, None, "-0 -5 -10 Some(false)");
    }

    #[test]
    fn a_failure_is_told_as_go_tells_it() {
        let check = |text: &str, silent: bool, want: &str| assert_eq!(failure_text(&probe(text), silent), want);
        check(r#"{"httpGet":{"path":"/","port":80}}"#, false, "HTTP probe failed with statuscode: 503");
        check(
            r#"{"httpGet":{"path":"/healthz","port":8080,"scheme":"HTTP"}}"#,
            true,
            "Get \"http://:8080/healthz\": context deadline exceeded (Client.Timeout exceeded while awaiting headers)",
        );
        check(r#"{"tcpSocket":{"port":80}}"#, false, "dial tcp :80: connect: connection refused");
        let exec = r#"{"exec":{"command":["cat","/tmp/healthy"]},"timeoutSeconds":5}"#;
        check(exec, true, "command timed out: \"cat /tmp/healthy\" timed out after 5s");
        check(exec, false, "");
        check(r#"{"grpc":{"port":80}}"#, true, "timeout: health rpc did not complete within 1s");
    }
}
