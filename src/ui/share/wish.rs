//! What the dialog shows, and what can be wished for.

use crate::base::Time;

/// What the dialog that shares and keeps shows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Share {
    /// The moment that the link leads to.
    pub at: Time,
    /// The whole link, or why there is none; `None` while it is made.
    pub link: Option<Result<String, String>>,
    /// What a person may not want to share, a sentence each.
    pub secrets: Vec<String>,
    /// The browser keeps things for the page.
    pub can_keep: bool,
    /// Names of what it keeps.
    pub kept: Vec<String>,
    /// One of them is to get another name.
    pub renaming: Option<String>,
    /// What came of the last wish.
    pub said: Option<Result<String, String>>,
}

/// A wish that concerns sharing and keeping.
#[derive(Clone, Debug, PartialEq)]
pub enum Sharing {
    /// Open the dialog.
    Open,
    /// Close it.
    Close,
    /// The link is made: the text of it and what to warn of.
    Linked(Result<(String, Vec<String>), String>),
    /// Say what came of a wish.
    Said(Result<String, String>),
    /// Put the link on the clipboard.
    CopyLink,
    /// Put the situation on the clipboard.
    CopyMarkdown,
    /// Hand the scenario out as a file.
    SaveFile,
    /// Open a file.
    OpenFile(web_sys::File),
    /// Hand the board out as a drawing.
    Svg,
    /// The same as pixels.
    Png,
    /// Keep the scenario by a name.
    Keep(String),
    /// Open what is kept by a name.
    OpenKept(String),
    /// Ask for another name.
    Renaming(String),
    /// Give what is kept another name.
    Rename(String, String),
    /// Forget what is kept by a name.
    Forget(String),
    /// The fragment of the address changed.
    Fragment,
    /// Go on where the last visit ended.
    Restore,
    /// Do not.
    StartFresh,
    /// Keep the cluster for the next visit; `false`: only the moment.
    Autosave(bool),
}
