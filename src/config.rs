//! The configurations of `libzmq` 0.2 by their names: each is the builder itself, which the feature `serde` makes a file format.

pub use crate::{
    ctx::CtxConfig,
    socket::{ClientConfig, ServerConfig},
};
