//! What comes from outside as data (a file, a link, a script) goes through the same door as a
//! pasted manifest: the API server's defaults and validation. Without it a DaemonSet whose
//! selector does not match its own pods would make pods without end, as Kubernetes' own
//! controller would.

use crate::api::manifest;
use crate::api::{DaemonSet, Node};
use crate::sim::Command;

/// The command as the API server would take it.
///
/// # Errors
/// What is wrong with the object in it, in the API server's words.
pub fn sound(command: Command) -> Result<Command, String> {
    match command {
        Command::ApplyDaemonSet { daemon_set } => {
            Ok(Command::ApplyDaemonSet { daemon_set: sound_daemon_set(&daemon_set)? })
        }
        Command::ApplyNode { node } => named(node).map(|node| Command::ApplyNode { node }),
        Command::AddNode { node } => named(node).map(|node| Command::AddNode { node }),
        other => Ok(other),
    }
}

fn sound_daemon_set(daemon_set: &DaemonSet) -> Result<Box<DaemonSet>, String> {
    manifest::admit(daemon_set).into_daemon_set().map_err(|mut errors| errors.swap_remove(0))
}

fn named(node: Box<Node>) -> Result<Box<Node>, String> {
    if node.name().is_empty() {
        Err("metadata.name: Required value: name or generateName is required".to_owned())
    } else {
        Ok(node)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(command: &str, want: Result<(), &str>) {
        let command: Command = serde_json::from_str(command).unwrap();
        match (sound(command), want) {
            (Ok(once), Ok(())) => assert_eq!(sound(once.clone()), Ok(once), "sound twice is sound once"),
            (Err(why), Err(want)) => assert!(why.contains(want), "{why}"),
            (got, want) => panic!("{got:?}, not {want:?}"),
        }
    }

    #[test]
    fn the_door_is_that_of_manifests() {
        let daemon_set = |selector: &str, image: &str| {
            format!(
                r#"{{"do":"applyDaemonSet","daemon_set":{{"metadata":{{"name":"a"}},"spec":{{"selector":{{"matchLabels":{selector}}},
                "template":{{"metadata":{{"labels":{{"app":"a"}}}},"spec":{{"containers":[{{"name":"c","image":"{image}"}}]}}}}}}}}}}"#
            )
        };
        check(&daemon_set(r#"{"app":"a"}"#, "a:1"), Ok(()));
        check(&daemon_set(r#"{"app":"b"}"#, "a:1"), Err("`selector` does not match template `labels`"));
        check(&daemon_set("{}", "a:1"), Err("spec.selector"));
        check(&daemon_set(r#"{"app":"a"}"#, ""), Err("spec.template.spec.containers[0].image: Required value"));
        check(r#"{"do":"addNode","node":{}}"#, Err("metadata.name: Required value"));
        check(r#"{"do":"deleteNode","name":"x"}"#, Ok(()));
    }
}
