//! Names for programs that were written for `libzmq` 0.2.

/// The configuration types of `libzmq` 0.2. Each is an alias of the builder, which can be
/// serialized and deserialized with the feature `serde`.
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

/// A trait of 0.2 without methods: its methods are methods of the [`Builder`] now.
pub trait BuildSocket {}

/// A trait of 0.2 without methods: its methods are methods of the [`Builder`] now.
pub trait BuildSend {}

/// A trait of 0.2 without methods: its methods are methods of the [`Builder`] now.
pub trait BuildRecv {}

/// A trait of 0.2 without methods: its methods are methods of the [`Builder`] now.
pub trait BuildHeartbeating {}

impl<S> BuildSocket for Builder<S> {}
impl<S> BuildSend for Builder<S> {}
impl<S> BuildRecv for Builder<S> {}
impl<S> BuildHeartbeating for Builder<S> {}
