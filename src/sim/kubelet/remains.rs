//! What is left on a machine of pods whose objects are gone: the logs of their containers, until
//! the kubelet's next garbage collection.
//!
//! Upstream: `pkg/kubelet/kubelet.go` (`StartGarbageCollection`),
//! `pkg/kubelet/kuberuntime/kuberuntime_gc.go`.

use crate::api::Pod;
use crate::base::{Millis, SECOND_MS, Time};
use std::rc::Rc;

/// Upstream: `ContainerGCPeriod`.
const PERIOD_MS: Millis = 60 * SECOND_MS;
/// Most pods that are remembered; with more the oldest are collected before their time.
const PODS_MAX: usize = 200;

/// Pods as they were last, and when they went.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Remains(Vec<(Rc<Pod>, Time)>);

impl Remains {
    /// A pod is gone from a machine that joined then.
    pub fn add(&mut self, pod: &Rc<Pod>, joined_at: Time, now: Time) {
        self.0.retain(|(_, gone_at)| is_left(*gone_at, joined_at, now));
        if self.0.len() >= PODS_MAX {
            self.0.remove(0);
        }
        self.0.push((Rc::clone(pod), now));
    }

    /// Pods of which something is left, and when they went.
    pub fn at(&self, joined_at: Time, now: Time) -> impl Iterator<Item = &(Rc<Pod>, Time)> {
        self.0.iter().filter(move |(_, gone_at)| is_left(*gone_at, joined_at, now))
    }
}

/// Whether no garbage collection was between. They are counted from the machine's joining.
fn is_left(gone_at: Time, joined_at: Time, now: Time) -> bool {
    now.since(joined_at) / PERIOD_MS == gone_at.since(joined_at) / PERIOD_MS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pods_are_left_until_the_next_full_minute_of_the_machine() {
        let check = |gone_s: i64, now_s: i64, want: usize| {
            let mut remains = Remains::default();
            let joined_at = Time(5_000);
            remains.add(&Rc::default(), joined_at, Time(gone_s * 1_000));
            assert_eq!(remains.at(joined_at, Time(now_s * 1_000)).count(), want, "{gone_s} {now_s}");
        };
        check(10, 10, 1);
        check(10, 64, 1);
        check(10, 65, 0);
        check(64, 65, 0);
        check(65, 124, 1);
    }

    #[test]
    fn no_more_are_remembered_than_may_be() {
        let mut remains = Remains::default();
        for _ in 0..=PODS_MAX {
            remains.add(&Rc::default(), Time::ZERO, Time::ZERO);
        }
        assert_eq!(remains.at(Time::ZERO, Time::ZERO).count(), PODS_MAX);
    }
}
