//! The reasons why a connection ended.

use std::fmt;

use crate::{
    error::{Error, ErrorKind},
    raw::Errno,
};

/// The reason why a connection ended. [`Event::reason`](super::Event::reason) returns it.
///
/// ```
/// use libzmq::monitor::DisconnectReason;
///
/// assert_eq!(DisconnectReason::TimedOut.to_string(), "timed out");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DisconnectReason {
    /// The peer closed the connection, or its process ended.
    ClosedByPeer,
    /// The handshake took longer than [`HandshakeInterval`](crate::opt::HandshakeInterval), the
    /// peer did not answer a [heartbeat](crate::Heartbeat) in time, or the network timed out.
    TimedOut,
    /// The peer announced a message longer than [`MaxMsgSize`](crate::opt::MaxMsgSize).
    MessageTooLong,
    /// The peer violated the protocol, was not authenticated, or sent a message that the socket
    /// type cannot receive, such as a reply without its empty frame to a [`Req`](crate::Req). If
    /// the handshake failed, the previous event has the details.
    Protocol,
    /// There was not enough memory for a message of the announced size.
    OutOfMemory,
    /// The network reported this error, such as a reset of the connection.
    Network(ErrorKind),
}

impl DisconnectReason {
    pub(super) fn of(number: u64) -> Self {
        match i32::try_from(number).unwrap_or(0) {
            libc::EPIPE => Self::ClosedByPeer,
            libc::ETIMEDOUT => Self::TimedOut,
            libc::EMSGSIZE => Self::MessageTooLong,
            libc::EPROTO => Self::Protocol,
            libc::ENOMEM => Self::OutOfMemory,
            errno => Self::Network(Error::c(Errno(errno), "monitor").kind()),
        }
    }
}

impl fmt::Display for DisconnectReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ClosedByPeer => f.write_str("closed by the peer"),
            Self::TimedOut => f.write_str("timed out"),
            Self::MessageTooLong => f.write_str("the peer announced a message that is too long"),
            Self::Protocol => f.write_str("protocol error or failed handshake"),
            Self::OutOfMemory => f.write_str("out of memory"),
            Self::Network(kind) => write!(f, "{kind}"),
        }
    }
}
