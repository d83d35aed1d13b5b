//! Which of their node's files the containers of a pod see, by volumes of type hostPath.
//!
//! Upstream: `pkg/kubelet/kubelet_pods.go` (`makeMounts`).
//! Leaves out: `subPathExpr` (such a mount shows nothing), mount propagation.

use crate::api::{Container, ContainerState, Pod, Volume};

/// What a container that runs has of its node's files.
#[derive(Debug)]
pub struct HostMounts<'a> {
    /// The pod's name.
    pub pod: &'a str,
    /// The container's name.
    pub container: &'a str,
    mounts: Vec<Mount>,
}

/// A mount in a container. Paths are without slash at the end, so that the root is empty.
#[derive(Debug)]
struct Mount {
    path: String,
    /// The node's directory or file, if that is what is mounted.
    host: Option<String>,
    read_only: bool,
}

/// The containers of a pod that run and see anything of their node.
pub fn of_pod(pod: &Pod) -> impl Iterator<Item = HostMounts<'_>> {
    let runs = move |container: &&Container| {
        let mut known = pod.status.init_container_statuses.iter().chain(&pod.status.container_statuses);
        known.any(|known| known.name == container.name && matches!(known.state, ContainerState::Running { .. }))
    };
    let containers = pod.spec.init_containers.iter().chain(&pod.spec.containers);
    containers.filter(runs).map(move |container| HostMounts::of(pod, container)).filter(HostMounts::is_any)
}

impl<'a> HostMounts<'a> {
    fn of(pod: &'a Pod, container: &'a Container) -> HostMounts<'a> {
        let volumes: Vec<_> = pod.spec.volumes().collect();
        let mounts = container.volume_mounts().map(|mount| {
            let volume = volumes.iter().find(|(name, _)| *name == mount.name).map(|(_, volume)| *volume);
            let host = match volume {
                Some(Volume::HostPath(path)) if mount.sub_path_expr.is_empty() => {
                    Some(clean(&[path, "/", mount.sub_path].concat()))
                }
                _ => None,
            };
            Mount { path: clean(mount.mount_path), host, read_only: mount.read_only }
        });
        HostMounts { pod: &pod.metadata.name, container: &container.name, mounts: mounts.collect() }
    }

    fn is_any(&self) -> bool {
        self.mounts.iter().any(|mount| mount.host.is_some())
    }

    /// The mount that a path of the container leads into: where several do, the innermost.
    fn innermost(&self, path: &str) -> Option<&Mount> {
        let into = self.mounts.iter().filter(|mount| below(path, &mount.path).is_some());
        into.max_by_key(|mount| mount.path.len())
    }

    /// Where the container sees a file of the node, if it does, and whether only to read it.
    #[must_use]
    pub fn sees(&self, file: &str) -> Option<(String, bool)> {
        self.mounts.iter().find_map(|mount| {
            let path = [mount.path.as_str(), below(file, mount.host.as_ref()?)?].concat();
            // Another mount may lie over it.
            let shows = self.innermost(&path).is_some_and(|innermost| std::ptr::eq(innermost, mount));
            shows.then_some((path, mount.read_only))
        })
    }

    /// Whether a link that leads to a file of the node leads to it in the container too: links
    /// are followed where they are read, so it must be mounted at its own path.
    #[must_use]
    pub fn follows(&self, target: &str) -> bool {
        self.innermost(target).is_some_and(|mount| mount.host.as_ref() == Some(&mount.path))
    }
}

/// What is left of a path below a directory, or of the very path: nothing, or from a slash on.
fn below<'p>(path: &'p str, directory: &str) -> Option<&'p str> {
    path.strip_prefix(directory).filter(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// A path from the root, with one slash before each of its parts. Upstream: `filepath.Clean`.
fn clean(path: &str) -> String {
    path.split('/').filter(|part| !matches!(*part, "" | ".")).flat_map(|part| ["/", part]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::ContainerStatus;
    use crate::base::Time;
    use std::rc::Rc;

    const LINK: &str = "/var/log/containers/a.log";
    const LOG: &str = "/var/log/pods/a/0.log";

    /// A pod whose volumes are hostPaths called by their paths, and `cache`, an emptyDir.
    fn pod(mounts: &str) -> Pod {
        let paths = ["/", "/var/log", "/var/log/", "/var/log/containers", "/var/log/pods", "/var/log/po"];
        let volumes = paths.map(|path| format!(r#"{{"name":"{path}","hostPath":{{"path":"{path}"}}}}"#)).join(",");
        let text = format!(
            r#"{{"volumes":[{volumes},{{"name":"cache","emptyDir":{{}}}}],"containers":[{{"name":"agent","volumeMounts":[{mounts}]}}]}}"#
        );
        let mut pod = Pod { spec: Rc::new(serde_json::from_str(&text).unwrap()), ..Pod::default() };
        let state = ContainerState::Running { started_at: Time::ZERO };
        pod.status.container_statuses =
            vec![ContainerStatus { name: "agent".into(), state, ..ContainerStatus::default() }];
        pod
    }

    /// Volume, path in the container and what else.
    fn mount((volume, path, more): &(&str, &str, &str)) -> String {
        format!(r#"{{"name":"{volume}","mountPath":"{path}"{more}}}"#)
    }

    #[track_caller]
    fn check(mounts: &[(&str, &str, &str)], link: Option<&str>, log: Option<&str>, follows: bool) {
        let pod = pod(&mounts.iter().map(mount).collect::<Vec<_>>().join(","));
        let view = of_pod(&pod).next();
        let sees = |file: &str| view.as_ref().and_then(|view| view.sees(file)).map(|(path, _)| path);
        assert_eq!((sees(LINK).as_deref(), sees(LOG).as_deref()), (link, log), "{mounts:?}");
        assert_eq!(view.is_some_and(|view| view.follows(LOG)), follows, "{mounts:?}");
    }

    #[test]
    fn paths_are_those_of_the_mount() {
        check(&[], None, None, false);
        check(&[("cache", "/var/log", "")], None, None, false);
        check(&[("/var/log", "/var/log", "")], Some(LINK), Some(LOG), true);
        check(&[("/var/log/", "/var/log/./", "")], Some(LINK), Some(LOG), true);
        check(&[("/var/log/po", "/var/log", "")], None, None, false);
        check(&[("/var/log", "/var/log", r#","subPath":"pods""#)], None, Some("/var/log/a/0.log"), false);
        check(&[("/var/log", "/x", r#","subPathExpr":"$(POD)""#)], None, None, false);
        check(&[("/var/log", "/logs", r#","subPath":"containers/a.log""#)], Some("/logs"), None, false);
    }

    #[test]
    fn links_are_followed_only_where_their_target_is_mounted_at_its_own_path() {
        let containers = ("/var/log/containers", "/var/log/containers", "");
        check(&[containers], Some(LINK), None, false);
        check(&[containers, ("/var/log/pods", "/var/log/pods", "")], Some(LINK), Some(LOG), true);
        check(&[("/", "/host", "")], Some("/host/var/log/containers/a.log"), Some("/host/var/log/pods/a/0.log"), false);
        check(&[("/", "/", "")], Some(LINK), Some(LOG), true);
    }

    #[test]
    fn a_mount_lies_over_what_is_mounted_further_out() {
        check(&[("cache", "/var/log/pods", ""), ("/var/log", "/var/log", "")], Some(LINK), None, false);
        check(&[("/var/log", "/var/log", ""), ("/", "/", "")], Some(LINK), Some(LOG), true);
    }

    #[test]
    fn a_container_that_does_not_run_sees_nothing() {
        let mut pod = pod(&mount(&("/var/log", "/var/log", r#","readOnly":true"#)));
        assert_eq!(of_pod(&pod).next().unwrap().sees(LOG), Some((LOG.to_owned(), true)));
        pod.status.container_statuses[0].state = ContainerState::default();
        assert_eq!(of_pod(&pod).count(), 0);
    }
}
