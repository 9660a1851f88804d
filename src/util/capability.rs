//! Capabilities, which a libzmq may have or lack.

use std::fmt;

use crate::raw;

/// A capability of libzmq: a transport or mechanism that it may be built with or without. [`has`]
/// returns whether the linked libzmq has it.
///
/// Every libzmq has the transports tcp and inproc, and the mechanisms NULL and PLAIN.
///
/// # C API
/// The arguments of `zmq_has`. [`Display`](fmt::Display) formats these names.
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
    /// The draft API. Every libzmq that this crate links has it.
    Draft,
    /// The transport ws.
    Ws,
    /// The transport wss: the feature `wss`.
    Wss,
}

impl Capability {
    /// All capabilities.
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

    /// The name in C, which spells WebSocket transports in capitals.
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

/// Returns whether the linked libzmq has a capability. Does not block.
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
