//! References to images, as far as a default hangs on them.
//!
//! Upstream: `pkg/util/parsers`, `github.com/distribution/reference`.

/// `Always` for the tag `latest` and for none, else `IfNotPresent`; that too for what is no reference.
pub fn pull_policy(image: &str) -> &'static str {
    if tag(image) == Some("latest") { "Always" } else { "IfNotPresent" }
}

/// The tag of a reference, `latest` if it has neither tag nor digest.
fn tag(image: &str) -> Option<&str> {
    if image.len() == 64 && image.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')) {
        return None;
    }
    let (name, digest) = image.split_once('@').map_or((image, None), |(name, digest)| (name, Some(digest)));
    // A colon before the last slash is that of a registry's port.
    let last = name.rfind('/').map_or(0, |at| at + 1);
    let (name, tag) = match name.get(last..)?.find(':') {
        Some(at) => (name.get(..last + at)?, name.get(last + at + 1..)),
        None => (name, None),
    };
    // What names no registry is Docker's, and without a slash in its library.
    let (path, library) = match name.split_once('/') {
        Some((domain, path)) if is_domain_like(domain) => (is_domain(domain).then_some(path)?, ""),
        Some(_) => (name, ""),
        None => (name, "library/"),
    };
    let is_valid = path.split('/').all(is_component)
        && library.len() + path.len() <= 255
        && tag.is_none_or(is_tag)
        && digest.is_none_or(is_digest);
    match (is_valid, tag, digest) {
        (false, ..) => None,
        (true, None, None) => Some("latest"),
        (true, tag, _) => Some(tag.unwrap_or_default()),
    }
}

/// Whether the first part names a registry.
fn is_domain_like(part: &str) -> bool {
    part.contains(['.', ':']) || part == "localhost" || part.bytes().any(|b| b.is_ascii_uppercase())
}

fn is_domain(domain: &str) -> bool {
    let (host, port) = match domain.rsplit_once(':') {
        Some((host, port)) if !port.contains(']') => (host, Some(port)),
        _ => (domain, None),
    };
    let is_label = |label: &str| {
        let is_edge = |c: char| c.is_ascii_alphanumeric();
        label.starts_with(is_edge) && label.ends_with(is_edge) && label.chars().all(|c| is_edge(c) || c == '-')
    };
    let is_address = host.starts_with('[') && host.ends_with(']');
    (is_address || host.split('.').all(is_label))
        && port.is_none_or(|port| !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit()))
}

/// Letters and digits, joined by one dot, one or two underscores, or dashes.
fn is_component(component: &str) -> bool {
    let is_word = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
    let bytes = component.as_bytes();
    let ends_well = bytes.first().copied().is_some_and(is_word) && bytes.last().copied().is_some_and(is_word);
    let mut separators = component.split(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit());
    ends_well && separators.all(|s| matches!(s, "" | "." | "_" | "__") || s.bytes().all(|b| b == b'-'))
}

fn is_tag(tag: &str) -> bool {
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    tag.len() <= 128 && tag.starts_with(is_word) && tag.chars().all(|c| is_word(c) || c == '.' || c == '-')
}

fn is_digest(digest: &str) -> bool {
    digest.split_once(':').is_some_and(|(algorithm, hex)| {
        algorithm.starts_with(|c: char| c.is_ascii_alphabetic())
            && hex.len() >= 32
            && hex.bytes().all(|b| b.is_ascii_hexdigit())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_decide() {
        let check = |image: &str, want: Option<&str>| assert_eq!(tag(image), want, "{image:?}");
        check("nginx", Some("latest"));
        check("nginx:latest", Some("latest"));
        check("registry:5000/a/b", Some("latest"));
        check("registry:5000/a/b:1.2", Some("1.2"));
        check("a@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", Some(""));
        check("", None);
        check("UPPER_case", None);
        check("has space", None);
        check("a.b.c", Some("latest"));
        check("-dash-first", None);
        check("/abs/../up", None);
        check("a/b/c", Some("latest"));
        check("ünïcode", None);
        check("1.5Gi", None);
        check("example.com/", None);
        check("a__b", Some("latest"));
        check("a___b", None);
        check(&"y".repeat(247), Some("latest"));
        check(&"y".repeat(248), None);
    }
}
