//! What containers use of their machine. Nothing is measured in a playground: usage follows
//! from what a container asks for and from how long it has been running.
//!
//! Upstream: `k8s.io/kubelet/pkg/apis/stats/v1alpha1` tells what is measured;
//! `k8s.io/apimachinery/pkg/api/resource` (`CanonicalizeBytes`) how it is written.
//! Simplifies: a container uses three quarters of its memory limit; without one, of its
//! request; without that, 96Mi. So who is Guaranteed, or sets no limit, stays within its
//! request; who may take much more than it asks for exceeds it. It writes its log evenly, and 64Ki
//! of files once.

use super::log_files;
use crate::api::{Container, Quantity, ResourceList};
use crate::base::Time;

/// What a container without limit and request uses.
const UNSAID_MEMORY_BYTES: i64 = 96 * 1_024 * 1_024;
/// Files of a container beside its logs.
const ROOT_FS_BYTES: i64 = 64 * 1_024;
/// Processes of a container.
pub const PROCESSES: i64 = 3;

/// Memory of a container that runs.
#[must_use]
pub fn memory_bytes(container: &Container) -> i64 {
    let of = |list: &ResourceList| list.get("memory").map(Quantity::value);
    let most = of(&container.resources.limits).or_else(|| of(&container.resources.requests));
    most.map_or(UNSAID_MEMORY_BYTES, |most| most / 4 * 3)
}

/// When usage is measured, and what it follows from.
#[derive(Clone, Copy, Debug)]
pub struct Moment {
    /// When.
    pub now: Time,
    /// What a container writes into its log.
    pub log_bytes_per_second: i64,
}

impl Moment {
    /// What a container that started then has on disk: its files, and its logs as far as rotation
    /// leaves them.
    #[must_use]
    pub fn disk_bytes(self, started_at: Time) -> i64 {
        let logs = log_files::of(self.now.since(started_at), self.log_bytes_per_second);
        logs.iter().fold(ROOT_FS_BYTES, |sum, file| sum + file.bytes)
    }
}

/// An amount as Kubernetes writes one of binary format: with the greatest suffix that leaves
/// a whole number.
#[must_use]
pub fn bytes(amount: i64) -> String {
    let mut amount = amount;
    let mut suffix = "";
    for greater in ["Ki", "Mi", "Gi", "Ti"] {
        if amount == 0 || amount % 1_024 != 0 {
            break;
        }
        (amount, suffix) = (amount / 1_024, greater);
    }
    format!("{amount}{suffix}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_written_with_the_greatest_suffix() {
        let check = |amount, want: &str| assert_eq!(bytes(amount), want);
        check(0, "0");
        check(1_023, "1023");
        check(1_024, "1Ki");
        check(1_536, "1536");
        check(96 << 20, "96Mi");
        check((1 << 30) + 1_024, "1048577Ki");
    }

    #[test]
    fn memory_follows_from_limit_or_request() {
        let check = |resources: &str, want: &str| {
            let container: Container = serde_json::from_str(&format!(r#"{{"resources":{resources}}}"#)).unwrap();
            assert_eq!(bytes(memory_bytes(&container)), want, "{resources}");
        };
        check("{}", "96Mi");
        check(r#"{"requests":{"memory":"128Mi"}}"#, "96Mi");
        check(r#"{"requests":{"memory":"128Mi"},"limits":{"memory":"256Mi"}}"#, "192Mi");
    }
}
