//! Volumes of a pod, and where its containers see them. Nothing that runs all the time asks for
//! them: they are looked up in what is kept of the manifest as text (`other`). Texts with
//! characters that JSON escapes stay as JSON writes them.
//!
//! Upstream: `k8s.io/api/core/v1/types.go` (`Volume`, `VolumeMount`),
//! `pkg/apis/core/v1/defaults.go` (`SetDefaults_Volume`).

use super::other::{field, text, values};
use super::pod::{Container, PodSpec};

/// Most volumes of a pod, and mounts of a container, that are looked at.
const VOLUMES_MAX: usize = 100;

/// What a volume is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Volume<'a> {
    /// This path of the node.
    HostPath(&'a str),
    /// A directory that comes and goes with the pod; also where nothing is said.
    EmptyDir,
    /// Something else, by the name of its field.
    Other(&'a str),
}

/// Where a container sees a volume.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VolumeMount<'a> {
    /// The volume's name.
    pub name: &'a str,
    /// Path in the container.
    pub mount_path: &'a str,
    /// Path within the volume; empty for all of it.
    pub sub_path: &'a str,
    /// Path within the volume that names variables; empty if there is none.
    pub sub_path_expr: &'a str,
    /// Whether it cannot be written to.
    pub read_only: bool,
}

impl PodSpec {
    /// Its volumes by name, in their order.
    pub fn volumes(&self) -> impl Iterator<Item = (&str, Volume<'_>)> {
        let list = self.other.field("volumes").unwrap_or_default();
        values(list).take(VOLUMES_MAX).map(|(_, volume)| {
            let source = values(volume).find(|(key, value)| *key != "name" && *value != "null");
            let source = match source {
                None | Some(("emptyDir", _)) => Volume::EmptyDir,
                Some(("hostPath", source)) => Volume::HostPath(text(source, "path")),
                Some((kind, _)) => Volume::Other(kind),
            };
            (text(volume, "name"), source)
        })
    }
}

impl Container {
    /// Where it sees volumes, in its order.
    pub fn volume_mounts(&self) -> impl Iterator<Item = VolumeMount<'_>> {
        let list = self.other.field("volumeMounts").unwrap_or_default();
        values(list).take(VOLUMES_MAX).map(|(_, mount)| VolumeMount {
            name: text(mount, "name"),
            mount_path: text(mount, "mountPath"),
            sub_path: text(mount, "subPath"),
            sub_path_expr: text(mount, "subPathExpr"),
            read_only: field(mount, "readOnly") == Some("true"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_volume_is_what_its_field_says() {
        let check = |volume: &str, want: (&str, Volume<'_>)| {
            let spec: PodSpec = serde_json::from_str(&format!(r#"{{"volumes":[{volume},{{"name":"z"}}]}}"#)).unwrap();
            let volumes: Vec<_> = spec.volumes().collect();
            assert_eq!(volumes, [want, ("z", Volume::EmptyDir)], "{volume}");
        };
        check(r#"{"name":"a","hostPath":{"path":"/var/log","type":""}}"#, ("a", Volume::HostPath("/var/log")));
        check(r#"{"name":"a","hostPath":{"path":"/x\"],[}"}}"#, ("a", Volume::HostPath(r#"/x\"],[}"#)));
        check(r#"{"name":"a","emptyDir":{"medium":"Memory"}}"#, ("a", Volume::EmptyDir));
        check(r#"{"name":"a","emptyDir":null,"hostPath":null}"#, ("a", Volume::EmptyDir));
        check(r#"{"name":"a","configMap":{"name":"b"}}"#, ("a", Volume::Other("configMap")));
        assert_eq!(PodSpec::default().volumes().count(), 0);
    }

    #[test]
    fn mounts_are_read_and_others_are_as_many_as_may_be() {
        let text = r#"{"volumeMounts":[{"name":"a","mountPath":"/b","subPath":"c/d","readOnly":true},
            {"name":"e","mountPath":"/f","subPathExpr":"$(POD)"}]}"#;
        let container: Container = serde_json::from_str(text).unwrap();
        let mounts: Vec<_> = container.volume_mounts().collect();
        let of = |name, mount_path, sub_path, sub_path_expr, read_only| VolumeMount {
            name,
            mount_path,
            sub_path,
            sub_path_expr,
            read_only,
        };
        assert_eq!(mounts, [of("a", "/b", "c/d", "", true), of("e", "/f", "", "$(POD)", false)]);
        let many = vec![r#"{"name":"a"}"#; VOLUMES_MAX + 1].join(",");
        let spec: PodSpec = serde_json::from_str(&format!(r#"{{"volumes":[{many}]}}"#)).unwrap();
        assert_eq!(spec.volumes().count(), VOLUMES_MAX);
    }
}
