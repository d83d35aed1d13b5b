//! A value that must be one of a few and is another.

use super::scene::{Scene, distance};
use super::{Edit, Fix};
use crate::base::Problem;

/// At most so many are offered.
const OFFERED_MAX: usize = 3;

/// The values that the message lists, the most similar first.
pub fn one_of(scene: &Scene, problem: &Problem) -> Vec<Fix> {
    let raw = scene.text_of(problem.span);
    // Anything but one word is a whole block that the problem is about.
    if raw.is_empty() || raw.contains(['\n', ':', '{', '[']) {
        return Vec::new();
    }
    let list = problem.message.rsplit_once("supported values: ").map_or("", |(_, list)| list);
    let mut values: Vec<&str> =
        list.split(", ").filter_map(|value| value.strip_prefix('"')?.strip_suffix('"')).collect();
    crate::base::sort_by_key(&mut values, |value| distance(raw, value));
    let edit = |value: &str| Edit { start: problem.span.start, end: problem.span.end, text: value.to_owned() };
    let fix = |value: &str| Fix::of(problem, format!("Change to {value}"), vec![edit(value)]);
    values.into_iter().take(OFFERED_MAX).map(fix).collect()
}
