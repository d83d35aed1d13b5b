//! What holds of every text that a person may type: the bodies of the fuzz targets, which
//! `tests/manifest_properties.rs` runs on random texts. Each panics if its law is broken.

use daemonset_playground::api::Quantity;
use daemonset_playground::api::manifest::{
    Object, Outcome, Reading, Request, answer, canonical_quantity, check_quantity, create, print_daemon_set,
    print_node, read, yaml_to_json,
};
use daemonset_playground::app::share;
use daemonset_playground::base::Span;
use serde_json::Value;

/// YAML alone: faults have their place, and what was read is the same once more when it is written as
/// JSON, which is YAML.
pub fn yaml(text: &str) {
    match yaml_to_json(text) {
        Err(fault) => assert_place(text, fault.span),
        Ok((json, duplicates)) => {
            duplicates.iter().for_each(|fault| assert_place(text, fault.span));
            if has_long_key(&json) {
                return;
            }
            let written = written(&json);
            match yaml_to_json(&written) {
                Ok(read) => assert_eq!(read, (json, Vec::new()), "{text:?}"),
                Err(fault) => panic!("{fault:?} in {written:?} of {text:?}"),
            }
        }
    }
}

/// Manifests: problems have their place, what was read is the same when it is printed and read again,
/// and so is what the API server stores.
pub fn manifest(text: &str) {
    let reading = read(text);
    assert_places(text, &reading);
    for object in reading.objects {
        match object.object {
            Object::DaemonSet(ds) => assert_eq!(read_back(&print_daemon_set(&ds)), Object::DaemonSet(ds), "{text}"),
            Object::Node(node) => assert_eq!(read_back(&print_node(&node)), Object::Node(node), "{text}"),
            Object::NotSimulated { .. } => {}
        }
    }
    if let Outcome::Stored { object, .. } = create(text) {
        if has_long_key(&object) {
            return;
        }
        match create(&written(&object)) {
            Outcome::Stored { object: again, .. } => assert_eq!(again, object, "{text}"),
            refused => panic!("{refused:?} for {object} of {text}"),
        }
    }
}

/// What the editor asks while somebody types: anything but a panic.
pub fn editor(text: &str) {
    let size = u32::try_from(text.len()).unwrap_or(u32::MAX);
    for at in [0, size / 3, size / 2, size.saturating_sub(1), size, size.saturating_add(1)] {
        drop(answer(Request::Complete(text.to_owned(), at)));
        drop(answer(Request::Hover(text.to_owned(), at)));
    }
    drop(answer(Request::Fixes(text.to_owned())));
}

/// Links: what is opened is the same when it is shared and opened again; everything else says why. The
/// text is tried as a link, and as what is within one.
pub fn link(text: &str) {
    let limits = share::Limits::LINK;
    let within = share::pack(text.as_bytes(), limits);
    for link in [Ok(text.to_owned()), within].into_iter().flatten() {
        match share::open(&link) {
            Err(why) => assert!(!why.is_empty() && why.chars().count() < 400, "{why}"),
            Ok(opened) => {
                let again = share::to_document(&opened.scene).and_then(|json| share::from_document(json.as_bytes()));
                assert_eq!(again.map(|again| again.scene), Ok(opened.scene), "{text:?}");
            }
        }
    }
    drop(share::open_file(text));
}

/// Quantities: the same when they are printed, rounded up and never down, and what Kubernetes would
/// store means the same and is stored as it is.
pub fn quantity(text: &str) {
    /// From here on amounts are cut here and lose their suffix in Kubernetes; in billionths.
    const HUGE: i128 = i64::MAX as i128 * 1_000_000_000;
    let canonical = canonical_quantity(text, false);
    let rounded = canonical_quantity(text, true);
    let parsed = Quantity::parse(text);
    if check_quantity(text).is_err() {
        assert_eq!((canonical.as_str(), rounded.as_str()), (text, text));
        return;
    }
    let amount = parsed.unwrap_or_else(|_| panic!("{text:?} is a quantity"));
    assert_eq!(Quantity::parse(&amount.to_string()), Ok(amount.clone()));
    let nanos = amount.nanos();
    let is_up = |got: i64, nanos_in_one: i128| {
        let is_cut = [i64::MIN, i64::MAX].contains(&got);
        let got = i128::from(got) * nanos_in_one;
        is_cut || (got >= nanos && got - nanos_in_one < nanos)
    };
    assert!(is_up(amount.value(), 1_000_000_000) && is_up(amount.milli_value(), 1_000_000), "{text:?}: {nanos}");
    assert_eq!(canonical_quantity(&canonical, false), canonical, "{text:?}");
    assert_eq!(canonical_quantity(&rounded, true), rounded, "{text:?}");
    if nanos.abs() < HUGE {
        let means = |text: &str| Quantity::parse(text).map_or(0, |amount| amount.nanos());
        assert_eq!(means(&canonical), nanos, "{text:?} as {canonical:?}");
        assert!(means(&rounded).abs() >= nanos.abs(), "{text:?} as {rounded:?}");
    }
}

/// Every place is within the text, at boundaries of characters, with the right line and column.
pub fn assert_places(text: &str, reading: &Reading) {
    let starts: Vec<usize> = reading.problems.iter().map(|p| p.span.start).collect();
    assert!(starts.is_sorted(), "{starts:?}");
    let spans = reading.problems.iter().map(|p| p.span).chain(reading.objects.iter().map(|o| o.span));
    spans.for_each(|span| assert_place(text, span));
}

fn assert_place(text: &str, span: Span) {
    let before = text.get(..span.start).unwrap_or_else(|| panic!("{span:?} in {text:?}"));
    assert!(text.get(span.start..span.end).is_some(), "{span:?} in {text:?}");
    assert_eq!(span.line, before.matches('\n').count() + 1, "{span:?} in {text:?}");
    assert_eq!(span.column, before.chars().rev().take_while(|c| *c != '\n').count() + 1, "{span:?} in {text:?}");
}

/// The one object of a text with which nothing is wrong.
pub fn read_back(text: &str) -> Object {
    let mut reading = read(text);
    assert!(!reading.has_errors(), "{:?} in {text}", reading.problems);
    assert_eq!(reading.objects.len(), 1, "{text}");
    reading.objects.remove(0).object
}

/// JSON as YAML: with escapes for what YAML does not take as it is.
fn written(json: &Value) -> String {
    let mut out = String::new();
    for c in json.to_string().chars() {
        match u16::try_from(u32::from(c)) {
            Ok(code) if code >= 0x7f => out.push_str(&format!("\\u{code:04x}")),
            _ => out.push(c),
        }
    }
    out
}

/// Whether YAML would refuse a key for its length.
fn has_long_key(json: &Value) -> bool {
    match json {
        Value::Object(map) => map.iter().any(|(key, value)| key.len() > 250 || has_long_key(value)),
        Value::Array(items) => items.iter().any(has_long_key),
        _ => false,
    }
}
