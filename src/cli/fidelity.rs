//! `docs/fidelity.md`: what each component models, simplifies and leaves out, put together
//! from the headers of the source files. `conformance fidelity` prints it.

use std::fmt::Write as _;

/// What the page begins with.
const INTRODUCTION: &str = "\
# Fidelity: what is simulated, and how closely

<!-- Generated from the headers of the source files. To renew it:
     cargo run --bin conformance -- fidelity > docs/fidelity.md -->

The playground shows what Kubernetes 1.37.2 does. Where it does less or does it otherwise,
this page says so, component by component. Paths are in the Kubernetes repository.
";

/// What a header may say of a component, in the page's order.
const LABELS: [&str; 4] = ["Upstream", "Models", "Simplifies", "Leaves out"];

/// A component: heading, path and text of its source file.
struct Component {
    heading: &'static str,
    path: &'static str,
    source: &'static str,
}

/// Declares a component whose file is at `src/$path`.
macro_rules! component {
    ($heading:literal, $path:literal) => {
        Component { heading: $heading, path: concat!("src/", $path), source: include_str!(concat!("../", $path)) }
    };
}

/// All components, in the order in which a DaemonSet meets them.
const COMPONENTS: [Component; 20] = [
    component!("Reading manifests", "api/manifest.rs"),
    component!("kubectl apply and diff", "api/manifest/apply.rs"),
    component!("Objects as YAML", "api/manifest/show.rs"),
    component!("Allocated resources of a node", "view/node_resources.rs"),
    component!("Patches", "api/manifest/patch.rs"),
    component!("A pasted cluster, as it is read", "api/manifest/found.rs"),
    component!("A pasted cluster, as it goes on", "sim/found.rs"),
    component!("API server", "sim/apply.rs"),
    component!("DaemonSet controller", "sim/daemon_set_controller.rs"),
    component!("Scheduler", "sim/scheduler.rs"),
    component!("Kubelet", "sim/kubelet.rs"),
    component!("Kubelet: admission", "rules/admission.rs"),
    component!("Kubelet: eviction", "sim/kubelet/eviction.rs"),
    component!("Kubelet: log files", "rules/node_files.rs"),
    component!("Node lifecycle controller", "sim/node_lifecycle.rs"),
    component!("Taint eviction", "sim/taint_eviction.rs"),
    component!("Pod garbage collector", "sim/pod_gc.rs"),
    component!("Garbage collector", "sim/garbage_collector.rs"),
    component!("Event recorders", "sim/recorder.rs"),
    component!("Faults of the API", "sim/faults.rs"),
];

/// The page.
#[must_use]
pub fn page() -> String {
    let mut page = INTRODUCTION.to_owned();
    for component in &COMPONENTS {
        let header = Header::of(component.source);
        let _ = write!(page, "\n## {}\n\n{}\n\n", component.heading, header.summary);
        for (label, text) in LABELS.iter().zip(&header.labelled).filter(|(_, text)| !text.is_empty()) {
            let _ = writeln!(page, "- **{label}:** {text}");
        }
        let _ = writeln!(page, "- **Source:** `{}`", component.path);
    }
    page
}

/// The header of a source file, its lines joined.
#[derive(Debug, Default, PartialEq)]
struct Header {
    /// First paragraph.
    summary: String,
    /// What stands behind each of the labels.
    labelled: [String; LABELS.len()],
}

/// Which part of a header a line belongs to.
enum Part {
    Summary,
    Labelled(usize),
    Other,
}

impl Header {
    fn of(source: &str) -> Header {
        let mut header = Header::default();
        let mut part = Part::Summary;
        for line in source.lines().map_while(|line| line.strip_prefix("//!")).map(str::trim) {
            let labelled = LABELS.iter().position(|label| strip_label(line, label).is_some());
            part = match labelled {
                Some(index) => Part::Labelled(index),
                None if line.is_empty() => Part::Other,
                None => part,
            };
            header.add(&part, line);
        }
        header
    }

    fn add(&mut self, part: &Part, line: &str) {
        let (text, line) = match part {
            Part::Summary => (&mut self.summary, line),
            Part::Labelled(index) => {
                let (Some(text), Some(label)) = (self.labelled.get_mut(*index), LABELS.get(*index)) else {
                    return;
                };
                (text, strip_label(line, label).unwrap_or(line))
            }
            Part::Other => return,
        };
        if !text.is_empty() && !line.is_empty() {
            text.push(' ');
        }
        text.push_str(line);
    }
}

fn strip_label<'a>(line: &'a str, label: &str) -> Option<&'a str> {
    Some(line.strip_prefix(label)?.strip_prefix(':')?.trim_start())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::path::Path;

    #[test]
    fn reads_a_header() {
        let header = Header::of(
            "//! Deletes pods\n//! of gone nodes.\n//!\n//! Why so.\n//!\n//! Upstream: `a/b.go`,\n//! `c.go`.\n\
             //! Models: this.\n//!\n//! Leaves out: that.\nuse std::fmt;\n//! Simplifies: no header any more.\n",
        );
        assert_eq!(header.summary, "Deletes pods of gone nodes.");
        assert_eq!(header.labelled, ["`a/b.go`, `c.go`.", "this.", "", "that."]);
    }

    #[test]
    fn every_component_says_what_it_models() {
        for component in &COMPONENTS {
            let header = Header::of(component.source);
            assert!(!header.summary.is_empty(), "{}", component.path);
            let [upstream, models, _, _] = &header.labelled;
            for (label, text) in [("Upstream", upstream), ("Models", models)] {
                assert!(!text.is_empty(), "{}: the header has no line `{label}:`", component.path);
            }
        }
    }

    #[test]
    fn every_component_of_the_simulation_is_on_the_page() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/sim");
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let Ok(source) = fs::read_to_string(&path) else {
                continue;
            };
            let models = !Header::of(&source).labelled[1].is_empty();
            let listed = COMPONENTS.iter().any(|component| path.ends_with(component.path.trim_start_matches("src/")));
            assert!(!models || listed, "{} has a line `Models:` and is not in COMPONENTS", path.display());
        }
    }

    #[test]
    fn the_committed_page_is_up_to_date() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/fidelity.md");
        let committed = fs::read_to_string(&path).unwrap_or_default();
        assert_eq!(committed, page(), "renew it: cargo run --bin conformance -- fidelity > docs/fidelity.md");
    }
}
