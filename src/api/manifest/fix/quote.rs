//! Quotes that are missing or too many, and tabs.

use super::scene::Scene;
use super::{Edit, Fix};
use crate::base::Problem;

/// A number or truth value where text belongs, or the other way round.
pub fn type_of(scene: &Scene, problem: &Problem) -> Vec<Fix> {
    let Some((found, wanted)) = problem.message.rsplit_once(" of type ") else { return Vec::new() };
    let raw = scene.text_of(problem.span);
    let found = found.trim_start_matches("json: cannot unmarshal ").split(' ').next().unwrap_or_default();
    let mended = match (found, wanted) {
        _ if raw.is_empty() || raw.contains('\n') => None,
        ("bool" | "number", "int32" | "int64" | "bool") => None,
        ("bool" | "number", _) if !raw.contains('"') && is_text(wanted) => Some(format!("\"{raw}\"")),
        ("string", "int32" | "int64") => bare(raw).filter(|text| text.parse::<i64>().is_ok()).map(str::to_owned),
        ("string", "bool") => bare(raw).filter(|text| matches!(*text, "true" | "false")).map(str::to_owned),
        _ => None,
    };
    let title = if found == "string" { "Take the quotes away" } else { "Put it in quotes" };
    let edit = mended.map(|text| Edit { start: problem.span.start, end: problem.span.end, text });
    edit.into_iter().map(|edit| Fix::of(problem, title, vec![edit])).collect()
}

/// Whether Go's name is that of a kind of text.
fn is_text(wanted: &str) -> bool {
    let is_named = wanted.starts_with("v1.") || wanted.starts_with("types.");
    wanted == "string" || is_named
}

/// What stands between quotes.
fn bare(raw: &str) -> Option<&str> {
    ['"', '\''].iter().find_map(|quote| raw.strip_prefix(*quote)?.strip_suffix(*quote))
}

/// Tabs before the first character of a line, all of them.
pub fn tabs(scene: &Scene, problem: &Problem) -> Vec<Fix> {
    let (mut edits, mut at) = (Vec::new(), 0);
    for line in scene.text.split_inclusive('\n') {
        let blank = line.len() - line.trim_start_matches([' ', '\t', '-']).len();
        let tabs = line.get(..blank).unwrap_or_default().match_indices('\t');
        edits.extend(tabs.map(|(tab, _)| Edit { start: at + tab, end: at + tab + 1, text: "  ".to_owned() }));
        at += line.len();
    }
    vec![Fix::of(problem, "Indent with spaces instead of tabs", edits)]
}
