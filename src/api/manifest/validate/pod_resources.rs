//! What a whole pod asks for, beside its containers.
//!
//! Upstream: `pkg/apis/core/validation/validation.go` (`validatePodResources`),
//! `k8s.io/component-helpers/resource` (`AggregateContainerRequests`, `AggregateContainerLimits`).

use super::place::{At, Report};
use super::{devices, resources};
use crate::api::Quantity;
use crate::api::manifest::quantity::canonical;
use crate::base::Map;

/// Amounts in billionths, and whether the first was told in powers of 1,024.
type Amounts = Map<String, (i128, bool)>;

/// Names, amounts, and that there is enough for the containers.
pub fn check(spec: &At, report: &mut Report) {
    let resources = spec.field("resources");
    if !resources.is_set() {
        return;
    }
    if spec.field("os").field("name").text() == "windows" {
        report.forbidden(&resources, "may not be set for a windows pod");
        return;
    }
    let claims = resources.field("claims");
    if claims.is_set() {
        report.forbidden(&claims, "claims may not be set for Resources at pod-level");
    }
    resources::requirements(&resources, true, report);
    devices::of_container(&claims, &spec.field("resourceClaims"), report);
    for (list, is_limit) in [("requests", false), ("limits", true)] {
        let told = resources.field(list);
        for (name, (sum, is_binary)) in &aggregate(spec, list) {
            let amount = told.field(name).as_path(&format!("{}[{name}]", told.path()));
            let is_checked = !is_limit || name.starts_with("hugepages-");
            if let Some(most) = resources::quantity(&amount).filter(|most| is_checked && *sum > most.nanos()) {
                let sum = printed(*sum, *is_binary);
                let detail = format!("must be greater than or equal to aggregate container {list} of {sum}");
                report.invalid_text(&amount, most.as_str(), &detail);
            }
        }
    }
    let limits = resources.field("limits");
    for (index, container) in spec.field("containers").items().enumerate() {
        for (name, limit) in container.field("resources").field("limits").entries() {
            let both = (resources::quantity(&limit), resources::quantity(&limits.field(name)));
            if let (Some(own), Some(most)) = both
                && own.nanos() > most.nanos()
            {
                // The place is upstream's own.
                let place = format!("{}.containers[{index}][{name}].limits", resources.path());
                let detail = format!("must be less than or equal to pod limits of {}", most.as_str());
                report.invalid_text(&limit.as_path(&place), own.as_str(), &detail);
            }
        }
    }
}

/// What all containers take together: those that run first one by one, and those that stay.
fn aggregate(spec: &At, list: &str) -> Amounts {
    let (mut all, mut staying, mut first) = (Amounts::new(), Amounts::new(), Amounts::new());
    for container in spec.field("containers").items() {
        add(&mut all, &of(&container, list));
    }
    for container in spec.field("initContainers").items() {
        let mut own = of(&container, list);
        if container.field("restartPolicy").text() == "Always" {
            add(&mut all, &own);
            add(&mut staying, &own);
            own = staying.clone();
        } else {
            add(&mut own, &staying);
        }
        most(&mut first, &own);
    }
    most(&mut all, &first);
    all
}

fn of(container: &At, list: &str) -> Amounts {
    let amounts = container.field("resources").field(list);
    let amounts = amounts.entries().filter_map(|(name, amount)| {
        let amount = resources::quantity(&amount)?;
        Some((name.to_owned(), (amount.nanos(), amount.as_str().ends_with('i'))))
    });
    amounts.collect()
}

fn add(to: &mut Amounts, more: &Amounts) {
    for (name, (amount, is_binary)) in more {
        to.entry(name.clone()).or_insert((0, *is_binary)).0 += amount;
    }
}

fn most(of: &mut Amounts, other: &Amounts) {
    for (name, amount) in other {
        let own = of.entry(name.clone()).or_insert(*amount);
        if amount.0 > own.0 {
            *own = *amount;
        }
    }
}

fn printed(nanos: i128, is_binary: bool) -> String {
    let text = format!("{nanos}n");
    let whole = Quantity::parse(&text).map_or(0, |amount| amount.value());
    if !is_binary || whole < 1_024 || i128::from(whole) * 1_000_000_000 != nanos {
        return canonical(&text, false);
    }
    let power = (1..=6).rev().find(|power| whole % (1 << (10 * power)) == 0);
    match power.zip(power.and_then(|power| ["Ki", "Mi", "Gi", "Ti", "Pi", "Ei"].get(power - 1))) {
        Some((power, suffix)) => format!("{}{suffix}", whole >> (10 * power)),
        None => whole.to_string(),
    }
}
