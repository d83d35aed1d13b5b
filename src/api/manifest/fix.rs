//! Quick fixes: what would mend a problem, as edits of the text that leave the rest, and its
//! comments, as they are. One rule a file; a rule says which problems it is for.
//!
//! A fix is offered only where the text shows what was meant; whoever takes it has it read
//! again like anything typed.

mod budget;
mod field;
mod kind;
mod labels;
mod master;
mod quote;
mod scene;
mod value;

use crate::base::Problem;
use scene::Scene;
use serde::Serialize;

/// At most so many problems are mended at a time.
const MAX_PROBLEMS: usize = 50;

/// Longer texts get no fixes.
const MAX_BYTES: usize = 1 << 20;

/// A piece of the text and what is to stand there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Edit {
    /// First byte.
    pub start: usize,
    /// The byte behind the last.
    pub end: usize,
    /// What is to stand there.
    pub text: String,
}

/// A way to mend something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fix {
    /// What it does.
    pub title: String,
    /// First byte of what it mends: of a problem, if there is no `hint`.
    pub start: usize,
    /// The byte behind the last.
    pub end: usize,
    /// What is to be said of a place that no problem is about.
    pub hint: Option<&'static str>,
    /// The edits, none over another.
    pub edits: Vec<Edit>,
}

/// For problems whose message has this in it, these fixes.
type Rule = (&'static str, fn(&Scene, &Problem) -> Vec<Fix>);

const RULES: [Rule; 13] = [
    ("`selector` does not match template `labels`", labels::differ),
    ("selector: Required value", labels::no_selector),
    ("empty selector is invalid for daemonset", labels::no_selector),
    ("no matches for kind", kind::unknown),
    ("Object 'Kind' is missing", kind::missing),
    ("Object 'apiVersion' is missing", kind::missing),
    ("supported values: ", value::one_of),
    ("may not be set when maxUnavailable is non-zero", budget::both),
    ("cannot be 0 when maxSurge is 0", budget::neither),
    ("a tab cannot indent", quote::tabs),
    ("found a tab character", quote::tabs),
    ("json: cannot unmarshal ", quote::type_of),
    ("strict decoding error: unknown field ", field::unknown),
];

/// What would mend a text, given what is wrong with it.
#[must_use]
pub fn fixes(text: &str, problems: &[Problem]) -> Vec<Fix> {
    if text.len() > MAX_BYTES {
        return Vec::new();
    }
    let scene = Scene::new(text);
    let mut fixes = master::hints(&scene);
    for problem in problems.iter().take(MAX_PROBLEMS) {
        for (_, rule) in RULES.iter().filter(|(part, _)| problem.message.contains(part)) {
            fixes.extend(rule(&scene, problem));
        }
    }
    fixes.retain(|fix| !fix.edits.is_empty());
    fixes
}

impl Fix {
    /// A fix of a problem.
    fn of(problem: &Problem, title: impl Into<String>, edits: Vec<Edit>) -> Fix {
        Fix { title: title.into(), start: problem.span.start, end: problem.span.end, hint: None, edits }
    }
}

#[cfg(test)]
mod tests;
