//! How pods find hosts by name.
//!
//! Upstream: `pkg/apis/core/validation/validation.go` (`validatePodDNSConfig`,
//! `ValidateHostAliases`).

use super::names::{dns_subdomain, ip_address, search_domain};
use super::place::{At, Report};

const MOST_NAMESERVERS: usize = 3;
const MOST_SEARCHES: usize = 32;
const MOST_SEARCH_CHARS: usize = 2_048;

/// A pod's own names and servers.
pub fn check(spec: &At, report: &mut Report) {
    for alias in spec.field("hostAliases").items() {
        let ip = alias.field("ip");
        report.all_invalid_text(&ip, &ip_address(ip.text()));
        for name in alias.field("hostnames").items() {
            report.all_invalid_text(&name, &dns_subdomain(name.text()));
        }
    }
    let config = spec.field("dnsConfig");
    let servers = config.field("nameservers");
    if spec.field("dnsPolicy").text() == "None" {
        if !config.is_set() {
            report.required(&config, "must provide `dnsConfig` when `dnsPolicy` is None");
            return;
        }
        if servers.is_empty() {
            report.required(&servers, "must provide at least one DNS nameserver when `dnsPolicy` is None");
            return;
        }
    }
    if servers.len() > MOST_NAMESERVERS {
        report.invalid(&servers, &format!("must not have more than {MOST_NAMESERVERS} nameservers"));
    }
    for server in servers.items() {
        report.all_invalid_text(&server, &ip_address(server.text()));
    }
    searches(&config.field("searches"), report);
    for option in config.field("options").items() {
        if option.field("name").text().is_empty() {
            report.required(&option, "must not be empty");
        }
    }
}

fn searches(searches: &At, report: &mut Report) {
    if searches.len() > MOST_SEARCHES {
        report.invalid(searches, &format!("must not have more than {MOST_SEARCHES} search paths"));
    }
    let chars = searches.items().map(|search| search.text().len() + 1).sum::<usize>().saturating_sub(1);
    if chars > MOST_SEARCH_CHARS {
        let detail =
            format!("must not have more than {MOST_SEARCH_CHARS} characters (including spaces) in the search list");
        report.invalid(searches, &detail);
    }
    for search in searches.items().filter(|search| search.text() != ".") {
        let text = search.text().strip_suffix('.').unwrap_or(search.text());
        for message in search_domain(text) {
            report.invalid_text(&search, text, &message);
        }
    }
}
