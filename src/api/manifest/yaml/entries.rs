//! A mapping's entries, of which the last of equal keys counts.
//!
//! Upstream: `go.yaml.in/yaml/v2/decode.go` (`mapping`).

use super::Fault;
use super::tree::Entry;
use crate::base::sort_by;

/// Entries as they are written.
#[derive(Default)]
pub struct MapBuilder(pub Vec<Entry>);

impl MapBuilder {
    /// The entries in the order of their first keys, and what is set twice. By sorting, for there
    /// may be a quarter of a million.
    #[must_use]
    pub fn finish(self) -> (Vec<Entry>, Vec<Fault>) {
        let mut sorted: Vec<(usize, Entry)> = self.0.into_iter().enumerate().collect();
        sort_by(&mut sorted, |(at, a), (later, b)| a.key.cmp(&b.key).then(at.cmp(later)));
        let mut kept: Vec<(usize, Entry)> = Vec::with_capacity(sorted.len());
        let mut duplicates = Vec::new();
        for (at, entry) in sorted {
            match kept.last_mut().filter(|(_, known)| known.key == entry.key) {
                None => kept.push((at, entry)),
                Some((_, known)) => {
                    // `"16"` and `0x10` are two keys to go-yaml and one to JSON.
                    if known.is_text == entry.is_text {
                        let message = format!("key {} already set in map", entry.printed());
                        duplicates.push((at, Fault { message, span: entry.key_span }));
                    }
                    *known = entry;
                }
            }
        }
        sort_by(&mut kept, |(a, _), (b, _)| a.cmp(b));
        sort_by(&mut duplicates, |(a, _), (b, _)| a.cmp(b));
        let duplicates = duplicates.into_iter().map(|(_, fault)| fault).collect();
        (kept.into_iter().map(|(_, entry)| entry).collect(), duplicates)
    }
}
