//! The socket options, each a type of its own, in the order of the C header.

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
            #[doc = concat!("\n\n# C API\n`", stringify!($constant), "`")]
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

/// What can be done with an option.
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
