//! How much of a node its pods ask for: what the scheduler counts, not what they use.

use crate::api::{Node, Pod, PodSpec, Quantity};
use crate::base::Map;
use crate::rules::resources::pod_requests;
use crate::view::frame::Meter;
use std::rc::Rc;

/// Cpu in thousandths and memory in bytes that a pod asks for.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Request {
    milli_cpu: i64,
    memory_bytes: i64,
}

/// Requests by spec. Pods of one template share their spec, so each is worked out once; the
/// address serves only to find it again.
#[derive(Default)]
pub struct Used(Map<*const PodSpec, Request>);

impl Used {
    fn request(&mut self, spec: &Rc<PodSpec>) -> Request {
        *self.0.entry(Rc::as_ptr(spec)).or_insert_with(|| {
            let requests = pod_requests(spec);
            Request { milli_cpu: requests.get("cpu"), memory_bytes: requests.get("memory") }
        })
    }
}

/// The meters of a node: cpu, memory and pods. Pods that have ended take nothing.
pub fn meters(node: &Node, pods: &[&Rc<Pod>], used: &mut Used) -> Vec<Meter> {
    let (mut total, mut count) = (Request::default(), 0_i64);
    for pod in pods.iter().filter(|pod| !pod.status.phase.is_terminal()) {
        let request = used.request(&pod.spec);
        total.milli_cpu = total.milli_cpu.saturating_add(request.milli_cpu);
        total.memory_bytes = total.memory_bytes.saturating_add(request.memory_bytes);
        count += 1;
    }
    let has = |name: &str, amount: fn(&Quantity) -> i64| node.status.allocatable.get(name).map_or(0, amount);
    vec![
        meter("cpu", total.milli_cpu, has("cpu", Quantity::milli_value), cores),
        meter("memory", total.memory_bytes, has("memory", Quantity::value), bytes),
        meter("pods", count, has("pods", Quantity::value), |n| n.to_string()),
    ]
}

fn meter(resource: &str, used: i64, of: i64, text: fn(i64) -> String) -> Meter {
    Meter {
        resource: resource.to_owned(),
        used_permille: permille(used, of),
        text: format!("{} / {}", text(used), text(of)),
    }
}

/// `used` of `of` in thousandths, at most 1000; all of nothing is full.
fn permille(used: i64, of: i64) -> u16 {
    let (used, of) = (i128::from(used.max(0)), i128::from(of.max(0)));
    let share = (used * 1_000).checked_div(of).unwrap_or(if used > 0 { 1_000 } else { 0 });
    u16::try_from(share.min(1_000)).unwrap_or(1_000)
}

/// `250m` below a core, else cores with up to two decimals.
fn cores(milli: i64) -> String {
    if milli == 0 || milli.unsigned_abs() >= 1_000 { decimal(milli, 1_000, "") } else { format!("{milli}m") }
}

/// The largest binary unit of which there is at least one.
fn bytes(bytes: i64) -> String {
    const UNITS: [(i64, &str); 4] = [(1 << 40, "Ti"), (1 << 30, "Gi"), (1 << 20, "Mi"), (1 << 10, "Ki")];
    let unit = UNITS.iter().find(|(unit, _)| bytes.unsigned_abs() >= unit.unsigned_abs());
    unit.map_or_else(|| bytes.to_string(), |(unit, suffix)| decimal(bytes, *unit, suffix))
}

/// `amount` in units of `unit` with up to two decimals, cut, without trailing zeros.
fn decimal(amount: i64, unit: i64, suffix: &str) -> String {
    let hundredths = i128::from(amount) * 100 / i128::from(unit);
    let (whole, rest) = (hundredths / 100, (hundredths % 100).unsigned_abs());
    match rest {
        0 => format!("{whole}{suffix}"),
        rest if rest % 10 == 0 => format!("{whole}.{}{suffix}", rest / 10),
        rest => format!("{whole}.{rest:02}{suffix}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::{Container, Phase, ResourceList};

    #[test]
    fn amounts_for_people() {
        assert_eq!([0, 250, 1_000, 1_500, 4_000, 12_340].map(cores), ["0", "250m", "1", "1.5", "4", "12.34"]);
        assert_eq!(bytes(0), "0");
        assert_eq!(bytes(1_023), "1023");
        assert_eq!(bytes(200 << 20), "200Mi");
        assert_eq!(bytes(8_145_912 << 10), "7.76Gi");
        assert_eq!(bytes(1_015_884 << 10), "992.07Mi");
    }

    #[test]
    fn shares_stay_in_bounds() {
        let check = |used, of, want| assert_eq!(permille(used, of), want, "{used} of {of}");
        check(1, 4, 250);
        check(5, 4, 1_000);
        check(0, 0, 0);
        check(1, 0, 1_000);
        check(-1, 4, 0);
        check(i64::MAX, i64::MAX, 1_000);
    }

    #[test]
    fn sums_what_pods_ask_for() {
        let amounts = |of: &[(&str, &str)]| -> ResourceList {
            of.iter().map(|(name, text)| ((*name).to_owned(), Quantity::parse(text).unwrap())).collect()
        };
        let mut node = Node::default();
        node.status.allocatable = amounts(&[("cpu", "4"), ("memory", "1Gi"), ("pods", "110")]);
        let mut container = Container::default();
        container.resources.requests = amounts(&[("cpu", "500m"), ("memory", "128Mi")]);
        let spec = Rc::new(PodSpec { containers: vec![container], ..PodSpec::default() });
        let pod = |phase| {
            let mut pod = Pod { spec: Rc::clone(&spec), ..Pod::default() };
            pod.status.phase = phase;
            Rc::new(pod)
        };
        let (a, b, ended) = (pod(Phase::Running), pod(Phase::Pending), pod(Phase::Succeeded));
        let meters = meters(&node, &[&a, &b, &ended], &mut Used::default());
        let shown: Vec<(&str, u16)> = meters.iter().map(|meter| (meter.text.as_str(), meter.used_permille)).collect();
        assert_eq!(shown, [("1 / 4", 250), ("256Mi / 1Gi", 250), ("2 / 110", 18)]);
    }
}
