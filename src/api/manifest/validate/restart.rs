//! When a container is started again, by its policy and by rules about how it ended.
//!
//! Upstream: `pkg/apis/core/validation/validation.go` (`validateContainerRestartPolicy`,
//! `validateInitContainerRestartPolicy`).

use super::place::{At, Report, quoted};
use super::pod::choice;

const MAX_RULES: usize = 20;
const MAX_CODES: usize = 255;

/// A container's policy and rules.
pub fn check(container: &At, runs_first: bool, report: &mut Report) {
    let (policy, rules) = (container.field("restartPolicy"), container.field("restartPolicyRules"));
    if !policy.is_set() {
        if !rules.is_empty() {
            report.required(&policy, "must specify restartPolicy when restart rules are used");
        }
        if rules.is_empty() || runs_first {
            return;
        }
    }
    choice(&policy, &["Always", "Never", "OnFailure"], report);
    report.too_many(&rules, MAX_RULES);
    for rule in rules.items() {
        one_of(&rule.field("action"), &["Restart", "RestartAllContainers"], report);
        let codes = rule.field("exitCodes");
        if codes.is_set() {
            one_of(&codes.field("operator"), &["In", "NotIn"], report);
            report.too_many(&codes.field("values"), MAX_CODES);
        } else {
            report.required(&codes, "must be specified");
        }
    }
}

/// Text that must be one of a few, and must be there.
pub fn one_of(at: &At, choices: &[&str], report: &mut Report) {
    if !choices.contains(&at.text()) {
        report.unsupported_value(at, &quoted(at.text()), choices);
    }
}
