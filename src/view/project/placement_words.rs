//! Where a DaemonSet's pods go, in a few words: node name, node selector and required
//! affinity. Taints are not told here: they are the nodes' and not the DaemonSet's.

use crate::api::{
    Labels, METADATA_NAME, NodeSelectorOperator, NodeSelectorRequirement, NodeSelectorTerm, PodSpec, well_known,
};

/// `every node`, `nodes with disk=ssd`, `nodes matching zone In [a, b]`.
pub fn placement_words(spec: &PodSpec) -> String {
    let mut parts = Vec::new();
    if !spec.node_name.is_empty() {
        parts.push(format!("named {}", spec.node_name));
    }
    if !spec.node_selector.is_empty() {
        parts.push(format!("with {}", selector_words(&spec.node_selector)));
    }
    if let Some(terms) = required_terms(spec) {
        parts.push(affinity_words(terms));
    }
    if parts.is_empty() { "every node".to_owned() } else { format!("nodes {}", parts.join(", ")) }
}

fn required_terms(spec: &PodSpec) -> Option<&[NodeSelectorTerm]> {
    let affinity = spec.affinity.as_ref()?.node_affinity.as_ref()?;
    Some(&affinity.required_during_scheduling_ignored_during_execution.as_ref()?.node_selector_terms)
}

fn selector_words(selector: &Labels) -> String {
    let word = |(key, value): (&String, &String)| {
        if value.is_empty() { short(key) } else { format!("{}={value}", short(key)) }
    };
    selector.iter().map(word).collect::<Vec<_>>().join(" and ")
}

/// Terms are ORed; an empty one matches nothing.
fn affinity_words(terms: &[NodeSelectorTerm]) -> String {
    let words: Vec<String> = terms.iter().map(term_words).filter(|words| !words.is_empty()).collect();
    if words.is_empty() { "matching nothing".to_owned() } else { format!("matching {}", words.join(" or ")) }
}

fn term_words(term: &NodeSelectorTerm) -> String {
    let requirements = term.match_expressions.iter().chain(&term.match_fields);
    requirements.map(requirement_words).collect::<Vec<_>>().join(" and ")
}

fn requirement_words(requirement: &NodeSelectorRequirement) -> String {
    let key = if requirement.key == METADATA_NAME { "name".to_owned() } else { short(&requirement.key) };
    let values = requirement.values.join(", ");
    match requirement.operator {
        NodeSelectorOperator::In => format!("{key} In [{values}]"),
        NodeSelectorOperator::NotIn => format!("{key} NotIn [{values}]"),
        NodeSelectorOperator::Exists => format!("{key} Exists"),
        NodeSelectorOperator::DoesNotExist => format!("{key} DoesNotExist"),
        NodeSelectorOperator::Gt => format!("{key} > {values}"),
        NodeSelectorOperator::Lt => format!("{key} < {values}"),
    }
}

/// Kubernetes' own keys without their prefix; others keep it, for it may tell two apart.
fn short(key: &str) -> String {
    if let Some(role) = key.strip_prefix(well_known::ROLE_PREFIX) {
        return format!("role {role}");
    }
    let own = ["topology.kubernetes.io/", "kubernetes.io/", "node.kubernetes.io/"];
    own.iter().find_map(|prefix| key.strip_prefix(prefix)).unwrap_or(key).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(spec: &str, want: &str) {
        let spec: PodSpec = serde_json::from_str(spec).unwrap();
        assert_eq!(placement_words(&spec), want);
    }

    fn check_terms(terms: &str, want: &str) {
        let required = format!(r#"{{"nodeSelectorTerms":{terms}}}"#);
        let affinity = format!(r#"{{"nodeAffinity":{{"requiredDuringSchedulingIgnoredDuringExecution":{required}}}}}"#);
        check(&format!(r#"{{"affinity":{affinity}}}"#), want);
    }

    #[test]
    fn selectors() {
        check("{}", "every node");
        check(r#"{"affinity":{}}"#, "every node");
        check(r#"{"nodeSelector":{"disk":"ssd"}}"#, "nodes with disk=ssd");
        check(r#"{"nodeSelector":{"kubernetes.io/os":"linux","disk":"ssd"}}"#, "nodes with disk=ssd and os=linux");
        check(r#"{"nodeSelector":{"node-role.kubernetes.io/worker":""}}"#, "nodes with role worker");
        check(r#"{"nodeSelector":{"example.com/os":"x"}}"#, "nodes with example.com/os=x");
        check(r#"{"nodeName":"n1"}"#, "nodes named n1");
    }

    #[test]
    fn affinity() {
        let zone = r#"{"matchExpressions":[{"key":"topology.kubernetes.io/zone","operator":"In","values":["a","b"]}]}"#;
        check_terms(&format!("[{zone}]"), "nodes matching zone In [a, b]");
        let name = r#"{"matchFields":[{"key":"metadata.name","operator":"In","values":["n1"]}]}"#;
        check_terms(&format!("[{zone},{name}]"), "nodes matching zone In [a, b] or name In [n1]");
        let two = r#"{"matchExpressions":[{"key":"gpu","operator":"Exists"},{"key":"cores","operator":"Gt","values":["8"]}]}"#;
        check_terms(&format!("[{two},{{}}]"), "nodes matching gpu Exists and cores > 8");
        check_terms("[{}]", "nodes matching nothing");
    }
}
