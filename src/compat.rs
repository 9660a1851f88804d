//! Names that exist for programs written for `libzmq` 0.2: what they did is done elsewhere now.

/// The configurations of `libzmq` 0.2 by their names: each is the builder itself, which the feature
/// `serde` makes a file format.
pub mod config {
    pub use crate::{auth::AuthConfig, ctx::CtxConfig};

    macro_rules! configurations {
        ($($module:ident: $name:ident $builder:ident $config:ident = $constant:ident;)*) => {
            pub use crate::socket::{$($config),*};
        };
    }

    crate::socket::socket_types!(configurations);
}

use crate::socket::builder::Builder;

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
