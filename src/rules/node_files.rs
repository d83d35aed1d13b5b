//! The logs of a pod's containers as files of their node.
//!
//! Upstream: `pkg/kubelet/kuberuntime/kuberuntime_container.go` (`startContainer`,
//! `removeContainerLog`), `helpers.go` (`BuildPodLogsDirectory`), `legacy.go`
//! (`legacyLogSymlink`), `kuberuntime_gc.go`, `pkg/kubelet/pod_container_deletor.go`,
//! `pkg/kubelet/logs/container_log_manager.go`.
//! Models: a log for each run of a container, under `/var/log/pods`, and a link to it in
//! `/var/log/containers`; rotation at 10Mi with five files, of which three are compressed; of the
//! runs that ended only the last keeps its files; those of a pod stay until the kubelet's garbage
//! collection, once a minute, finds the pod gone; who sees which of them by volumes of type
//! hostPath, and whether links lead anywhere there.
//! Simplifies: a container writes as much every second, by the knob `logBytesPerSecond`; what a
//! pod left goes by the clock of its machine, whatever is wrong with that.
//! Leaves out: files that containers write themselves, logs of the node's own services, who may
//! read a file, `subPathExpr`, mount propagation.

use super::log_files;
use crate::api::{ContainerState, ContainerStatus, Pod, Termination};
use crate::base::{Rng, Time, digest_of};

/// What a file's name can have on most file systems, without `.log`.
const NAME_BYTES_MAX: usize = 251;

/// A file of a node, or a link to one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NodeFile {
    /// Path.
    pub path: String,
    /// Size; of a link 0.
    pub bytes: i64,
    /// Where it leads, if it is a link.
    pub target: Option<String>,
}

/// The files of a pod's containers at `now`, of each run the link and then the log, the newest
/// first.
#[must_use]
pub fn of_pod(pod: &Pod, now: Time, log_bytes_per_second: i64) -> Vec<NodeFile> {
    let metadata = &pod.metadata;
    let pod_path = ["/var/log/pods/", &metadata.namespace, "_", &metadata.name, "_", &metadata.uid, "/"].concat();
    let mut files = Vec::new();
    for status in pod.status.init_container_statuses.iter().chain(&pod.status.container_statuses) {
        for (number, started_at, until) in runs(status, now).into_iter().flatten() {
            let path = format!("{pod_path}{}/{number}.log", status.name);
            let mut name = [&metadata.name, "_", &metadata.namespace, "_", &status.name, "-"].concat();
            name.push_str(&container_id(&path));
            while name.len() > NAME_BYTES_MAX {
                name.pop();
            }
            let link = ["/var/log/containers/", &name, ".log"].concat();
            files.push(NodeFile { path: link, bytes: 0, target: Some(path.clone()) });
            for file in log_files::of(until.since(started_at), log_bytes_per_second) {
                let mut path = path.clone();
                if let Some(after) = file.rotated_after {
                    path.push('.');
                    path.extend((started_at + after).to_rfc3339().chars().filter_map(in_suffix));
                }
                if file.compressed {
                    path.push_str(".gz");
                }
                files.push(NodeFile { path, bytes: file.bytes, target: None });
            }
        }
    }
    files
}

/// The runs of a container that have files: which one it is, since when and until when. When one
/// ends, the files of the one before it are removed.
fn runs(status: &ContainerStatus, now: Time) -> [Option<(i32, Time, Time)>; 2] {
    let ended = |run: Termination, number: i32| {
        let known = run.reason != "ContainerStatusUnknown";
        known.then_some((number, run.started_at, run.finished_at))
    };
    let (number, last) = (status.restart_count, status.last_state);
    match status.state {
        ContainerState::Running { started_at } => {
            [Some((number, started_at, now)), last.and_then(|run| ended(run, number - 1))]
        }
        ContainerState::Terminated(run) => [ended(run, number), None],
        ContainerState::Waiting { .. } => [last.and_then(|run| ended(run, number)), None],
    }
}

/// The ID that a container runtime would have made up, for the run with this log.
fn container_id(path: &str) -> String {
    let mut rng = Rng::new(digest_of(path));
    let mut next = || rng.next_u64();
    format!("{:016x}{:016x}{:016x}{:016x}", next(), next(), next(), next())
}

/// The time in the name of a rotated file: `20260101-000520`.
fn in_suffix(c: char) -> Option<char> {
    match c {
        'T' => Some('-'),
        '0'..='9' => Some(c),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: i64 = 32 << 10;

    fn ended(from_s: i64, to_s: i64, reason: &'static str) -> Termination {
        let (started_at, finished_at) = (Time(from_s * 1_000), Time(to_s * 1_000));
        Termination { exit_code: 1, reason, message: "", started_at, finished_at }
    }

    /// Paths below the pod's or the links' directory, and sizes in Ki.
    #[track_caller]
    fn check(state: ContainerState, last_state: Option<Termination>, restart_count: i32, want: &[(&str, i64)]) {
        let mut pod = Pod::default();
        (pod.metadata.name, pod.metadata.namespace, pod.metadata.uid) = ("web".into(), "shop".into(), "u-1".into());
        let name = "main".to_owned();
        pod.status.container_statuses =
            vec![ContainerStatus { name, state, last_state, restart_count, ..ContainerStatus::default() }];
        let files = of_pod(&pod, Time(1_000_000), RATE);
        let (links, logs): (Vec<_>, Vec<_>) = files.iter().partition(|file| file.target.is_some());
        let got: Vec<_> = logs
            .iter()
            .map(|file| (file.path.strip_prefix("/var/log/pods/shop_web_u-1/main/").unwrap(), file.bytes >> 10))
            .collect();
        assert_eq!(got, want);
        for link in links {
            assert!(files.iter().any(|file| Some(&file.path) == link.target.as_ref()), "{}", link.path);
            let id = link.path.strip_prefix("/var/log/containers/web_shop_main-").unwrap();
            assert_eq!(id.len(), 64 + ".log".len(), "{id}");
        }
    }

    #[test]
    fn the_present_run_and_the_last_have_files() {
        let running = |since_s: i64| ContainerState::Running { started_at: Time(since_s * 1_000) };
        let waiting = ContainerState::default;
        let crashed = ended(980, 983, "Error");
        check(waiting(), None, 0, &[]);
        check(running(990), None, 0, &[("0.log", 320)]);
        check(running(990), Some(crashed), 3, &[("3.log", 320), ("2.log", 96)]);
        check(waiting(), Some(crashed), 3, &[("3.log", 96)]);
        check(ContainerState::Terminated(crashed), Some(ended(900, 901, "Error")), 1, &[("1.log", 96)]);
        check(ContainerState::Terminated(ended(0, 0, "ContainerStatusUnknown")), None, 0, &[]);
        check(
            running(30),
            None,
            0,
            &[
                ("0.log", 320),
                ("0.log.20260101-001630", 10_240),
                ("0.log.20260101-001110.gz", 1_024),
                ("0.log.20260101-000550.gz", 1_024),
            ],
        );
    }

    #[test]
    fn a_links_name_is_cut_where_file_systems_cut_it() {
        let mut pod = Pod::default();
        pod.metadata.name = "n".repeat(240);
        let state = ContainerState::Running { started_at: Time::ZERO };
        pod.status.container_statuses =
            vec![ContainerStatus { name: "main".into(), state, ..ContainerStatus::default() }];
        let link = of_pod(&pod, Time::ZERO, RATE).remove(0);
        assert_eq!(link.path.strip_prefix("/var/log/containers/").unwrap().len(), 255);
    }
}
