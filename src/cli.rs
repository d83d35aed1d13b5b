//! Native commands of the engine: conformance vectors, and the fidelity page. Knows nothing
//! of the DOM.

pub mod conformance;
pub mod fidelity;
