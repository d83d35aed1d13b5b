//! How long one sync of the DaemonSet controller takes: `conformance bench`, and the benches
//! natively and in wasm. The clusters are those on which upstream's own sync is timed
//! (labelled nodes of which about a tenth carry a taint; a DaemonSet with one nodeSelector
//! and `maxUnavailable: 10%`), so that the figures can stand beside each other. The clock is
//! the caller's: there is none in the engine.

mod cluster;

use crate::base::sort_by;
use crate::sim::Store;
pub use cluster::{Case, key, store, world};

/// Sizes at which a sync is timed.
pub const NODES: [usize; 3] = [1_000, 5_000, 15_000];
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
            let (median, min) = time(&store(nodes, case), clock);
            let name = case.name();
            tell(format!("{name} nodes={nodes} median_ms={median:.3} min_ms={min:.3}"))?;
        }
    }
    Ok(())
}

/// Median and least time of a sync. Each begins with a controller that knows nothing yet:
/// all there is is the store.
fn time(store: &Store, clock: &dyn Fn() -> f64) -> (f64, f64) {
    let mut times: Vec<f64> = (0..RUNS)
        .map(|_| {
            let mut world = world(store);
            let started = clock();
            world.sync_at_once(&key());
            let took = clock() - started;
            drop(world);
            took
        })
        .collect();
    sort_by(&mut times, f64::total_cmp);
    let at = |index: usize| times.get(index).copied().unwrap_or_default();
    (at(RUNS / 2), at(0))
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
    fn tells_each_case_at_each_size() {
        let (time, mut lines) = (std::cell::Cell::new(0.0), Vec::new());
        let clock = || {
            time.set(time.get() + 1.0);
            time.get()
        };
        let told = run(&[1, 2], &clock, &mut |line| {
            lines.push(line);
            Ok::<(), ()>(())
        });
        assert_eq!((told, lines.len()), (Ok(()), 6));
        assert_eq!(lines.first().map(String::as_str), Some("create nodes=1 median_ms=1.000 min_ms=1.000"));
    }
}
