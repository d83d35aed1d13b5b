//! Tolerations that the DaemonSet controller and admission add to pods, and which taints are
//! left.
//!
//! Upstream: `pkg/controller/daemon/util/daemonset_util.go`
//! (`AddOrUpdateDaemonPodTolerations`), `pkg/apis/core/v1/helper` (`AddOrUpdateTolerationInPodSpec`,
//! `FindMatchingUntoleratedTaint`), `plugin/pkg/admission/defaulttolerationseconds`.

use crate::api::{PodSpec, Taint, TaintEffect, Toleration, well_known};

/// The template's tolerations and those that every daemon pod gets, in upstream's order.
#[must_use]
pub fn daemon_pod_tolerations(spec: &PodSpec) -> Vec<Toleration> {
    use TaintEffect::{NoExecute, NoSchedule};
    let mut tolerations = spec.tolerations.clone();
    let everywhere = [
        (well_known::TAINT_NOT_READY, NoExecute),
        (well_known::TAINT_UNREACHABLE, NoExecute),
        (well_known::TAINT_DISK_PRESSURE, NoSchedule),
        (well_known::TAINT_MEMORY_PRESSURE, NoSchedule),
        (well_known::TAINT_PID_PRESSURE, NoSchedule),
        (well_known::TAINT_UNSCHEDULABLE, NoSchedule),
    ];
    let with_host_network = [(well_known::TAINT_NETWORK_UNAVAILABLE, NoSchedule)];
    let host_network = if spec.host_network { with_host_network.as_slice() } else { &[] };
    for (key, effect) in everywhere.iter().chain(host_network) {
        add_or_update(&mut tolerations, Toleration::exists(*key, *effect));
    }
    tolerations
}

/// Puts `toleration` in the place of every one that says the same but for the seconds, or
/// at the end. So a template's own `tolerationSeconds` on `not-ready` is overwritten.
fn add_or_update(tolerations: &mut Vec<Toleration>, toleration: Toleration) {
    let mut updated = false;
    for existing in tolerations.iter_mut().filter(|existing| existing.matches(&toleration)) {
        existing.clone_from(&toleration);
        updated = true;
    }
    if !updated {
        tolerations.push(toleration);
    }
}

/// How long a pod that says nothing else stays on a node that is not ready or unreachable.
const DEFAULT_TOLERATION_SECONDS: i64 = 300;

/// What the admission plugin DefaultTolerationSeconds puts behind the tolerations of a new
/// pod, unless they name the key (or every key) with NoExecute (or every effect), in whatever
/// way. Daemon pods do.
pub fn default_tolerations(tolerations: &[Toleration]) -> impl Iterator<Item = Toleration> {
    let names = |key: &str| {
        tolerations.iter().any(|known| {
            (known.key == key || known.key.is_empty())
                && known.effect.is_none_or(|effect| effect == TaintEffect::NoExecute)
        })
    };
    let missing = [well_known::TAINT_NOT_READY, well_known::TAINT_UNREACHABLE].map(|key| (!names(key)).then_some(key));
    missing.into_iter().flatten().map(|key| Toleration {
        toleration_seconds: Some(DEFAULT_TOLERATION_SECONDS),
        ..Toleration::exists(key, TaintEffect::NoExecute)
    })
}

/// The first taint with one of the effects that nothing tolerates.
pub fn untolerated<'a>(taints: &'a [Taint], tolerations: &[Toleration], effects: &[TaintEffect]) -> Option<&'a Taint> {
    taints
        .iter()
        .filter(|taint| effects.contains(&taint.effect))
        .find(|taint| !tolerations.iter().any(|toleration| toleration.tolerates(taint)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn own_seconds_are_overwritten_in_place() {
        let spec: PodSpec = serde_json::from_str(
            r#"{"tolerations":[
                {"key":"node.kubernetes.io/not-ready","operator":"Exists","effect":"NoExecute","tolerationSeconds":5},
                {"key":"node.kubernetes.io/unreachable","operator":"Exists"}]}"#,
        )
        .unwrap();
        let printed: Vec<String> = daemon_pod_tolerations(&spec).iter().map(ToString::to_string).collect();
        assert_eq!(
            printed,
            [
                "node.kubernetes.io/not-ready:NoExecute op=Exists",
                "node.kubernetes.io/unreachable op=Exists",
                "node.kubernetes.io/unreachable:NoExecute op=Exists",
                "node.kubernetes.io/disk-pressure:NoSchedule op=Exists",
                "node.kubernetes.io/memory-pressure:NoSchedule op=Exists",
                "node.kubernetes.io/pid-pressure:NoSchedule op=Exists",
                "node.kubernetes.io/unschedulable:NoSchedule op=Exists",
            ]
        );
    }

    #[test]
    fn host_network_tolerates_a_missing_network() {
        let spec = PodSpec { host_network: true, ..PodSpec::default() };
        let last = daemon_pod_tolerations(&spec).pop().unwrap();
        assert_eq!(last.to_string(), "node.kubernetes.io/network-unavailable:NoSchedule op=Exists");
    }

    #[test]
    fn defaults_are_for_what_is_not_named() {
        let check = |tolerations: &str, want: &[&str]| {
            let tolerations: Vec<Toleration> = serde_json::from_str(tolerations).unwrap();
            let added: Vec<String> = default_tolerations(&tolerations).map(|toleration| toleration.key).collect();
            assert_eq!(added, want, "{tolerations:?}");
        };
        check("[]", &["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"]);
        check(
            r#"[{"operator":"Exists","effect":"NoSchedule"}]"#,
            &["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"],
        );
        check(r#"[{"operator":"Exists"}]"#, &[]);
        check(r#"[{"key":"node.kubernetes.io/unreachable","value":"x"}]"#, &["node.kubernetes.io/not-ready"]);
    }

    #[test]
    fn prefer_no_schedule_is_not_asked_for() {
        let taints = [Taint::new("a", TaintEffect::PreferNoSchedule), Taint::new("b", TaintEffect::NoExecute)];
        let left = untolerated(&taints, &[], &[TaintEffect::NoSchedule, TaintEffect::NoExecute]);
        assert_eq!(left.map(|t| t.key.as_str()), Some("b"));
    }
}
