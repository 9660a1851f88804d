//! The socket options: a type for each, in the order of the C header.
//!
//! Pass one to [`Socket::get`](crate::prelude::Socket::get), to
//! [`Socket::set`](crate::prelude::Socket::set), or to [`Builder::option`](crate::Builder::option).
//! The module [`option`](super) explains them.

use libc::c_int;
use libzmq_sys as sys;

use super::{
    Buildable, Gettable, Settable, SocketOption, codec::*, id, sealed, table::option_table,
};
use crate::raw::Size;

macro_rules! options {
    ($(
        $(#[$doc:meta])*
        $option:ident $name:ident = $constant:ident: $codec:ty, [$($access:ident)*], $takers:tt;
    )*) => {
        $(
            $(#[$doc])*
            #[doc = concat!(
                "\n\n| Characteristic | Value |\n|:---|:---|\n",
                "| Accepted by | ", takers!($takers), " |\n",
                "| Access | ", access_of!([$($access)*]), " |\n",
                "| Name in builder and file | `", stringify!($name), "` |\n",
                "\n# C API\n`", stringify!($constant), "`"
            )]
            #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
            pub struct $option;

            impl SocketOption for $option {
                type Value = <$codec as Codec>::Value;
                const NAME: &'static str = stringify!($name);

                fn encode(value: &Self::Value) -> Result<Vec<u8>, &'static str> {
                    <$codec>::encode(value)
                }

                fn decode(bytes: &[u8]) -> Option<Self::Value> {
                    <$codec>::decode(bytes)
                }
            }

            impl sealed::Row for $option {
                const ID: c_int = id(sys::$constant);
                const SIZE: Size = <$codec>::SIZE;
                const GET: &'static str = concat!("get ", stringify!($name));
                const SET: &'static str = concat!("set ", stringify!($name));
            }

            $(access!($access $option);)*
        )*
    };
}

/// The socket types that accept an option, for its page.
macro_rules! takers {
    (Socket) => { "all socket types" };
    (Sends) => { "all socket types that send" };
    (Receives) => { "all socket types that receive" };
    (Heartbeating) => { "all socket types with [heartbeats](crate::Heartbeat)" };
    ({ $first:ident $($socket:ident)* }) => {
        concat!(
            "[`", stringify!($first), "`](crate::", stringify!($first), ")",
            $(", [`", stringify!($socket), "`](crate::", stringify!($socket), ")",)*
        )
    };
}

/// How an option can be read and set, for its page.
macro_rules! access_of {
    ([get]) => {
        "read only"
    };
    ([get build]) => {
        "read; set before the first `bind` or `connect`, in a builder"
    };
    ([build]) => {
        "set before the first `bind` or `connect`, in a builder"
    };
    ([get set]) => {
        "read and set"
    };
    ([set]) => {
        "set only"
    };
    ([get set secret]) => {
        "read and set; never printed"
    };
    ([set secret]) => {
        "set only; never printed"
    };
}

/// Implements the traits of an option's access.
macro_rules! access {
    (get $option:ident) => {
        impl Gettable for $option {}
    };
    (set $option:ident) => {
        impl Settable for $option {}
        impl Buildable for $option {}
    };
    (build $option:ident) => {
        impl Buildable for $option {}
    };
    (secret $option:ident) => {};
}

option_table!(options);
