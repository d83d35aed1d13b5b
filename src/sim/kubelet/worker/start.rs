//! How one container is started: its image, its back-offs.
//!
//! Upstream: `pkg/kubelet/images/image_manager.go` (`EnsureImageExists`),
//! `pkg/kubelet/kuberuntime/kuberuntime_container.go` (`startContainer`),
//! `kuberuntime_manager.go` (`doBackOff`).

use super::{Step, Worker, in_order, nth, runs_once};
use crate::api::{Container, Pod};
use crate::base::{Millis, Time, go_duration};
use crate::rules::backoff::Delay;
use crate::sim::knobs::{ImageFault, Knobs};
use crate::sim::kubelet::image::{self, Images};
use crate::sim::kubelet::run::{Hold, Run, Why, full_name, put_off};
use crate::sim::kubelet::scene::Scene;

/// How long ErrImagePull shows before ImagePullBackOff.
const ERROR_SHOWN_MS: Millis = 2_500;

impl Worker {
    /// Begins to start a container: pulls its image if need be.
    pub(super) fn begin_container(&mut self, scene: &mut Scene<'_, '_>, index: usize, images: &mut Images) {
        let (pod, knobs, now) = (scene.pod, scene.context.knobs, scene.context.now);
        let (Some(container), Some(run)) = (nth(&pod.spec, index), self.runs.get_mut(index)) else {
            return;
        };
        run.count_restart(knobs, now);
        let (name, is_there) = (&container.image, images.present.contains(&container.image));
        if !is_there && container.image_pull_policy == "Never" {
            let why = Why::ErrImageNeverPull;
            scene.warning(why.name(), run.message(why, pod, container));
            scene.warning("Failed", ["Error: ", why.name()].concat());
            run.why = Some(why);
            run.hold = Some(Hold { since: now, announce_at: None, until: now + knobs.kubelet_backoff_ms });
        } else if !image::must_pull(container, is_there) {
            let text = format!("Container image {name:?} already present on machine and can be accessed by the pod");
            scene.normal("Pulled", text);
            self.enter_starting(scene, index);
        } else if let Some(until) = self.pull_back_off(pod, container).filter(|until| *until > now) {
            if let Some(run) = self.runs.get_mut(index) {
                run.why = Some(Why::ErrImagePull);
                run.hold = Some(Hold { since: now, announce_at: None, until });
            }
            self.announce_back_off(scene, index);
        } else {
            scene.normal("Pulling", format!("Pulling image {name:?}"));
            // Upstream's kubelet pulls one image at a time.
            let ends_at = images.pulling_until.max(now) + image::pull_ms(knobs, scene.node, name);
            images.pulling_until = ends_at;
            self.enter(scene, Step::Pulling(index), ends_at.since(now));
        }
    }

    fn enter_starting(&mut self, scene: &Scene<'_, '_>, index: usize) {
        let knobs = scene.context.knobs;
        self.enter(scene, Step::Starting(index), knobs.container_start_ms * image::slowness(knobs, scene.node));
    }

    /// The first of the pod's containers with the same image keeps the back-off of its pulls.
    fn pull_keeper(pod: &Pod, container: &Container) -> usize {
        in_order(&pod.spec).position(|other| other.image == container.image).unwrap_or_default()
    }

    fn pull_back_off(&self, pod: &Pod, container: &Container) -> Option<Time> {
        Some(self.runs.get(Worker::pull_keeper(pod, container))?.pull?.ends_after_update())
    }

    /// An image has been pulled, or could not be.
    pub(super) fn end_pull(&mut self, scene: &mut Scene<'_, '_>, index: usize, images: &mut Images, began: Time) {
        let (pod, knobs, now) = (scene.pod, scene.context.knobs, scene.context.now);
        let Some(container) = nth(&pod.spec, index) else { return };
        let name = &container.image;
        if image::has(knobs, name, ImageFault::NotFound) {
            let why = Why::ErrImagePull;
            let error = Run::default().message(why, pod, container);
            scene.warning("Failed", format!("Failed to pull image {name:?}: {error}"));
            scene.warning("Failed", ["Error: ", why.name()].concat());
            let limits = (knobs.kubelet_backoff_ms, Knobs::KUBELET_BACKOFF_MAX_MS);
            let mut until = now;
            if let Some(keeper) = self.runs.get_mut(Worker::pull_keeper(pod, container)) {
                let delay = Delay::next(keeper.pull, now, now, limits);
                (keeper.pull, until) = (Some(delay), delay.ends_after_update());
            }
            if let Some(run) = self.runs.get_mut(index) {
                run.why = Some(why);
                run.hold = Some(Hold { since: now, announce_at: Some(until.min(now + ERROR_SHOWN_MS)), until });
            }
            return;
        }
        images.present.insert(name.clone());
        let pulled = go_duration(image::pull_ms(knobs, scene.node, name));
        let waited = go_duration(now.since(began));
        let text = format!(
            "Successfully pulled image {name:?} in {pulled} ({waited} including waiting). Image size: 72319283 bytes."
        );
        scene.normal("Pulled", text);
        self.enter_starting(scene, index);
    }

    /// A container runs.
    pub(super) fn container_started(&mut self, scene: &mut Scene<'_, '_>, index: usize) {
        scene.normal("Created", "Container created".to_owned());
        scene.normal("Started", "Container started".to_owned());
        let pod = scene.pod;
        if let (Some(run), Some(container)) = (self.runs.get_mut(index), nth(&pod.spec, index)) {
            run.start(scene, container, runs_once(&pod.spec, index));
            run.probe(scene, container);
        }
    }

    /// Tells that the next try is put off.
    pub(super) fn announce_back_off(&mut self, scene: &mut Scene<'_, '_>, index: usize) {
        let pod = scene.pod;
        let (Some(run), Some(container)) = (self.runs.get_mut(index), nth(&pod.spec, index)) else { return };
        run.hold = run.hold.map(|hold| Hold { announce_at: None, ..hold });
        if run.why == Some(Why::ErrImagePull) {
            run.why = Some(Why::ImagePullBackOff);
            scene.normal("BackOff", put_off(&container.image));
            scene.warning("Failed", ["Error: ", Why::ImagePullBackOff.name()].concat());
            return;
        }
        run.why = Some(Why::CrashLoopBackOff);
        let (name, pod) = (&container.name, full_name(pod));
        scene.warning("BackOff", ["Back-off restarting failed container ", name, " in pod ", &pod].concat());
    }
}
