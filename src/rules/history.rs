//! The history of a DaemonSet's templates.
//!
//! Upstream: `pkg/controller/daemon/update.go` (`constructHistory`, `dedupCurHistories`,
//! `snapshot`, `cleanupHistory`), `pkg/controller/controller_utils.go` (`ComputeHash`).
//! Upstream hashes a dump of Go structs; here it is a dump of the template's own fields, so
//! the hashes differ from a real cluster's, while what they are equal for does not.

use crate::api::{ControllerRevision, DaemonSet, PodTemplateSpec, well_known};
use crate::base::{Map, digest_of, safe_encode, sort_by_key};

/// What the history asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Hash label of the present template's revision.
    pub hash: String,
    /// A revision must be made: its name and number.
    pub create: Option<(String, i64)>,
    /// The present template's revision gets this, the highest, number.
    pub bump: Option<(String, i64)>,
    /// Further revisions of the present template: their pods get `hash`, then they go.
    pub duplicates: Vec<String>,
    /// Revisions of former templates.
    pub old: Vec<String>,
    /// Revisions without the hash label, which get their name as label.
    pub unlabelled: Vec<String>,
}

/// Plans the history of a DaemonSet; `revisions` are its own.
#[must_use]
pub fn construct(daemon_set: &DaemonSet, revisions: &[&ControllerRevision]) -> Plan {
    let (current, old): (Vec<&ControllerRevision>, Vec<&ControllerRevision>) =
        revisions.iter().copied().partition(|revision| revision.data == daemon_set.spec.template);
    let number = old.iter().map(|revision| revision.revision).max().unwrap_or(0) + 1;
    // The last of those with the highest number is kept.
    let kept = current.iter().copied().max_by_key(|revision| revision.revision);
    let name_of = |revision: &ControllerRevision| revision.metadata.name.clone();
    let mut plan = Plan {
        hash: String::new(),
        create: None,
        bump: None,
        duplicates: Vec::new(),
        old: old.iter().map(|revision| name_of(revision)).collect(),
        unlabelled: revisions.iter().filter(|r| label(r).is_none()).map(|r| name_of(r)).collect(),
    };
    match kept {
        Some(kept) => {
            plan.hash = label(kept).unwrap_or(&kept.metadata.name).to_owned();
            plan.bump = (kept.revision < number).then(|| (name_of(kept), number));
            let others = current.iter().filter(|revision| revision.metadata.name != kept.metadata.name);
            plan.duplicates = others.map(|revision| name_of(revision)).collect();
        }
        None => {
            plan.hash = template_hash(&daemon_set.spec.template, daemon_set.status.collision_count);
            plan.create = Some((format!("{}-{}", daemon_set.metadata.name, plan.hash), number));
        }
    }
    plan
}

/// How many old revisions a limit lets stay.
#[must_use]
pub fn kept(limit: i32) -> usize {
    usize::try_from(limit.max(0)).unwrap_or(0)
}

/// Names of old revisions beyond the limit, oldest first; those that a pod is made of stay:
/// `is_live` tells by the hash.
#[must_use]
pub fn to_clean_up(limit: i32, old: &[&ControllerRevision], is_live: &dyn Fn(&str) -> bool) -> Vec<String> {
    let excess = old.len().saturating_sub(kept(limit));
    let mut by_number: Vec<&ControllerRevision> = old.to_vec();
    sort_by_key(&mut by_number, |revision| revision.revision);
    by_number
        .iter()
        .filter(|revision| !label(revision).is_some_and(is_live))
        .take(excess)
        .map(|revision| revision.metadata.name.clone())
        .collect()
}

/// The hash of a template in Kubernetes' safe alphabet.
#[must_use]
pub fn template_hash(template: &PodTemplateSpec, collision_count: Option<i32>) -> String {
    let wide = digest_of(&(template, collision_count));
    safe_encode((wide ^ (wide >> 32)) as u32)
}

/// Labels of a new revision: the template's and the hash.
#[must_use]
pub fn revision_labels(template: &PodTemplateSpec, hash: &str) -> Map<String, String> {
    let mut labels = template.metadata.labels.clone();
    labels.insert(well_known::CONTROLLER_REVISION_HASH.to_owned(), hash.to_owned());
    labels
}

fn label(revision: &ControllerRevision) -> Option<&str> {
    revision.metadata.labels.get(well_known::CONTROLLER_REVISION_HASH).map(String::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::rc::Rc;

    fn template(image: &str) -> Rc<PodTemplateSpec> {
        Rc::new(
            serde_json::from_str(&format!(r#"{{"spec":{{"containers":[{{"name":"c","image":"{image}"}}]}}}}"#))
                .unwrap(),
        )
    }

    fn revision(name: &str, image: &str, number: i64) -> ControllerRevision {
        let mut revision =
            ControllerRevision { data: template(image), revision: number, ..ControllerRevision::default() };
        revision.metadata.name = name.into();
        revision.metadata.labels_mut().insert(well_known::CONTROLLER_REVISION_HASH.into(), format!("hash-{name}"));
        revision
    }

    fn daemon_set(image: &str) -> DaemonSet {
        let mut daemon_set = DaemonSet::default();
        daemon_set.metadata.name = "ds".into();
        daemon_set.spec.template = template(image);
        daemon_set
    }

    #[test]
    fn an_old_template_comes_back_under_the_highest_number() {
        let (a, b) = (revision("a", "1", 1), revision("b", "2", 2));
        let plan = construct(&daemon_set("1"), &[&a, &b]);
        assert_eq!(plan.hash, "hash-a");
        assert_eq!(plan.bump, Some(("a".into(), 3)));
        assert_eq!(plan.create, None);
    }

    #[test]
    fn duplicates_go() {
        let (a, b) = (revision("a", "1", 1), revision("b", "1", 2));
        let plan = construct(&daemon_set("1"), &[&a, &b]);
        assert_eq!((plan.hash.as_str(), plan.duplicates), ("hash-b", vec!["a".to_owned()]));
    }

    #[test]
    fn live_revisions_are_kept() {
        let (a, b, c) = (revision("a", "1", 1), revision("b", "2", 2), revision("c", "3", 3));
        let old = [&c, &a, &b];
        assert_eq!(to_clean_up(1, &old, &|hash| hash == "hash-a"), ["b", "c"]);
        assert_eq!(to_clean_up(2, &old, &|_| false), ["a"]);
        assert!(to_clean_up(3, &old, &|_| false).is_empty());
    }

    #[test]
    fn hashes_look_like_kubernetes_own() {
        let hash = template_hash(&template("1"), None);
        assert!(hash.len() <= 10 && hash.bytes().all(|b| b"456789bcdf".contains(&b)), "{hash}");
        assert_ne!(hash, template_hash(&template("2"), None));
        assert_ne!(hash, template_hash(&template("1"), Some(1)));
    }
}
