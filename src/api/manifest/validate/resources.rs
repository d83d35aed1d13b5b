//! Amounts of resources.
//!
//! Upstream: `pkg/apis/core/validation/validation.go` (`validateResourceRequirements`,
//! `ValidateContainerResourceName`, `ValidateResourceQuantityValue`), `pkg/apis/core/helper`.

use super::names::label_key;
use super::place::{At, Report, quoted};
use crate::api::Quantity;

const IN_CONTAINERS: [&str; 3] = ["cpu", "memory", "ephemeral-storage"];
/// Standard for quotas, not for containers; the first nine are counted.
const STANDARD: [&str; 11] = [
    "pods",
    "services",
    "replicationcontrollers",
    "resourcequotas",
    "secrets",
    "configmaps",
    "persistentvolumeclaims",
    "services.nodeports",
    "services.loadbalancers",
    "storage",
    "requests.storage",
];
const HUGE_PAGES: &str = "hugepages-";

/// The requests and limits of a container, or of a whole pod.
pub fn requirements(at: &At, of_pod: bool, report: &mut Report) {
    let (limits, requests) = (at.field("limits"), at.field("requests"));
    amounts(&limits, of_pod, report);
    amounts(&requests, of_pod, report);
    for (name, request) in requests.entries() {
        let limit = limits.field(name);
        let (asked, most) = (quantity(&request), quantity(&limit));
        match (asked, most) {
            (Some(asked), Some(most)) if !may_overcommit(name) && asked.nanos() != most.nanos() => {
                let detail = format!("must be equal to {name} limit of {}", most.as_str());
                report.invalid(&request, &detail);
            }
            (Some(asked), Some(most)) if asked.nanos() > most.nanos() => {
                let detail = format!("must be less than or equal to {name} limit of {}", most.as_str());
                report.invalid(&request, &detail);
            }
            (_, None) if !may_overcommit(name) => {
                let place = request.as_path(limits.path());
                report.required(&place, "Limit must be set for non overcommitable resources");
            }
            _ => {}
        }
    }
    huge_pages(at, &[&limits, &requests], report);
}

/// Amounts that count as limits, such as a pod's overhead.
pub fn limits(at: &At, report: &mut Report) {
    let place = at.as_path(&format!("{}.limits", at.path()));
    amounts(&place, false, report);
    huge_pages(at, &[&place], report);
}

fn huge_pages(at: &At, lists: &[&At], report: &mut Report) {
    let any = |is: fn(&str) -> bool| lists.iter().any(|list| list.entries().any(|(name, _)| is(name)));
    if any(|name| name.starts_with(HUGE_PAGES)) && !any(|name| name == "cpu" || name == "memory") {
        report.forbidden(at, "HugePages require cpu or memory");
    }
}

fn amounts(at: &At, of_pod: bool, report: &mut Report) {
    for (name, amount) in at.keyed_entries() {
        if of_pod {
            pod_resource_name(&amount.at_key(), name, report);
        } else {
            resource_name(&amount.at_key(), name, report);
        }
        quantity_value(&amount, name, report);
        if let (Some(size), Some(whole)) = (name.strip_prefix(HUGE_PAGES), quantity(&amount))
            && !is_whole_pages(size, &whole)
        {
            let detail = format!("{} is not positive integer multiple of {name}", whole.as_str());
            report.invalid(&amount, &detail);
        }
    }
}

/// Upstream: `IsHugePageResourceValueDivisible`.
fn is_whole_pages(size: &str, amount: &Quantity) -> bool {
    let size = Quantity::parse(size).ok().filter(|size| size.nanos() > 0 && size.milli_value() % 1_000 == 0);
    size.is_some_and(|size| amount.value() % size.value() == 0)
}

fn pod_resource_name(at: &At, name: &str, report: &mut Report) {
    let messages = label_key(name);
    if !messages.is_empty() {
        report.all_invalid(at, name, &messages);
    } else if !name.contains('/')
        && !IN_CONTAINERS.contains(&name)
        && !is_standard(name)
        && !name.starts_with(HUGE_PAGES)
    {
        report.invalid_text(at, name, "must be a standard resource type or fully qualified");
    } else if !["cpu", "memory"].contains(&name) && !name.starts_with(HUGE_PAGES) {
        report.unsupported_value(at, &quoted(name), &["cpu", HUGE_PAGES, "memory"]);
    }
}

/// An amount: not negative, and whole where parts make no sense.
pub fn quantity_value(at: &At, name: &str, report: &mut Report) {
    let Some(amount) = quantity(at) else { return };
    if amount.nanos() < 0 {
        report.invalid(at, "must be greater than or equal to 0");
    }
    let is_counted = STANDARD.iter().take(9).any(|counted| *counted == name) || is_extended(name);
    if is_counted && amount.milli_value() % 1_000 != 0 {
        report.invalid(at, "must be an integer");
    }
}

/// An amount, if it is one.
pub fn quantity(at: &At) -> Option<Quantity> {
    Quantity::parse(at.value.as_str()?).ok()
}

fn resource_name(at: &At, name: &str, report: &mut Report) {
    let messages = label_key(name);
    report.all_invalid(at, name, &messages);
    if name.contains('/') {
        if !name.contains("kubernetes.io/") && !is_extended(name) {
            report.invalid_text(at, name, "doesn't follow extended resource name standard");
        }
        return;
    }
    if IN_CONTAINERS.contains(&name) || name.starts_with(HUGE_PAGES) {
        return;
    }
    if messages.is_empty() && !is_standard(name) {
        report.invalid_text(at, name, "must be a standard resource type or fully qualified");
    }
    report.invalid_text(at, name, "must be a standard resource for containers");
}

fn is_standard(name: &str) -> bool {
    let part = name.strip_prefix("requests.").or_else(|| name.strip_prefix("limits.")).unwrap_or_default();
    STANDARD.contains(&name) || IN_CONTAINERS.contains(&part)
}

/// Whether more may be promised than there is.
fn may_overcommit(name: &str) -> bool {
    (!name.contains('/') || name.contains("kubernetes.io/")) && !name.starts_with(HUGE_PAGES)
}

fn is_extended(name: &str) -> bool {
    name.contains('/')
        && !name.contains("kubernetes.io/")
        && !name.starts_with("requests.")
        && label_key(&format!("requests.{name}")).is_empty()
}
