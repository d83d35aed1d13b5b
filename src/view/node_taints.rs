//! What each taint of a node does to each DaemonSet's pods: found by asking the rules that the
//! controllers ask, one taint at a time.

use crate::api::{Key, Taint, TaintEffect, Toleration};
use crate::base::SECOND_MS;
use crate::rules::eviction::{self, Eviction};
use crate::rules::placement::Placement;
use crate::rules::tolerations::untolerated;
use crate::sim::World;
use std::slice;

/// A taint and what it does to each DaemonSet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaintRow {
    /// `key=value:Effect`.
    pub taint: String,
    /// One a DaemonSet, by its name.
    pub cells: Vec<TaintCell>,
}

/// What a taint does to a DaemonSet's pods.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaintCell {
    /// The DaemonSet.
    pub workload: Key,
    /// What.
    pub does: Does,
    /// The toleration that decides, or why none is asked for.
    pub because: String,
}

/// What a taint does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Does {
    /// Nothing: it is tolerated.
    Tolerated,
    /// Nothing: nobody asks a daemon pod for it.
    Nothing,
    /// No pod is created; one that runs stays.
    KeepsOff,
    /// No pod is created; one that runs goes at once.
    Evicts,
    /// One that runs goes after so many seconds.
    EvictsAfter(i64),
}

/// The taints of a node; nothing of one that is not there.
#[must_use]
pub fn node_taints(world: &World, name: &str) -> Vec<TaintRow> {
    let store = world.store();
    let Some(node) = store.nodes.get(name) else { return Vec::new() };
    let placements: Vec<_> = store.daemon_sets.iter().map(|(key, set)| (key, set, Placement::of(set))).collect();
    let row = |taint: &Taint| TaintRow {
        taint: taint.to_string(),
        cells: placements
            .iter()
            .map(|(key, set, placement)| {
                let (does, toleration) = what(taint, placement.tolerations());
                let own = &set.spec.template.spec.tolerations;
                let because = match (does, toleration) {
                    (Does::Nothing, _) => "only a preference of the scheduler’s".to_owned(),
                    (_, Some(it)) if own.contains(it) => in_words(it),
                    (_, Some(it)) => format!("{}, from the controller", in_words(it)),
                    (_, None) => "no toleration".to_owned(),
                };
                TaintCell { workload: (*key).clone(), does, because }
            })
            .collect(),
    };
    node.spec.taints.iter().map(row).collect()
}

/// A toleration; that of everything has no words of its own.
fn in_words(toleration: &Toleration) -> String {
    match toleration.to_string() {
        text if toleration.key.is_empty() && toleration.effect.is_none() => format!("all taints, {text}"),
        text if toleration.key.is_empty() => format!("all of {}", text.trim_start_matches(':')),
        text => text,
    }
}

/// What a taint does to a pod with these tolerations, and by which.
fn what<'t>(taint: &Taint, tolerations: &'t [Toleration]) -> (Does, Option<&'t Toleration>) {
    let taints = slice::from_ref(taint);
    let by = tolerations.iter().find(|toleration| toleration.tolerates(taint));
    let keeps_off = untolerated(taints, tolerations, &[TaintEffect::NoSchedule, TaintEffect::NoExecute]).is_some();
    let does = match (taint.effect, eviction::decide(taints, tolerations)) {
        (TaintEffect::PreferNoSchedule, _) => Does::Nothing,
        (TaintEffect::NoExecute, Eviction::After(ms)) => Does::EvictsAfter(ms / SECOND_MS),
        (TaintEffect::NoExecute, Eviction::Now) => Does::Evicts,
        _ if keeps_off => Does::KeepsOff,
        _ => Does::Tolerated,
    };
    (does, by)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_effect_has_its_consequence() {
        let check = |tolerations: &str, taint: (&str, TaintEffect), want: Does, by: &str| {
            let tolerations: Vec<Toleration> = serde_json::from_str(tolerations).unwrap();
            let taint = Taint::new(taint.0, taint.1);
            let (does, toleration) = what(&taint, &tolerations);
            assert_eq!((does, toleration.map(in_words).unwrap_or_default()), (want, by.to_owned()), "{taint}");
        };
        use TaintEffect::{NoExecute, NoSchedule, PreferNoSchedule};
        check("[]", ("a", NoSchedule), Does::KeepsOff, "");
        check("[]", ("a", NoExecute), Does::Evicts, "");
        check("[]", ("a", PreferNoSchedule), Does::Nothing, "");
        check(r#"[{"operator":"Exists"}]"#, ("a", NoExecute), Does::Tolerated, "all taints, op=Exists");
        check(r#"[{"operator":"Exists","effect":"NoSchedule"}]"#, ("a", NoExecute), Does::Evicts, "");
        check(
            r#"[{"operator":"Exists","effect":"NoSchedule"}]"#,
            ("a", NoSchedule),
            Does::Tolerated,
            "all of NoSchedule op=Exists",
        );
        let for_a_minute = r#"[{"key":"a","operator":"Exists","effect":"NoExecute","tolerationSeconds":60}]"#;
        check(for_a_minute, ("a", NoExecute), Does::EvictsAfter(60), "a:NoExecute op=Exists for 60s");
        let for_no_time = r#"[{"key":"a","operator":"Exists","effect":"NoExecute","tolerationSeconds":0}]"#;
        check(for_no_time, ("a", NoExecute), Does::Evicts, "a:NoExecute op=Exists for 0s");
    }
}
