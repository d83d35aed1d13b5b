//! The text of a link: `v1.` and, in base64url without padding, a raw deflate stream.

use base64ct::{Base64UrlUnpadded, Encoding};
use miniz_oxide::deflate::compress_to_vec;
use miniz_oxide::inflate::{TINFLStatus, decompress_to_vec_with_limit};

/// What the text of a link of this version begins with.
pub const PREFIX: &str = "v1.";

/// How hard deflate tries: its best is hardly dearer at these sizes.
const EFFORT: u8 = 9;

/// How much is read and written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Characters of the text.
    pub encoded: usize,
    /// Bytes of what is in it.
    pub decoded: usize,
}

impl Limits {
    /// Of a link.
    pub const LINK: Limits = Limits { encoded: 32 * 1_024, decoded: 1_024 * 1_024 };
    /// Of what the browser keeps: it is the page's own, and as large as a file.
    pub const KEPT: Limits = Limits { encoded: 256 * 1_024, decoded: 3 * 1_024 * 1_024 };
}

/// The bytes as text.
///
/// # Errors
/// A limit, and what to do about it.
pub fn pack(bytes: &[u8], limits: Limits) -> Result<String, String> {
    if bytes.len() > limits.decoded {
        return Err(format!(
            "This is too large for a link: {} bytes before they are packed, at most {}. Save it to a file.",
            bytes.len(),
            limits.decoded
        ));
    }
    let text = format!("{PREFIX}{}", Base64UrlUnpadded::encode_string(&compress_to_vec(bytes, EFFORT)));
    if text.len() > limits.encoded {
        return Err(format!(
            "This is too large for a link: it would have {} characters, at most {}. Save it to a file.",
            text.len(),
            limits.encoded
        ));
    }
    Ok(text)
}

/// What is in a text: a link, its fragment, or what [`pack`] made.
///
/// # Errors
/// Why it is no link, or a limit.
pub fn unpack(text: &str, limits: Limits) -> Result<Vec<u8>, String> {
    let text = fragment(text);
    let Some(packed) = text.strip_prefix(PREFIX) else {
        return Err(match version(text) {
            Some(version) => {
                format!("The link is of version {version}, and this page reads version 1: a newer page may open it.")
            }
            None => "This is no link of this playground: it should have #v1. in it.".to_owned(),
        });
    };
    if text.len() > limits.encoded {
        return Err(format!("The link has {} characters; at most {} are read.", text.len(), limits.encoded));
    }
    let damaged = |why: &str| format!("The link is damaged or incomplete: {why}. Copy the whole of it again.");
    let bytes = Base64UrlUnpadded::decode_vec(packed).map_err(|_| damaged("it is not base64url"))?;
    decompress_to_vec_with_limit(&bytes, limits.decoded).map_err(|error| match error.status {
        TINFLStatus::HasMoreOutput => {
            format!("The link unpacks to more than {} bytes, and no more are read.", limits.decoded)
        }
        TINFLStatus::FailedCannotMakeProgress | TINFLStatus::NeedsMoreInput => damaged("its end is missing"),
        _ => damaged("it does not unpack"),
    })
}

/// Whether this is the fragment of a link, of whatever version: a page with a fragment of
/// another kind is just a page.
#[must_use]
pub fn is_link(fragment: &str) -> bool {
    version(fragment.trim_start_matches('#')).is_some()
}

/// What follows the first `#`, if there is one.
fn fragment(text: &str) -> &str {
    let text = text.trim();
    text.split_once('#').map_or(text, |(_, fragment)| fragment)
}

/// The number behind the `v` with which a link begins.
fn version(text: &str) -> Option<&str> {
    let (number, _) = text.strip_prefix('v')?.split_once('.')?;
    let is_number = (1..=4).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then_some(number)
}
