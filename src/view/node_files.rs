//! The files of a node in words: how large, where links lead, and which containers see them.

use crate::rules::host_mounts::{self, HostMounts};
use crate::rules::node_files::NodeFile;
use crate::rules::usage;
use crate::sim::World;

/// Most files that are shown.
const FILES_MAX: usize = 200;

/// Paths and what is to be said of each; a last row without path if there are more.
#[must_use]
pub fn node_files(world: &World, node: &str) -> Vec<(String, String)> {
    let views: Vec<HostMounts<'_>> = world.store().pods_on(node).flat_map(|pod| host_mounts::of_pod(pod)).collect();
    let files = world.node_files(node);
    let more = files.len().saturating_sub(FILES_MAX);
    let mut rows: Vec<(String, String)> = files
        .into_iter()
        .take(FILES_MAX)
        .map(|file| (text(&file, &views), file.path))
        .map(|(text, path)| (path, text))
        .collect();
    if more > 0 {
        rows.push((String::new(), format!("{more} more are not shown")));
    }
    rows
}

fn text(file: &NodeFile, views: &[HostMounts<'_>]) -> String {
    let mut text = match &file.target {
        Some(target) => ["→ ", target].concat(),
        None => usage::bytes(file.bytes),
    };
    for view in views {
        let Some((path, read_only)) = view.sees(&file.path) else { continue };
        let access = if read_only { " (ro)" } else { " (rw)" };
        text.push_str(&["; seen by ", view.pod, "/", view.container, access].concat());
        if path != file.path {
            text.push_str(&[" at ", &path].concat());
        }
        if file.target.as_ref().is_some_and(|target| !view.follows(target)) {
            text.push_str(", a dangling link there: its target is not mounted at that path");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::manifest::{Object, read};
    use crate::api::{Node, Volume};
    use crate::base::Time;
    use crate::sim::{Command, Knobs};

    /// The rows of node `a` after 20 s of a DaemonSet whose container mounts what is said.
    fn rows(mounts: &str) -> Vec<(String, String)> {
        let text = format!(
            "apiVersion: apps/v1\nkind: DaemonSet\nmetadata: {{name: agent}}\nspec:\n  selector: {{matchLabels: {{a: b}}}}\n  \
             template:\n    metadata: {{labels: {{a: b}}}}\n    spec:\n      volumes:\n      - name: logs\n        hostPath: \
             {{path: /var/log}}\n      containers:\n      - {{name: main, image: 'a:1', volumeMounts: [{mounts}]}}\n"
        );
        let reading = read(&text);
        let Some(Object::DaemonSet(daemon_set)) = reading.objects.into_iter().next().map(|read| read.object) else {
            panic!("{:?}", reading.problems);
        };
        let volumes: Vec<_> = daemon_set.spec.template.spec.volumes().collect();
        assert_eq!(volumes, [("logs", Volume::HostPath("/var/log"))]);
        let mut node = Node::default();
        node.metadata.name = "a".to_owned();
        let mut world = World::new(1, Knobs::default(), vec![node]);
        world.apply(&Command::ApplyDaemonSet { daemon_set }).unwrap();
        while world.next_wakeup().is_some_and(|at| at < Time(20_000)) {
            world.step();
        }
        world.advance_to(Time(20_000));
        assert_eq!(node_files(&world, "b"), []);
        node_files(&world, "a")
    }

    #[test]
    fn rows_say_who_sees_a_file_and_where() {
        let check = |mounts: &str, want: &str, want_of_link: &str| {
            let rows = rows(mounts);
            let [(link, of_link), (log, of_log)] = rows.as_slice() else { panic!("{rows:?}") };
            let pod = link.strip_prefix("/var/log/containers/").and_then(|name| name.split('_').next()).unwrap();
            let rest = |path: &str| path.strip_prefix("/var/log").unwrap().to_owned();
            let name =
                |text: &str, path: &str| text.replace("POD", pod).replace("LOG", log).replace("REST", &rest(path));
            assert_eq!(of_log.split_once("Ki").unwrap().1, name(want, log), "{mounts}");
            assert_eq!(*of_link, name(&format!("→ LOG{want_of_link}"), link), "{mounts}");
        };
        check("", "", "");
        check("{name: logs, mountPath: /var/log}", "; seen by POD/main (rw)", "; seen by POD/main (rw)");
        check(
            "{name: logs, mountPath: /host/, readOnly: true}",
            "; seen by POD/main (ro) at /hostREST",
            "; seen by POD/main (ro) at /hostREST, a dangling link there: its target is not mounted at that path",
        );
    }
}
