//! What the page asks of the reader of manifests, which is a wasm module of its own (see
//! ARCHITECTURE.md): one question in bytes, one answer in bytes. Where the reader is linked
//! in, the same function is called directly.

use super::{
    Applied, Cluster, LAST_APPLIED, Object, Printed, Reading, Subject, apply_and_tell, assist, fix, print_daemon_set,
    read, read_and_tell, show,
};
use crate::api::{DaemonSet, well_known};
use borsh::{BorshDeserialize, BorshSerialize};
use serde_json::json;

/// A question.
#[derive(Clone, Debug, PartialEq, BorshSerialize, BorshDeserialize)]
pub enum Request {
    /// Read a manifest text.
    Read(String),
    /// Admit a DaemonSet that was put together from parts, by the same defaults and
    /// validation as a text.
    Admit(Box<DaemonSet>),
    /// Print a DaemonSet as a manifest.
    Print(Box<DaemonSet>),
    /// What may stand at a byte of a text. JavaScript asks this and what follows
    /// (`www/editor/reader.js`); the answer is JSON.
    Complete(String, u32),
    /// What the field at a byte of a text means.
    Hover(String, u32),
    /// What would mend a text.
    Fixes(String),
    /// What comes of applying a text to a cluster.
    Apply(String, Box<Cluster>),
    /// Print a stored object.
    Show(Box<Subject>),
}

/// An answer.
#[derive(Clone, Debug, PartialEq, BorshSerialize, BorshDeserialize)]
pub enum Answer {
    /// What a text, or an object, holds.
    Reading(Reading),
    /// A manifest text, or JSON.
    Text(String),
    /// What comes of applying a text.
    Applied(Applied),
    /// A stored object.
    Printed(Printed),
}

/// Answers a question.
#[must_use]
pub fn answer(request: Request) -> Answer {
    answer_and_tell(request, &mut |_| {})
}

fn answer_and_tell(request: Request, tell: &mut dyn FnMut(u16)) -> Answer {
    match request {
        Request::Read(text) => Answer::Reading(read_and_tell(&text, tell)),
        Request::Admit(daemon_set) => Answer::Reading(admit(&daemon_set)),
        Request::Print(daemon_set) => Answer::Text(print_authored(*daemon_set)),
        Request::Complete(text, at) => Answer::Text(assist::complete(&text, byte(at)).to_string()),
        Request::Hover(text, at) => Answer::Text(assist::hover(&text, byte(at)).to_string()),
        Request::Fixes(text) => Answer::Text(json!(fix::fixes(&text, &read(&text).problems)).to_string()),
        Request::Show(subject) => Answer::Printed(show(&subject)),
        Request::Apply(text, cluster) => Answer::Applied(apply_and_tell(&text, *cluster, tell)),
    }
}

/// A place beyond all texts if it is too large for this machine.
fn byte(at: u32) -> usize {
    usize::try_from(at).unwrap_or(usize::MAX)
}

/// A stored DaemonSet as its author would write it.
#[must_use]
pub fn print_authored(mut daemon_set: DaemonSet) -> String {
    // Neither is an author's to write.
    for name in [LAST_APPLIED, well_known::DEPRECATED_TEMPLATE_GENERATION] {
        daemon_set.metadata.annotations.remove(name);
    }
    print_daemon_set(&daemon_set)
}

/// The API server's answer to a DaemonSet: with its defaults, or what is wrong with it.
#[must_use]
pub fn admit(daemon_set: &DaemonSet) -> Reading {
    read(&print_daemon_set(daemon_set))
}

/// Answers a question in bytes; `tell` hears how many thousandths of a long one are done.
///
/// # Errors
/// Bytes that are no question of this version.
pub fn answer_bytes(request: &[u8], tell: &mut dyn FnMut(u16)) -> Result<Vec<u8>, String> {
    let request = borsh::from_slice(request).map_err(|error| format!("not a question: {error}"))?;
    borsh::to_vec(&answer_and_tell(request, tell)).map_err(|error| format!("no answer: {error}"))
}

impl Reading {
    /// The DaemonSet in it, if it is the only object and nothing is wrong with it; otherwise
    /// the messages of what is.
    ///
    /// # Errors
    /// The errors, without the name of the object; never empty.
    pub fn into_daemon_set(self) -> Result<Box<DaemonSet>, Vec<String>> {
        let errors: Vec<String> =
            self.problems.iter().filter(|problem| problem.is_error()).map(|problem| problem.message.clone()).collect();
        let mut objects = self.into_objects().into_iter();
        match (errors.is_empty(), objects.next(), objects.next()) {
            (true, Some(Object::DaemonSet(daemon_set)), None) => Ok(daemon_set),
            (true, ..) => Err(vec!["not a DaemonSet".to_owned()]),
            (false, ..) => Err(errors),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(request: &Request) -> Answer {
        let answer = answer_bytes(&borsh::to_vec(request).unwrap(), &mut |_| {}).unwrap();
        borsh::from_slice(&answer).unwrap()
    }

    #[test]
    fn bytes_carry_everything() {
        let text = include_str!("../../app/presets/fluentd.yaml");
        let direct = read(text);
        assert_eq!(ask(&Request::Read(text.to_owned())), Answer::Reading(direct.clone()));
        let daemon_set = direct.into_daemon_set().unwrap();
        let Answer::Text(printed) = ask(&Request::Print(daemon_set.clone())) else { panic!("no text") };
        assert_eq!(read(&printed).into_daemon_set(), Ok(daemon_set));
    }

    #[test]
    fn javascript_asks_in_these_bytes() {
        let bytes = |request: &Request| borsh::to_vec(request).unwrap();
        assert_eq!(bytes(&Request::Complete("é".into(), 258)), [3, 2, 0, 0, 0, 0xc3, 0xa9, 2, 1, 0, 0]);
        assert_eq!(bytes(&Request::Hover("a".into(), 1)), [4, 1, 0, 0, 0, b'a', 1, 0, 0, 0]);
        assert_eq!(bytes(&Request::Fixes("a".into())), [5, 1, 0, 0, 0, b'a']);
        assert_eq!(bytes(&Request::Fixes(String::new())), [5, 0, 0, 0, 0]);
        assert_eq!(answer_bytes(&[5, 0, 0, 0, 0], &mut |_| {}).unwrap(), [1, 2, 0, 0, 0, b'[', b']']);
    }

    #[test]
    fn other_bytes_are_refused() {
        for bytes in [&[][..], &[9], &[0, 255, 255, 255, 255]] {
            assert!(answer_bytes(bytes, &mut |_| {}).is_err());
        }
    }
}
