//! The traits that builders had in `libzmq` 0.2. What they did, builders do themselves; programs
//! that import the names go on compiling.

use super::Builder;

/// Implemented by every builder. Its methods are the builder's own.
pub trait BuildSocket {}

/// Implemented by every builder. Its methods are the builder's own.
pub trait BuildSend {}

/// Implemented by every builder. Its methods are the builder's own.
pub trait BuildRecv {}

/// Implemented by every builder. Its methods are the builder's own.
pub trait BuildHeartbeating {}

impl<S> BuildSocket for Builder<S> {}
impl<S> BuildSend for Builder<S> {}
impl<S> BuildRecv for Builder<S> {}
impl<S> BuildHeartbeating for Builder<S> {}
