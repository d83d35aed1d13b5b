//! What an image does: by its name, as in the recordings, so that faults can be written into a
//! manifest; and by the knobs.
//!
//! | name | does |
//! |---|---|
//! | `…:bad…` | cannot be pulled |
//! | `…:crash…` | exits with 1 soon after its start |
//! | `…:exitN…` | exits with N as soon |
//! | `…notready…` | is never ready |
//! | `…slowstart…` | refuses its probes for the first 20 s |
//! | `…:hang…` | answers no probe any more after 30 s |
//! | `…slowstop…`, and `sleep` as command | ignores the request to stop until it is killed |

use crate::api::Container;
use crate::base::{Millis, SECOND_MS, Set, Time};
use crate::rules::probe::{Answers, ProbeKind};
use crate::sim::knobs::{ImageFault, Knobs};

/// How long a container runs that exits by itself.
const EXIT_AFTER_MS: Millis = 800;
/// How long a slow container refuses its probes.
const SLOW_START_MS: Millis = 20 * SECOND_MS;
/// How long one answers that hangs.
const HANG_AFTER_MS: Millis = 30 * SECOND_MS;

/// What marks each fault in an image's name.
const NAMES: [(ImageFault, &str); 6] = [
    (ImageFault::NotFound, ":bad"),
    (ImageFault::Crash, ":crash"),
    (ImageFault::NotReady, "notready"),
    (ImageFault::SlowStart, "slowstart"),
    (ImageFault::Hang, ":hang"),
    (ImageFault::SlowStop, "slowstop"),
];

/// Images of one machine.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Images {
    /// Those that are there.
    pub present: Set<String>,
    /// Images are pulled one after another: until when they are.
    pub pulling_until: Time,
}

/// Whether an image has a fault.
pub(super) fn has(knobs: &Knobs, image: &str, fault: ImageFault) -> bool {
    NAMES.iter().any(|(known, mark)| *known == fault && image.contains(mark))
        || knobs.images.iter().any(|knob| knob.image == image && knob.fault == Some(fault))
}

/// Whether an image must be pulled: always by policy, else if it is not there.
pub(super) fn must_pull(container: &Container, is_there: bool) -> bool {
    match container.image_pull_policy.as_str() {
        "Always" => true,
        "Never" => false,
        _ => !is_there,
    }
}

/// How long a pull takes on a machine.
pub(super) fn pull_ms(knobs: &Knobs, node: &str, image: &str) -> Millis {
    let own = knobs.images.iter().find(|knob| knob.image == image).and_then(|knob| knob.pull_ms);
    own.unwrap_or(knobs.image_pull_ms) * slowness(knobs, node)
}

/// By how many times a machine is slower than others.
pub(super) fn slowness(knobs: &Knobs, node: &str) -> Millis {
    knobs.nodes.iter().find(|knob| knob.node == node).map_or(1, |knob| i64::from(knob.slow))
}

/// When after its start a container exits by itself, and its exit code; `None` if it runs on.
/// `runs_once`: an init container, whose work ends.
pub(super) fn exit(knobs: &Knobs, container: &Container, runs_once: bool) -> Option<(Millis, i32)> {
    let image = &container.image;
    if has(knobs, image, ImageFault::Crash) {
        return Some((EXIT_AFTER_MS, 1));
    }
    let code = image.rsplit(':').next().and_then(|tag| tag.strip_prefix("exit")?.split('-').next()?.parse::<u8>().ok());
    if let Some(code) = code {
        return Some((EXIT_AFTER_MS, i32::from(code)));
    }
    runs_once.then_some((knobs.init_container_ms, 0))
}

/// When a container that started then answers its probes.
pub(super) fn answers(knobs: &Knobs, image: &str, kind: ProbeKind, started_at: Time) -> Answers {
    let never_ready = kind == ProbeKind::Readiness && has(knobs, image, ImageFault::NotReady);
    let slow = has(knobs, image, ImageFault::SlowStart);
    let hangs = has(knobs, image, ImageFault::Hang);
    Answers {
        from: if never_ready { Time::NEVER } else { started_at + if slow { SLOW_START_MS } else { 0 } },
        until: if hangs { started_at + HANG_AFTER_MS } else { Time::NEVER },
    }
}

/// From the request to stop to the exit; `None` for one that ignores the request.
pub(super) fn stop_ms(knobs: &Knobs, container: &Container) -> Option<Millis> {
    let sleeps = container.command.first().is_some_and(|program| program == "sleep");
    let ignores = sleeps || has(knobs, &container.image, ImageFault::SlowStop);
    (!ignores).then_some(knobs.container_stop_ms)
}

/// How long the preStop hook of a container takes, and whether it fails; `None` without one. A
/// command takes as long as it says that it sleeps, and fails if it is `false` or says `exit 1`.
pub(super) fn pre_stop(container: &Container) -> Option<(Millis, bool)> {
    let hook = container.other.object("lifecycle")?.object("preStop")?;
    let (sleep, exec) = (hook.object("sleep").unwrap_or_default(), hook.object("exec").unwrap_or_default());
    let command = exec.field("command").unwrap_or_default();
    let words = command.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let (mut asked, mut fails, mut before) = (sleep.field("seconds"), false, "");
    for word in words {
        fails |= (before, word) == ("exit", "1") || (before, word) == ("", "false");
        asked = if before == "sleep" { asked.or(Some(word)) } else { asked };
        before = word;
    }
    let seconds = asked.and_then(|text| text.parse::<u32>().ok()).unwrap_or(0);
    Some((i64::from(seconds) * SECOND_MS, fails))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn container(text: &str) -> Container {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn names_tell_how_a_container_exits() {
        let check = |image: &str, runs_once: bool, want: Option<i32>| {
            let container = Container { image: image.to_owned(), ..Container::default() };
            assert_eq!(exit(&Knobs::default(), &container, runs_once).map(|(_, code)| code), want, "{image}");
        };
        check("a:1", false, None);
        check("a:1", true, Some(0));
        check("a:crash-2", true, Some(1));
        check("a:exit0", false, Some(0));
        check("a:exit137-b", false, Some(137));
        check("a:exit", false, None);
        check("a:exit999", false, None);
    }

    #[test]
    fn hooks_take_as_long_as_they_sleep() {
        let check = |hook: &str, want: Option<(Millis, bool)>| {
            let text = format!(r#"{{"lifecycle":{{"postStart":{{"exec":{{"command":["sleep","9"]}}}}{hook}}}}}"#);
            assert_eq!(pre_stop(&container(&text)), want, "{hook}");
        };
        check("", None);
        check(r#","preStop":{"sleep":{"seconds":5}}"#, Some((5_000, false)));
        check(r#","preStop":{"exec":{"command":["sleep","7"]}}"#, Some((7_000, false)));
        check(r#","preStop":{"exec":{"command":["/bin/sh","-c","sleep 15; nginx -s quit"]}}"#, Some((15_000, false)));
        check(r#","preStop":{"exec":{"command":["sh","-c","exit 1"]}}"#, Some((0, true)));
        check(r#","preStop":{"httpGet":{"path":"/quit","port":80}}"#, Some((0, false)));
    }

    #[test]
    fn knobs_work_as_names_do() {
        let text = r#"{"images":[{"image":"a:1","pullMs":5000,"fault":"slowStop"}],"nodes":[{"node":"old","slow":3}]}"#;
        let knobs: Knobs = serde_json::from_str(text).unwrap();
        assert!(has(&knobs, "a:1", ImageFault::SlowStop) && !has(&knobs, "a:2", ImageFault::SlowStop));
        assert_eq!((pull_ms(&knobs, "old", "a:1"), pull_ms(&knobs, "new", "a:1")), (15_000, 5_000));
        assert_eq!(pull_ms(&knobs, "new", "b:1"), Knobs::default().image_pull_ms);
        let sleeper = container(r#"{"command":["sleep","9"]}"#);
        assert_eq!((stop_ms(&knobs, &sleeper), stop_ms(&knobs, &container(r#"{"image":"b"}"#))), (None, Some(1_100)));
    }
}
