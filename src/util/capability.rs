//! What a libzmq can do that another may not.

use std::fmt;

use crate::raw;

/// Something that libzmq can be compiled with or without. [`has`] tells which of them this one has.
///
/// The transports tcp and inproc, and the mechanisms NULL and PLAIN, are in every libzmq.
///
/// # C API
/// The names that `zmq_has` takes, which are what [`Display`](fmt::Display) shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Capability {
    /// The transport ipc.
    Ipc,
    /// The transports pgm and epgm.
    Pgm,
    /// The transport tipc.
    Tipc,
    /// The transport norm.
    Norm,
    /// The mechanism CURVE: the feature `curve`.
    Curve,
    /// The mechanism GSSAPI.
    Gssapi,
    /// The transport vmci.
    Vmci,
    /// The draft API. This crate needs it, so every libzmq that it links has it.
    Draft,
    /// The transport ws.
    Ws,
    /// The transport wss: the feature `wss`.
    Wss,
}

impl Capability {
    /// Every capability that this crate knows of.
    pub const ALL: &'static [Self] = &[
        Self::Ipc,
        Self::Pgm,
        Self::Tipc,
        Self::Norm,
        Self::Curve,
        Self::Gssapi,
        Self::Vmci,
        Self::Draft,
        Self::Ws,
        Self::Wss,
    ];

    /// The name in C, where the transports of RFC 45 are in capitals.
    const fn name(self) -> &'static str {
        match self {
            Self::Ipc => "ipc",
            Self::Pgm => "pgm",
            Self::Tipc => "tipc",
            Self::Norm => "norm",
            Self::Curve => "curve",
            Self::Gssapi => "gssapi",
            Self::Vmci => "vmci",
            Self::Draft => "draft",
            Self::Ws => "WS",
            Self::Wss => "WSS",
        }
    }
}

impl fmt::Display for Capability {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// Whether the libzmq that runs was compiled with that capability. Any thread may ask, and nothing
/// blocks.
///
/// ```
/// use libzmq::{Capability, has};
///
/// assert!(has(Capability::Draft));
/// assert_eq!(has(Capability::Ipc), cfg!(unix));
///
/// for capability in Capability::ALL {
///     println!("{capability}: {}", has(*capability));
/// }
/// ```
///
/// # C API
/// `zmq_has`
#[doc(alias = "zmq_has")]
pub fn has(capability: Capability) -> bool {
    raw::has(capability.name())
}
