//! A simulation of Kubernetes DaemonSets that runs in a web page and natively.
//!
//! `base → api → rules → sim → timeline → view → app → {ui, embed}` and `cli`: every module
//! uses only modules to its left (`tests/architecture.rs` proves it). ARCHITECTURE.md says
//! what each layer is and what it knows nothing of.

#![forbid(unsafe_code)]

pub mod api;
pub mod app;
pub mod base;
pub mod cli;
pub mod embed;
pub mod rules;
pub mod sim;
pub mod timeline;
pub mod ui;
pub mod view;
