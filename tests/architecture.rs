//! The rules of ARCHITECTURE.md that a program can check, checked on the sources.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice)]
#![cfg(not(target_arch = "wasm32"))]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Layers in their order: each may use those before it.
const ORDER: [&str; 8] = ["base", "api", "rules", "sim", "timeline", "view", "kubectl", "app"];
/// Layers behind all those, none of which may use another.
const LEAVES: [&str; 3] = ["ui", "embed", "cli"];
/// The most lines of a file.
const MAX_LINES: usize = 400;
/// Names that may not stand outside comments, and why.
const FORBIDDEN: [(&str, &str); 5] = [
    ("HashMap", "its order differs from run to run: use base::Map"),
    ("HashSet", "its order differs from run to run: use base::Set"),
    ("Instant", "the simulation has its own clock"),
    ("SystemTime", "the simulation has its own clock"),
    ("from_html_unchecked", "what users typed would run"),
];
/// The one place that may have the machine's clock, which is what it measures by.
const CLOCK: (&str, &str) = ("bin/conformance.rs", "Instant");
/// Std's instances that fill the wasm, and where one is wanted all the same: the queue of
/// wake-ups takes from its front; the sort of all sorts; tests and native commands.
const LARGE: [&str; 6] = ["BTreeMap", "BTreeSet", "sort_by", "sort_by_key", "sort_unstable", "sort_unstable_by"];
const LARGE_PLACES: [&str; 2] = ["sim/world.rs", "base/sort.rs"];
/// Crates of the browser and of drawing, and the only places that may name them.
const BROWSER: [&str; 6] = ["js_sys", "serde_wasm_bindgen", "wasm_bindgen", "wasm_bindgen_futures", "web_sys", "yew"];
const BROWSER_LAYERS: [Option<&str>; 3] = [Some("ui"), Some("embed"), None];

/// A source file: path below `src` with `/`, and text.
struct Source {
    path: String,
    text: String,
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path: PathBuf = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let below = path.strip_prefix(&root).unwrap().to_string_lossy().replace('\\', "/");
                files.push(Source { path: below, text: fs::read_to_string(&path).unwrap() });
            }
        }
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    assert!(files.len() > 20, "found only {} sources below {}", files.len(), root.display());
    files
}

/// Fails with all findings of a rule over all sources.
fn hold(rule: impl Fn(&Source) -> Vec<String>) {
    let findings: Vec<String> = sources().iter().flat_map(rule).collect();
    assert!(findings.is_empty(), "{} findings:\n{}", findings.len(), findings.join("\n"));
}

/// The layer of a file: the first part of its path. The roots of the package have none.
fn layer(path: &str) -> Option<&str> {
    let first = path.split('/').next().unwrap();
    let name = first.strip_suffix(".rs").unwrap_or(first);
    (!matches!(name, "lib" | "bin")).then_some(name)
}

fn may_use(from: &str, to: &str) -> bool {
    let place = |name| ORDER.iter().position(|layer| *layer == name);
    match (place(from), place(to)) {
        _ if from == to => true,
        (Some(from), Some(to)) => to < from,
        (None, Some(_)) => LEAVES.contains(&from),
        (_, None) => false,
    }
}

/// The code of a line: what stands before `//`. Texts may hold `//` too (links); what
/// follows it there is no code either.
fn code(line: &str) -> &str {
    line.split("//").next().unwrap()
}

/// The names in the code of a line.
fn names(line: &str) -> impl Iterator<Item = &str> {
    code(line).split(|c: char| !c.is_alphanumeric() && c != '_').filter(|name| !name.is_empty())
}

/// Everything named right behind `crate::`, also in a group of braces.
fn used_layers(text: &str) -> BTreeSet<String> {
    let code: String = text.lines().map(code).collect::<Vec<_>>().join("\n");
    let mut used = BTreeSet::new();
    for (at, found) in code.match_indices("crate::") {
        let rest = &code[at + found.len()..];
        match rest.strip_prefix('{') {
            Some(group) => used.extend(heads_of_group(group)),
            None => used.extend(identifier(rest)),
        }
    }
    used
}

fn identifier(text: &str) -> Option<String> {
    let name: String = text.trim_start().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
    (!name.is_empty()).then_some(name)
}

/// The first names of the members of a group whose opening brace has been read.
fn heads_of_group(group: &str) -> Vec<String> {
    let mut depth = 0;
    let mut member = String::new();
    let mut heads = Vec::new();
    for c in group.chars() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => heads.extend(identifier(&std::mem::take(&mut member))),
            _ if depth == 0 => member.push(c),
            _ => {}
        }
    }
    heads.extend(identifier(&member));
    heads
}

fn layer_findings(source: &Source) -> Vec<String> {
    let Some(from) = layer(&source.path) else {
        return Vec::new();
    };
    let wrong = used_layers(&source.text).into_iter().filter(|to| !may_use(from, to));
    wrong.map(|to| format!("src/{}: {from} may not use {to}", source.path)).collect()
}

fn forbidden_findings(source: &Source) -> Vec<String> {
    let mut findings = Vec::new();
    for (number, line) in source.text.lines().enumerate() {
        let used = |what: &str| (source.path.as_str(), what) != CLOCK && names(line).any(|name| name == what);
        for (what, why) in FORBIDDEN.iter().filter(|(what, _)| used(what)) {
            findings.push(format!("src/{}:{}: {what}: {why}", source.path, number + 1));
        }
    }
    findings
}

fn browser_findings(source: &Source) -> Vec<String> {
    if BROWSER_LAYERS.contains(&layer(&source.path)) {
        return Vec::new();
    }
    let used: BTreeSet<&str> = source.text.lines().flat_map(names).filter(|name| BROWSER.contains(name)).collect();
    used.into_iter().map(|name| format!("src/{}: {name} is for ui and embed alone", source.path)).collect()
}

fn large_findings(source: &Source) -> Vec<String> {
    let free = layer(&source.path) == Some("cli") || source.path.ends_with("tests.rs");
    if free || LARGE_PLACES.contains(&source.path.as_str()) {
        return Vec::new();
    }
    // Tests in a file stand at its end. `base::sort_by` is a function, std's is a method.
    let lines = source.text.lines().enumerate().take_while(|(_, line)| *line != "#[cfg(test)]");
    let used = lines.filter_map(|(number, line)| {
        let is_std = |name: &&&str| {
            let name = **name;
            names(line).any(|word| word == name) && (name.starts_with('B') || code(line).contains(&format!(".{name}(")))
        };
        LARGE.iter().find(is_std).map(|name| format!("src/{}:{}: {name}: use base's", source.path, number + 1))
    });
    used.collect()
}

fn length_findings(source: &Source) -> Vec<String> {
    let lines = source.text.lines().count();
    let too_long = lines > MAX_LINES;
    too_long.then(|| format!("src/{}: {lines} lines, at most {MAX_LINES}", source.path)).into_iter().collect()
}

fn header_findings(source: &Source) -> Vec<String> {
    let says = source.text.strip_prefix("//! ").is_some_and(|header| !header.trim_start().is_empty());
    (!says).then(|| format!("src/{}: does not begin with `//! ` and what it is", source.path)).into_iter().collect()
}

#[test]
fn every_layer_uses_only_those_before_it() {
    hold(layer_findings);
}

#[test]
fn the_page_has_one_kind_of_map_and_one_sort() {
    hold(large_findings);
}

#[test]
fn every_layer_is_known() {
    let unknown = |source: &Source| {
        let layer = layer(&source.path).filter(|name| !ORDER.contains(name) && !LEAVES.contains(name));
        layer.map(|name| format!("src/{}: {name} is no layer", source.path)).into_iter().collect()
    };
    hold(unknown);
}

#[test]
fn nothing_forbidden_is_written() {
    hold(forbidden_findings);
}

#[test]
fn no_file_is_too_long() {
    hold(length_findings);
}

#[test]
fn every_file_says_what_it_is() {
    hold(header_findings);
}

#[test]
fn only_the_page_and_the_embedding_know_the_browser() {
    hold(browser_findings);
}

#[test]
fn modules_are_named_by_their_own_file() {
    let misnamed = |source: &Source| {
        let wrong = source.path.ends_with("/mod.rs");
        wrong.then(|| format!("src/{}: `foo.rs` beside `foo/`, not `foo/mod.rs`", source.path)).into_iter().collect()
    };
    hold(misnamed);
}

/// The rules above find what they forbid.
mod the_rules_themselves {
    use super::*;

    fn source(path: &str, text: &str) -> Source {
        Source { path: path.to_owned(), text: text.to_owned() }
    }

    #[test]
    fn see_layers() {
        let check = |path: &str, text: &str, want: &[&str]| {
            let findings = layer_findings(&source(path, text));
            let found: Vec<&str> = findings.iter().map(|f| f.rsplit(' ').next().unwrap()).collect();
            assert_eq!(found, want, "{path}: {text}");
        };
        check("rules/budget.rs", "use crate::api::Node;", &[]);
        check("rules/budget.rs", "use crate::rules::pods;", &[]);
        check("rules/budget.rs", "use crate::sim::World;", &["sim"]);
        check("api.rs", "fn f() { crate::view::project() }", &["view"]);
        check("base/time.rs", "// use crate::sim::World;", &[]);
        check(
            "sim/world.rs",
            "use crate::{api::{Key, Node}, timeline, app::session::{self, X}};",
            &["app", "timeline"],
        );
        check("ui/page.rs", "use crate::app::Session;", &[]);
        check("ui/page.rs", "use crate::{embed::Dto, cli};", &["cli", "embed"]);
        check("app/session.rs", "pub(crate) use crate::ui::Page;", &["ui"]);
        check("view/frame.rs", "use crate::kubectl::Printer;", &["kubectl"]);
        check("lib.rs", "use crate::ui::Page;", &[]);
        check("other/x.rs", "use crate::api::Node;", &["api"]);
    }

    #[test]
    fn see_what_is_forbidden() {
        let count = |text: &str| forbidden_findings(&source("base/x.rs", text)).len();
        assert_eq!(count("//! x\nuse std::collections::HashMap;"), 1);
        assert_eq!(count("//! no HashMap here\n// nor SystemTime"), 0);
        assert_eq!(count("let t = std::time::SystemTime::now();"), 1);
        let by_the_clock = source(CLOCK.0, "std::time::Instant::now(); std::time::SystemTime::now();");
        assert_eq!(forbidden_findings(&by_the_clock).len(), 1);
        assert_eq!(count("use std::time::{Duration, Instant};"), 1);
        assert_eq!(count("let duration = InstantCoffee::new();"), 0);
        assert_eq!(count("VNode::from_html_unchecked(x)"), 1);
    }

    #[test]
    fn see_the_browser() {
        let count = |path: &str, text: &str| browser_findings(&source(path, text)).len();
        assert_eq!(count("view/frame.rs", "use yew::Html;"), 1);
        assert_eq!(count("app/session.rs", "js_sys::Date::now() + web_sys::window()"), 2);
        assert_eq!(count("ui/page.rs", "use yew::Html;"), 0);
        assert_eq!(count("bin/playground.rs", "use yew::Html;"), 0);
        assert_eq!(count("cli/fidelity.rs", "use wasm_bindgen::JsValue;"), 1);
    }

    #[test]
    fn see_length_and_header() {
        assert!(length_findings(&source("x.rs", &"\n".repeat(MAX_LINES))).is_empty());
        assert!(!length_findings(&source("x.rs", &"\n".repeat(MAX_LINES + 1))).is_empty());
        assert!(header_findings(&source("x.rs", "//! What it is.\n")).is_empty());
        assert!(!header_findings(&source("x.rs", "//! \n")).is_empty());
        assert!(!header_findings(&source("x.rs", "use std::fmt;\n")).is_empty());
    }
}
