//! Our own words for the fields that a DaemonSet commonly has, and the values of those that
//! take one of a few.

/// One field a line: type, field, words.
const WORDS: &str = include_str!("words.txt");

/// Go's name of a type, then its values.
const CHOICES: [(&str, &[&str]); 20] = [
    ("v1.PullPolicy", &["IfNotPresent", "Always", "Never"]),
    ("v1.RestartPolicy", &["Always", "OnFailure", "Never"]),
    ("v1.DNSPolicy", &["ClusterFirst", "ClusterFirstWithHostNet", "Default", "None"]),
    ("v1.TolerationOperator", &["Exists", "Equal"]),
    ("v1.TaintEffect", &["NoSchedule", "PreferNoSchedule", "NoExecute"]),
    ("v1.DaemonSetUpdateStrategyType", &["RollingUpdate", "OnDelete"]),
    ("v1.Protocol", &["TCP", "UDP", "SCTP"]),
    ("v1.LabelSelectorOperator", &["In", "NotIn", "Exists", "DoesNotExist"]),
    ("v1.NodeSelectorOperator", &["In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt"]),
    (
        "v1.HostPathType",
        &["Directory", "DirectoryOrCreate", "File", "FileOrCreate", "Socket", "CharDevice", "BlockDevice"],
    ),
    ("v1.URIScheme", &["HTTP", "HTTPS"]),
    ("v1.StorageMedium", &["Memory"]),
    ("v1.TerminationMessagePolicy", &["File", "FallbackToLogsOnError"]),
    ("v1.PreemptionPolicy", &["PreemptLowerPriority", "Never"]),
    ("v1.MountPropagationMode", &["None", "HostToContainer", "Bidirectional"]),
    ("v1.SeccompProfileType", &["RuntimeDefault", "Unconfined", "Localhost"]),
    ("v1.ContainerRestartPolicy", &["Always", "OnFailure", "Never"]),
    ("v1.NodeConditionType", &["Ready", "MemoryPressure", "DiskPressure", "PIDPressure", "NetworkUnavailable"]),
    ("v1.ConditionStatus", &["True", "False", "Unknown"]),
    ("v1.OSName", &["linux", "windows"]),
];

/// What a field is for; nothing if it has no words.
pub fn meaning(holder: &str, field: &str) -> &'static str {
    let found = WORDS
        .lines()
        .filter_map(|line| line.split_once(' '))
        .find(|(name, _)| name.split_once('.').is_some_and(|(of, name)| of == holder && name == field));
    found.map_or("", |(_, words)| words)
}

/// The values that a type may have.
pub fn choices(go_name: &str) -> Option<&'static [&'static str]> {
    CHOICES.iter().find(|(name, _)| *name == go_name).map(|(_, values)| *values)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::manifest::schema::Schema;

    #[test]
    fn words_are_about_fields_that_there_are() {
        let schema = Schema::new();
        for line in WORDS.lines() {
            let (name, words) = line.split_once(' ').unwrap();
            let (holder, field) = name.split_once('.').unwrap();
            if holder != "ResourceList" {
                assert!(schema.field(holder, field).is_some(), "{name}");
            }
            assert!(words.len() > 10 && words.len() < 160 && words.ends_with('.'), "{name}: {words}");
        }
    }
}
