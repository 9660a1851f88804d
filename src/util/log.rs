//! What is reported with the feature `tracing`. No event has a secret in it, and a subscriber that
//! panics does not end what is reported.

use std::fmt::Display;

/// Functions that report an event, with their arguments as its fields.
macro_rules! events {
    ($($(#[$doc:meta])* $level:ident $name:ident($($field:ident),*) $text:literal;)*) => {$(
        $(#[$doc])*
        pub(crate) fn $name($($field: impl Display),*) {
            #[cfg(feature = "tracing")]
            $crate::raw::contained(|| tracing::$level!($($field = %$field,)* $text));
            #[cfg(not(feature = "tracing"))]
            let _ = ($($field,)*);
        }
    )*};
}

events! {
    /// The handler let a peer in.
    debug peer_allowed(domain, address, mechanism, user)
        "the authentication handler accepted a peer";
    /// The handler refused a peer. The name that it gave is left out, because it may be a password
    /// in the wrong place.
    warn peer_refused(domain, address, mechanism, status, reason)
        "the authentication handler refused a peer";
    /// A call that waited for a connection has none.
    warn not_connected(endpoint, reason)
        "a connection was not made";
    /// A secret key is not only its owner's.
    warn exposed_key_file(path)
        "others than the owner may read or change a file with a secret key";
    /// A file of the folder of keys is none.
    warn refused_key_file(path, error)
        "a file in the folder of public keys is no certificate";
    /// The folder of keys cannot be read.
    warn unreadable_key_folder(path, error)
        "the folder of public keys cannot be read, so none of its keys is accepted";
}
