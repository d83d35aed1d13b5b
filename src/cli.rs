//! Native commands of the engine: conformance vectors, benchmarks, and the fidelity page. Knows nothing
//! of the DOM.

pub mod bench;
pub mod conformance;
pub mod fidelity;
