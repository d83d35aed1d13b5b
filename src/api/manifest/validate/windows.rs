//! What pods for Windows have of their own, and what they may not have.
//!
//! Upstream: `pkg/apis/core/validation/validation.go` (`validateWindowsSecurityContextOptions`,
//! `validateWindowsHostProcessPod`, `validateWindows`, `validateLinux`).

use super::names::dns_subdomain;
use super::place::{At, Report};

/// Most bytes of a specification of credentials.
const MAX_CREDENTIALS: usize = 64 * 1_024;
const LISTS: [&str; 3] = ["initContainers", "containers", "ephemeralContainers"];

/// Fields of contexts that are for Linux.
const OF_PODS: [&str; 11] = [
    "appArmorProfile",
    "seLinuxOptions",
    "seccompProfile",
    "fsGroup",
    "fsGroupChangePolicy",
    "sysctls",
    "runAsUser",
    "runAsGroup",
    "supplementalGroups",
    "supplementalGroupsPolicy",
    "seLinuxChangePolicy",
];
const OF_CONTAINERS: [&str; 10] = [
    "appArmorProfile",
    "seLinuxOptions",
    "seccompProfile",
    "capabilities",
    "readOnlyRootFilesystem",
    "privileged",
    "allowPrivilegeEscalation",
    "procMount",
    "runAsUser",
    "runAsGroup",
];

/// The options of a context.
pub fn options(options: &At, report: &mut Report) {
    let (name, credentials) = (options.field("gmsaCredentialSpecName"), options.field("gmsaCredentialSpec"));
    if name.is_set() {
        report.all_invalid_text(&name, &dns_subdomain(name.text()));
    }
    if credentials.is_set() {
        if credentials.text().is_empty() {
            report.invalid(&credentials, "gmsaCredentialSpec cannot be an empty string");
        } else if credentials.text().len() > MAX_CREDENTIALS {
            report.invalid(&credentials, "gmsaCredentialSpec size must be under 64 KiB");
        }
    }
    let user = options.field("runAsUserName");
    if user.is_set() {
        user_name(user.text()).into_iter().for_each(|message| report.invalid(&user, message));
    }
}

/// A user's name, perhaps behind a domain.
fn user_name(text: &str) -> Vec<&'static str> {
    if text.is_empty() {
        return vec!["runAsUserName cannot be an empty string"];
    }
    if text.contains(|c: char| c.is_ascii_control()) {
        return vec!["runAsUserName cannot contain control characters"];
    }
    let (domain, user) = match text.split_once('\\') {
        Some((_, user)) if user.contains('\\') => return vec!["runAsUserName cannot contain more than one backslash"],
        Some((domain, user)) => (Some(domain), user),
        None => (None, text),
    };
    let mut messages = Vec::new();
    if let Some(domain) = domain {
        if domain.len() >= 256 {
            messages.push("runAsUserName's Domain length must be under 256 characters");
        }
        if !is_net_bios(domain) && !dns_subdomain(domain).is_empty() {
            messages.push("runAsUserName's Domain doesn't match the NetBios nor the DNS format");
        }
    }
    if user.is_empty() {
        messages.push("runAsUserName's User cannot be empty");
    } else if user.len() > 104 {
        messages.push("runAsUserName's User length must not be longer than 104 characters");
    }
    if !user.is_empty() && user.bytes().all(|b| b". ".contains(&b)) {
        messages.push("runAsUserName's User cannot contain only periods or spaces");
    }
    if user.contains(|c| "\"/\\:;|=,+*?<>@[]".contains(c)) {
        messages.push(r#"runAsUserName's User cannot contain the following characters: "/\:;|=,+*?<>@[]"#);
    }
    messages
}

fn is_net_bios(domain: &str) -> bool {
    (1..=15).contains(&domain.chars().count())
        && !domain.starts_with('.')
        && !domain.contains(|c| "\\/:*?\"<>|".contains(c))
}

/// Containers that are processes of the node: all are, or none.
pub fn host_process(spec: &At, report: &mut Report) {
    let of_pod = spec.field("securityContext").field("windowsOptions").field("hostProcess");
    let (mut all, mut of_host) = (0, 0);
    for container in LISTS.iter().map(|list| spec.field(list)).flat_map(|list| list.items().collect::<Vec<_>>()) {
        let own = container.field("securityContext").field("windowsOptions").field("hostProcess");
        all += 1;
        of_host += usize::from(if own.is_set() { own.is_true() } else { of_pod.is_true() });
        if of_pod.is_set() && own.is_set() && of_pod.is_true() != own.is_true() {
            let was = of_pod.is_true();
            report.invalid(&own, &format!("pod hostProcess value must be identical if both are specified, was {was}"));
        }
    }
    if of_host == 0 {
        return;
    }
    if of_host != all {
        let detail = "If pod contains any hostProcess containers then all containers must be HostProcess containers";
        report.invalid_text(spec, "", detail);
    }
    let network = spec.field("hostNetwork");
    if !network.is_true() {
        let detail = "hostNetwork must be true if pod contains any hostProcess containers";
        report.invalid_value(&network, &false.into(), detail);
    }
}

/// What does not go with the operating system that is named.
pub fn of_system(spec: &At, report: &mut Report) {
    let is_windows = match spec.field("os").field("name").text() {
        "linux" => false,
        "windows" => true,
        _ => return,
    };
    let mut forbid = |context: &At, fields: &[&str]| {
        if !is_windows {
            let options = context.field("windowsOptions");
            if options.is_set() {
                report.forbidden(&options, "windows options cannot be set for a linux pod");
            }
            return;
        }
        for field in fields.iter().map(|name| context.field(name)) {
            if field.is_set() && !(field.path().ends_with(".sysctls") && field.is_empty()) {
                report.forbidden(&field, "cannot be set for a windows pod");
            }
        }
    };
    forbid(&spec.field("securityContext"), &OF_PODS);
    if is_windows {
        let of_node = ["hostPID", "hostIPC"].into_iter().filter(|name| spec.field(name).is_true());
        let fields: Vec<&str> = of_node.chain(["hostUsers", "shareProcessNamespace"]).collect();
        forbid(spec, &fields);
    }
    for container in LISTS.iter().map(|list| spec.field(list)).flat_map(|list| list.items().collect::<Vec<_>>()) {
        forbid(&container.field("securityContext"), &OF_CONTAINERS);
    }
}
