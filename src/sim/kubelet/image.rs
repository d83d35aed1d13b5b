//! What an image does, by its name: the conventions of the recordings, so that faults can
//! be written into a manifest.

use crate::api::{Container, PodSpec};
use crate::base::{Millis, SECOND_MS};

/// How long a crashing container runs.
pub(super) const CRASH_AFTER_MS: Millis = 800;

/// Whether the image cannot be pulled.
pub(super) fn cannot_be_pulled(image: &str) -> bool {
    image.contains(":bad")
}

/// Whether the container exits with an error soon after its start.
pub(super) fn crashes(image: &str) -> bool {
    image.contains(":crash")
}

/// Whether its readiness probe never passes.
fn is_never_ready(image: &str) -> bool {
    image.contains("notready")
}

/// Whether it ignores the request to stop until it is killed.
fn ignores_stop(container: &Container) -> bool {
    let sleeps = container.command.first().is_some_and(|program| program == "sleep");
    sleeps || container.image.contains("slowstop")
}

/// Whether an image must be pulled: always by policy, else if it is not there.
pub(super) fn must_pull(container: &Container, is_there: bool) -> bool {
    match container.image_pull_policy.as_str() {
        "Always" => true,
        "Never" => false,
        _ => !is_there,
    }
}

/// When after its start a pod is ready: the longest initial delay of its readiness probes;
/// `None` if never.
pub(super) fn ready_after_ms(spec: &PodSpec) -> Option<Millis> {
    if spec.containers.iter().any(|container| is_never_ready(&container.image)) {
        return None;
    }
    let delay_s = |container: &Container| {
        let probe = container.readiness_probe.as_ref()?;
        Some(i64::from(probe.initial_delay_seconds).clamp(0, 86_400))
    };
    Some(spec.containers.iter().filter_map(delay_s).max().unwrap_or(0) * SECOND_MS)
}

/// How long a pod takes to stop, and whether it must be killed.
pub(super) fn stop(spec: &PodSpec, grace_s: i64, stop_ms: Millis) -> (Millis, bool) {
    let grace_ms = grace_s.clamp(0, 86_400) * SECOND_MS;
    if spec.containers.iter().any(ignores_stop) || stop_ms > grace_ms { (grace_ms, true) } else { (stop_ms, false) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spec(container: &str) -> PodSpec {
        serde_json::from_str(&format!(r#"{{"containers":[{container}]}}"#)).unwrap()
    }

    #[test]
    fn probes_delay_readiness() {
        assert_eq!(ready_after_ms(&spec(r#"{"image":"a"}"#)), Some(0));
        assert_eq!(ready_after_ms(&spec(r#"{"image":"a","readinessProbe":{"initialDelaySeconds":4}}"#)), Some(4_000));
        assert_eq!(ready_after_ms(&spec(r#"{"image":"notready:1"}"#)), None);
    }

    #[test]
    fn who_ignores_the_request_is_killed_after_the_grace_period() {
        assert_eq!(stop(&spec(r#"{"image":"a"}"#), 30, 400), (400, false));
        assert_eq!(stop(&spec(r#"{"image":"slowstop"}"#), 30, 400), (30_000, true));
        assert_eq!(stop(&spec(r#"{"command":["sleep","9"]}"#), 2, 400), (2_000, true));
        assert_eq!(stop(&spec(r#"{"image":"a"}"#), 0, 400), (0, true));
    }
}
