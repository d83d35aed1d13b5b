//! The worker of a pod of a cluster as it was found.

use super::{Worker, in_order, runs_once};
use crate::api::Pod;
use crate::sim::kubelet::run::Run;
use crate::sim::kubelet::scene::Scene;
use crate::sim::notice::{Context, Out};

impl Worker {
    /// A worker that is where the pod's status says that it is.
    pub fn found(context: &Context<'_>, node: &str, pod: &Pod, stamp: u64, out: &mut Out) -> Worker {
        let statuses = || pod.status.init_container_statuses.iter().chain(&pod.status.container_statuses);
        let run = |(index, container): (usize, _)| {
            let container: &crate::api::Container = container;
            let known = statuses().find(|known| known.name == container.name);
            known.map_or_else(Run::default, |known| {
                Run::found(context.knobs, container, known, runs_once(&pod.spec, index))
            })
        };
        let runs = in_order(&pod.spec).enumerate().map(run).collect();
        let mut worker = Worker { sandbox: true, runs, ..Worker::new(pod) };
        worker.schedule(&mut Scene { context, node, pod, out }, stamp);
        worker
    }
}
