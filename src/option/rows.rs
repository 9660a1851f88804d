//! The option table at run time, for builders and configuration files.

use std::fmt;

use libc::c_int;
use libzmq_sys as sys;

#[cfg(feature = "serde")]
use super::Takers;
use super::{codec::*, id, table::option_table};
#[cfg(feature = "serde")]
use crate::socket::kind::SocketType;

/// What the builder and its configuration file need to know about an option.
pub(crate) struct Row {
    pub(crate) name: &'static str,
    pub(crate) id: c_int,
    /// The operation in the error of setting the option.
    pub(crate) set: &'static str,
    #[cfg(feature = "serde")]
    pub(crate) takers: Takers,
    /// Whether it can be set in a builder.
    #[cfg(feature = "serde")]
    pub(crate) buildable: bool,
    /// Whether it must be set before the first `bind` or `connect`.
    pub(crate) before_attaching: bool,
    /// Whether its value must not be printed.
    pub(crate) secret: bool,
    pub(crate) show: Show,
    #[cfg(feature = "serde")]
    pub(crate) plain: super::file::Converter,
}

/// Formats a value from the bytes of C, as the option's methods take it.
pub(crate) type Show = fn(&[u8], &mut fmt::Formatter<'_>) -> fmt::Result;

macro_rules! rows {
    ($(
        $(#[$doc:meta])*
        $option:ident $name:ident = $constant:ident: $codec:ty, [$($access:ident)*], $takers:tt;
    )*) => {
        /// All options, in the order in which a builder sets them.
        pub(crate) static ROWS: &[Row] = &[$(
            Row {
                name: stringify!($name),
                id: id(sys::$constant),
                set: concat!("set ", stringify!($name)),
                #[cfg(feature = "serde")]
                takers: takers!($takers),
                #[cfg(feature = "serde")]
                buildable: any!((set build) $($access)*),
                before_attaching: any!((build) $($access)*),
                secret: any!((secret) $($access)*),
                show: |bytes, f| {
                    <$codec>::decode(bytes).map_or(Ok(()), |value| <$codec>::show(&value, f))
                },
                #[cfg(feature = "serde")]
                plain: super::file::Converter::of::<$codec>(),
            }
        ),*];
    };
}

/// A function that returns whether a socket type accepts an option.
#[cfg(feature = "serde")]
macro_rules! takers {
    ({ $($socket:ident)* }) => { |kind| matches!(kind.socket_type, $(SocketType::$socket)|*) };
    (Socket) => { |_| true };
    (Sends) => { |kind| kind.sends };
    (Receives) => { |kind| kind.receives };
    (Heartbeating) => { |kind| kind.heartbeats };
}

/// Whether a list contains a word.
macro_rules! any {
    ((set build) set $($rest:ident)*) => { true };
    ((set build) build $($rest:ident)*) => { true };
    ((build) build $($rest:ident)*) => { true };
    ((secret) secret $($rest:ident)*) => { true };
    ($words:tt $other:ident $($rest:ident)*) => { any!($words $($rest)*) };
    ($words:tt) => { false };
}

option_table!(rows);
