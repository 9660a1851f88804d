//! What bindgen made of `zmq.h`: committed, so that nobody needs libclang; the feature `bindgen`
//! makes it anew.

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
