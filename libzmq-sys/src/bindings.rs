//! The declarations that bindgen generated from `zmq.h`. They are committed, so that a build does
//! not need libclang. The feature `bindgen` generates them again.

/// The stable part of `zmq.h`.
pub(crate) mod stable {
    use crate::types::*;

    #[cfg(feature = "bindgen")]
    include!(concat!(env!("OUT_DIR"), "/stable.rs"));
    #[cfg(not(feature = "bindgen"))]
    include!("bindings/stable.rs");
}

/// The part under `ZMQ_BUILD_DRAFT_API`.
pub(crate) mod draft {
    use super::stable::*;
    use crate::types::*;

    #[cfg(feature = "bindgen")]
    include!(concat!(env!("OUT_DIR"), "/draft.rs"));
    #[cfg(not(feature = "bindgen"))]
    include!("bindings/draft.rs");
}
