//! What aliases come to: go-yaml counts what it decodes, and refuses texts of which nearly all is
//! aliases; the playground limits how long a text becomes once they are expanded, too.
//!
//! Upstream: `go.yaml.in/yaml/v2/decode.go` (`unmarshal`, `allowedAliasRatio`).

use crate::api::manifest::MAX_TEXT_BYTES;

/// Below so many decodings in all, and below so many in aliases, go-yaml does not look at the ratio.
const FEW: usize = 1_000;
const FEW_IN_ALIASES: usize = 100;
/// Of a hundred decodings so many may be in aliases. (Fewer from 400,000 on, which is beyond our limit.)
const PERCENT_IN_ALIASES: usize = 99;

/// How much there is, from one place of a document to another.
#[derive(Clone, Copy, Debug, Default)]
pub struct Extent {
    /// What go-yaml decodes: keys and values.
    decoded: usize,
    /// Bytes of scalars.
    bytes: usize,
}

/// How much there is so far, aliases expanded.
#[derive(Clone, Debug)]
pub struct Expansion {
    all: Extent,
    in_aliases: Extent,
}

impl Expansion {
    /// Nothing yet but the document itself.
    pub fn new() -> Expansion {
        Expansion { all: Extent { decoded: 1, bytes: 0 }, in_aliases: Extent::default() }
    }

    /// This place.
    pub fn here(&self) -> Extent {
        self.all
    }

    /// What there is from a place to here.
    pub fn since(&self, place: Extent) -> Extent {
        Extent { decoded: self.all.decoded - place.decoded, bytes: self.all.bytes - place.bytes }
    }

    /// A scalar, or the beginning of a collection.
    ///
    /// # Errors
    /// What is wrong with the aliases that came before.
    pub fn add(&mut self, bytes: usize) -> Result<(), String> {
        self.all.decoded += 1;
        self.all.bytes += bytes;
        self.check()
    }

    /// An alias of so much.
    ///
    /// # Errors
    /// Too much in aliases.
    pub fn add_alias(&mut self, of: Extent) -> Result<(), String> {
        for count in [&mut self.all, &mut self.in_aliases] {
            count.decoded = count.decoded.saturating_add(of.decoded);
            count.bytes = count.bytes.saturating_add(of.bytes);
        }
        self.all.decoded = self.all.decoded.saturating_add(1);
        self.check()
    }

    fn check(&self) -> Result<(), String> {
        if self.in_aliases.bytes > MAX_TEXT_BYTES {
            return Err(format!(
                "the text has more than {MAX_TEXT_BYTES} bytes (aliases expanded), this playground reads no more"
            ));
        }
        let (all, in_aliases) = (self.all.decoded, self.in_aliases.decoded);
        let is_excessive = in_aliases > FEW_IN_ALIASES
            && all > FEW
            && in_aliases.saturating_mul(100) > all.saturating_mul(PERCENT_IN_ALIASES);
        if is_excessive { Err("yaml: document contains excessive aliasing".to_owned()) } else { Ok(()) }
    }
}
