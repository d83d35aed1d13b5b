//! How long one sync of the DaemonSet controller takes, one cycle of the scheduler, and a
//! whole rollout: `conformance bench`, and the benches natively and in wasm. The clusters of
//! syncs are those on which upstream's own sync is timed (labelled nodes of which about a
//! tenth carry a taint; a DaemonSet with one nodeSelector and `maxUnavailable: 10%`), so that
//! the figures can stand beside each other. The clock is the caller's: there is none in the
//! engine.

mod cluster;
mod whole;

use crate::base::sort_by;
use crate::sim::World;
pub use cluster::{Case, key, pending, store, world};
pub use whole::{first, roll_out, second};

/// Sizes at which a sync is timed.
pub const NODES: [usize; 3] = [1_000, 5_000, 15_000];
/// Sizes at which everything is measured.
pub const SIZES: [usize; 4] = [100, 1_000, 5_000, 15_000];
/// Runs of which the median and the least are told.
const RUNS: usize = 21;

/// Times one sync of each case at each size; `clock` tells milliseconds. Gives a line each
/// to `tell`.
///
/// # Errors
/// What `tell` gives.
pub fn run<E>(
    sizes: &[usize],
    clock: &dyn Fn() -> f64,
    tell: &mut dyn FnMut(String) -> Result<(), E>,
) -> Result<(), E> {
    for &nodes in sizes {
        for case in Case::ALL {
            // Each begins with a controller that knows nothing yet: all there is is the store.
            let store = store(nodes, case);
            let sync = |world: &mut World| drop(world.sync_at_once(&key()));
            tell(line(case.name(), nodes, time(RUNS, clock, &|| world(&store), &sync)))?;
        }
    }
    Ok(())
}

/// As [`run`], then one cycle of the scheduler, and the rollouts of a first and a second
/// template as a whole.
///
/// # Errors
/// What `tell` gives.
pub fn run_all<E>(
    sizes: &[usize],
    clock: &dyn Fn() -> f64,
    tell: &mut dyn FnMut(String) -> Result<(), E>,
) -> Result<(), E> {
    run(sizes, clock, tell)?;
    for &nodes in sizes {
        let (store, pod) = pending(nodes);
        let cycle = |world: &mut World| drop(world.schedule_at_once(&pod));
        tell(line("cycle", nodes, time(RUNS, clock, &|| world(&store), &cycle)))?;
        let whole = |world: &mut World| {
            roll_out(world);
        };
        tell(line("first", nodes, time(1, clock, &|| first(nodes), &whole)))?;
        tell(line("update", nodes, time(1, clock, &|| second(nodes), &whole)))?;
    }
    Ok(())
}

fn line(name: &str, nodes: usize, (median, min): (f64, f64)) -> String {
    format!("{name} nodes={nodes} median_ms={median:.3} min_ms={min:.3}")
}

/// Median and least time of several runs, each in a world of its own.
fn time(runs: usize, clock: &dyn Fn() -> f64, world: &dyn Fn() -> World, run: &dyn Fn(&mut World)) -> (f64, f64) {
    let mut times: Vec<f64> = (0..runs)
        .map(|_| {
            let mut world = world();
            let started = clock();
            run(&mut world);
            clock() - started
        })
        .collect();
    sort_by(&mut times, f64::total_cmp);
    let at = |index: usize| times.get(index).copied().unwrap_or_default();
    (at(runs / 2), at(0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::Fact;

    fn check(case: Case, created: usize, deleted: usize) {
        let events = world(&store(600, case)).sync_at_once(&key());
        let count = |wanted: fn(&Fact) -> bool| events.iter().filter(|event| wanted(&event.fact)).count();
        // The revision is created too.
        assert_eq!(count(|fact| matches!(fact, Fact::Created)), created + 1, "{case:?}");
        assert_eq!(count(|fact| matches!(fact, Fact::DeletionRequested)), deleted, "{case:?}");
    }

    #[test]
    fn each_sync_does_its_work() {
        let pods = store(600, Case::Rollout).pods.len();
        assert!((510..590).contains(&pods), "about a tenth of the nodes keep pods off: {pods}");
        check(Case::Create, 250, 0);
        check(Case::Steady, 0, 0);
        check(Case::Rollout, 0, pods.div_ceil(10));
    }

    #[test]
    fn a_cycle_binds_its_pod() {
        let (store, pod) = pending(60);
        let mut world = world(&store);
        assert_eq!(world.store().pods[&pod].node_name, None);
        world.schedule_at_once(&pod);
        assert_eq!(world.store().pods[&pod].node_name, world.store().pods[&pod].pinned_to);
    }

    #[test]
    fn a_rollout_replaces_every_pod() {
        for (mut world, image) in [(first(20), "agent:v1"), (second(20), "agent:v2")] {
            assert!(roll_out(&mut world) > 100);
            let pods = world.store().pods.values();
            assert_eq!(pods.filter(|pod| pod.is_ready() && pod.spec.containers[0].image == image).count(), 20);
        }
    }

    #[test]
    fn tells_each_case_at_each_size() {
        let (time, mut lines) = (std::cell::Cell::new(0.0), Vec::new());
        let clock = || {
            time.set(time.get() + 1.0);
            time.get()
        };
        let told = run_all(&[1, 2], &clock, &mut |line| {
            lines.push(line);
            Ok::<(), ()>(())
        });
        assert_eq!((told, lines.len()), (Ok(()), 12));
        assert_eq!(lines.first().map(String::as_str), Some("create nodes=1 median_ms=1.000 min_ms=1.000"));
    }
}
