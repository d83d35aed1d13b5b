//! The worker of a pod of a cluster as it was found.

use super::{Worker, in_order, runs_once};
use crate::sim::kubelet::run::Run;
use crate::sim::kubelet::scene::Scene;

impl Worker {
    /// A worker that is where the pod's status says that it is.
    pub fn found(scene: &mut Scene<'_, '_>, stamp: u64) -> Worker {
        let (pod, knobs) = (scene.pod, scene.context.knobs);
        let statuses = || pod.status.init_container_statuses.iter().chain(&pod.status.container_statuses);
        let run = |(index, container): (usize, _)| {
            let container: &crate::api::Container = container;
            let known = statuses().find(|known| known.name == container.name);
            known.map_or_else(Run::default, |known| Run::found(knobs, container, known, runs_once(&pod.spec, index)))
        };
        let runs = in_order(&pod.spec).enumerate().map(run).collect();
        let mut worker = Worker { sandbox: true, runs, ..Worker::new(pod) };
        worker.schedule(scene, stamp);
        worker
    }
}
