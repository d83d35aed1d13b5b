//! Vectors of the taint eviction controller and of admission's default tolerations.

use crate::api::{Taint, Toleration};
use crate::base::{SECOND_MS, Time};
use crate::rules::eviction::{self, Eviction, no_execute};
use crate::rules::tolerations::default_tolerations;
use serde::Deserialize;
use serde_json::{Value, json};

#[derive(Deserialize)]
struct Given {
    /// Absent in a vector of admission.
    pod: Option<String>,
    tolerations: Option<Vec<Toleration>>,
    taints: Option<Vec<Taint>>,
    #[serde(default)]
    unbound: bool,
    #[serde(default)]
    steps: Vec<Step>,
}

#[derive(Default, Deserialize)]
struct Step {
    at: i64,
    taints: Option<Vec<Taint>>,
    tolerations: Option<Vec<Toleration>>,
    #[serde(default)]
    bind: bool,
}

/// A pod on a node under the controller's eyes.
struct Story {
    pod: String,
    bound: bool,
    taints: Vec<Taint>,
    tolerations: Vec<Toleration>,
    planned: Option<Time>,
    evicted_at: Option<Time>,
    events: Vec<Value>,
}

/// When a pod is evicted, or with which tolerations it is admitted.
pub(super) fn answer(given: &Value) -> Result<Value, String> {
    let given: Given = serde_json::from_value(given.clone()).map_err(|error| error.to_string())?;
    let mut tolerations = given.tolerations.unwrap_or_default();
    let Some(pod) = given.pod else {
        let defaults: Vec<Toleration> = default_tolerations(&tolerations).collect();
        tolerations.extend(defaults);
        return Ok(json!({ "tolerations": tolerations }));
    };
    let mut story = Story {
        pod,
        bound: !given.unbound,
        taints: Vec::new(),
        tolerations,
        planned: None,
        evicted_at: None,
        events: Vec::new(),
    };
    story.step(Step { taints: given.taints, ..Step::default() });
    for step in given.steps {
        story.wait_until(Time(step.at.saturating_mul(SECOND_MS)));
        story.step(step);
    }
    story.wait_until(Time::NEVER);
    let evict = story.evicted_at.map_or("never", |at| if at == Time::ZERO { "now" } else { "after" });
    let mut answer = json!({ "evict": evict, "events": story.events });
    if let (Some(at), "after", Some(fields)) = (story.evicted_at, evict, answer.as_object_mut()) {
        fields.insert("seconds".to_owned(), json!(at.0 / SECOND_MS));
    }
    Ok(answer)
}

impl Story {
    /// Does what the controller's handlers do with a change.
    fn step(&mut self, step: Step) {
        let retainted = step.taints.as_ref().is_some_and(|new| !no_execute(new).eq(no_execute(&self.taints)));
        let changed = retainted || step.tolerations.is_some() || step.bind;
        self.taints = step.taints.unwrap_or(std::mem::take(&mut self.taints));
        self.tolerations = step.tolerations.unwrap_or(std::mem::take(&mut self.tolerations));
        self.bound |= step.bind;
        if !changed || !self.bound || self.evicted_at.is_some() {
            return;
        }
        let now = Time(step.at.saturating_mul(SECOND_MS));
        let outcome = eviction::reconsider(&mut self.planned, now, &self.taints, &self.tolerations);
        if outcome.cancelled {
            self.say(now, "Cancelling deletion of");
        }
        if outcome.begins == Eviction::Now {
            self.evict(now);
        }
    }

    /// Lets time pass, and with it what is planned.
    fn wait_until(&mut self, at: Time) {
        if let Some(due_at) = self.planned.take_if(|due_at| *due_at <= at) {
            self.evict(due_at);
        }
    }

    fn evict(&mut self, at: Time) {
        self.evicted_at = Some(at);
        self.say(at, "Marking for deletion");
    }

    fn say(&mut self, at: Time, what: &str) {
        let message = format!("{what} Pod default/{}", self.pod);
        self.events.push(json!({ "at": at.0 / SECOND_MS, "message": message }));
    }
}
