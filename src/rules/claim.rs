//! Which objects a controller owns, adopts and lets go.
//!
//! Upstream: `pkg/controller/controller_ref_manager.go` (`ClaimObject`).

use crate::api::{DaemonSet, ObjectMeta};

/// What to do with an object that may be a controller's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Claim {
    /// It is the controller's.
    Own,
    /// It is nobody's and matches: becomes the controller's.
    Adopt,
    /// It is the controller's and does not match any more: becomes nobody's.
    Release,
    /// It does not concern the controller.
    Ignore,
}

/// Decides on one object of the DaemonSet's namespace.
#[must_use]
pub fn of(daemon_set: &DaemonSet, object: &ObjectMeta) -> Claim {
    let owner = object.controller();
    if owner.is_some_and(|owner| owner.uid != daemon_set.metadata.uid) {
        return Claim::Ignore;
    }
    let matches = daemon_set.spec.selector.matches(&object.labels);
    let deleting = daemon_set.metadata.is_deleting();
    match owner {
        Some(_) if matches => Claim::Own,
        Some(_) if deleting => Claim::Ignore,
        Some(_) => Claim::Release,
        None if !matches || deleting || object.is_deleting() => Claim::Ignore,
        None => Claim::Adopt,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::OwnerReference;

    fn check(owner: Option<&str>, label: &str, want: Claim) {
        let mut daemon_set = DaemonSet::default();
        daemon_set.metadata.uid = "ds".into();
        daemon_set.spec.selector.match_labels.insert("app".into(), "a".into());
        let mut object = ObjectMeta::default();
        object.labels_mut().insert("app".into(), label.into());
        object.owner_references = owner
            .map(|uid| OwnerReference {
                api_version: "apps/v1".into(),
                kind: "DaemonSet".into(),
                name: "x".into(),
                uid: uid.into(),
                controller: true,
                block_owner_deletion: true,
            })
            .into_iter()
            .collect::<Vec<_>>()
            .into();
        assert_eq!(of(&daemon_set, &object), want, "{owner:?} {label}");
    }

    #[test]
    fn claims() {
        check(Some("ds"), "a", Claim::Own);
        check(Some("ds"), "b", Claim::Release);
        check(Some("other"), "a", Claim::Ignore);
        check(None, "a", Claim::Adopt);
        check(None, "b", Claim::Ignore);
    }
}
