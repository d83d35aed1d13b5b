//! Files of a volume that hide each other.
//!
//! Upstream: `pkg/api/pod/warnings.go` (`warningsForOverlappingVirtualPaths`).
//!
//! Leaves out: bundles of trust and certificates of pods.

use super::super::place::{At, Report, quoted};

/// A file and what it comes from.
#[derive(Clone, PartialEq)]
struct Place {
    path: String,
    source: String,
}

/// All volumes that are made of named files.
pub fn overlapping(volumes: &At, report: &mut Report) {
    for volume in volumes.items() {
        let name = quoted(volume.field("name").text());
        for (field, kind, named) in [
            ("configMap", "ConfigMap ", "name"),
            ("secret", "Secret ", "secretName"),
            ("downwardAPI", "DownwardAPI", ""),
        ] {
            let source = volume.field(field);
            let of = if named.is_empty() { String::new() } else { quoted(source.field(named).text()) };
            let mut before = Vec::new();
            for item in source.field("items").items() {
                let place = Place { path: item.field("path").text().to_owned(), source: String::new() };
                add(&item, place, &mut before, &format!("volume {name} ({kind}{of})"), report);
            }
        }
        projected(&volume.field("projected"), &name, report);
    }
}

fn projected(volume: &At, name: &str, report: &mut Report) {
    let mut before = Vec::new();
    let told = format!("volume {name} (Projected)");
    for source in volume.field("sources").items() {
        if source.is_empty() {
            report.warn_plain(&source, format!("{told} has no sources provided"));
            continue;
        }
        for (field, kind) in [("configMap", "ConfigMap "), ("secret", "Secret "), ("downwardAPI", "DownwardAPI")] {
            let object = source.field(field);
            let of = if field == "downwardAPI" { String::new() } else { quoted(object.field("name").text()) };
            for item in object.field("items").items() {
                let place = Place { path: item.field("path").text().to_owned(), source: format!("{kind}{of}") };
                add(&item, place, &mut before, &told, report);
            }
        }
        let token = source.field("serviceAccountToken");
        if token.is_set() {
            let place = Place { path: token.field("path").text().to_owned(), source: "ServiceAccountToken".to_owned() };
            add(&token, place, &mut before, &told, report);
        }
    }
}

fn add(at: &At, mut place: Place, before: &mut Vec<Place>, told: &str, report: &mut Report) {
    place.path.truncate(place.path.trim_end_matches('/').len());
    for other in before.iter().filter(|other| overlap(other, &place)) {
        report.warn_plain(at, format!("{told}: overlapping paths: {} with {}", shown(&place), shown(other)));
    }
    before.push(place);
}

fn overlap(a: &Place, b: &Place) -> bool {
    let (x, y) = (format!("{}/", a.path), format!("{}/", b.path));
    !a.path.is_empty() && !b.path.is_empty() && (x.starts_with(&y) || y.starts_with(&x))
}

fn shown(place: &Place) -> String {
    if place.source.is_empty() { quoted(&place.path) } else { format!("{} ({})", quoted(&place.path), place.source) }
}
