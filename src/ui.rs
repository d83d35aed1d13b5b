//! The page: Yew components that are pure functions of small value props, and [`App`], which
//! holds the session and what the person looks at. Nothing here decides anything about
//! Kubernetes: a component shows values of `view` and asks for things by `app::Intent`.
//!
//! Yew matches children without keys by their position: a list that may change its length is
//! the only child of its element, or collected into one `Html`.
//!
//! All that moves by itself is here as well: [`flip`] carries pods and cards from where they
//! were to where they are, [`progress`] fills the bars of what is under way. Both change
//! only `transform` and `opacity`, and both through the CSSOM or the Web Animations API:
//! the page's content security policy forbids style attributes.

pub mod actions;
mod actor_select;
pub mod app;
pub mod board;
pub mod choice;
pub mod desk;
mod dom;
pub mod events;
mod flip;
pub mod format;
pub mod futures;
pub mod glyph;
mod hand;
pub mod header;
pub mod help;
pub mod icon;
mod keys;
pub mod live;
pub mod looking;
pub mod lower;
pub mod manifest;
pub mod menu;
pub mod modal;
pub mod notices;
pub mod palette;
pub mod popover;
mod progress;
mod reader;
pub mod rollout;
pub mod scenario;
pub mod share;
mod shared;
pub mod side;
mod sizes;
mod tabs;
pub mod tags;
mod text_field;
pub mod text_view;
pub mod timeline;

pub use app::App;
pub use shared::Shared;
