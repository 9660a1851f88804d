//! Values that have no type of their own elsewhere.

use bitflags::bitflags;
use libzmq_sys as sys;

/// How many messages may wait for one peer before the socket is in its mute state: then it blocks,
/// or drops, as its type has it. Zero means no limit.
///
/// ```
/// use libzmq::{opt, prelude::*, *};
///
/// # fn main() -> Result<(), anyhow::Error> {
/// let client = ClientBuilder::new().send_hwm(10).recv_hwm(HighWaterMark::UNLIMITED).build()?;
/// assert_eq!(client.get(opt::SendHwm)?, HighWaterMark::from(10));
/// assert_eq!(client.recv_hwm()?, 0);
/// #     Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct HighWaterMark(pub(super) i32);

impl HighWaterMark {
    /// No limit but memory.
    pub const UNLIMITED: Self = Self(0);

    /// The number of messages, with zero for no limit.
    pub const fn get(self) -> i32 {
        self.0
    }
}

/// The number of messages. What takes a high water mark refuses a negative one.
impl From<i32> for HighWaterMark {
    fn from(messages: i32) -> Self {
        Self(messages)
    }
}

impl From<HighWaterMark> for i32 {
    fn from(mark: HighWaterMark) -> Self {
        mark.0
    }
}

bitflags! {
    /// On what a socket gives up a connection, rather than to try again after
    /// [`ReconnectInterval`](crate::opt::ReconnectInterval).
    ///
    /// A connection that is given up is as one that was disconnected: connect anew to try again.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
    pub struct ReconnectStop: i32 {
        /// The peer refused the connection, over tcp, ipc and WebSocket.
        const CONNECTION_REFUSED = sys::ZMQ_RECONNECT_STOP_CONN_REFUSED as i32;
        /// The handshake failed: the socket types or mechanisms do not fit, the peer was refused or
        /// broke the protocol, took too long, or hung up. An error after the handshake is not meant.
        const HANDSHAKE_FAILED = sys::ZMQ_RECONNECT_STOP_HANDSHAKE_FAILED as i32;
        /// The socket disconnected from the endpoint. Otherwise it may connect again for messages
        /// that still wait, for as long as [`Linger`](crate::opt::Linger) says.
        const AFTER_DISCONNECT = sys::ZMQ_RECONNECT_STOP_AFTER_DISCONNECT as i32;
    }
}

bitflags! {
    /// What a [`Router`](crate::Router) is told of its peers, with an empty message from them.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
    pub struct RouterNotify: i32 {
        /// That a peer came.
        const CONNECT = sys::ZMQ_NOTIFY_CONNECT as i32;
        /// That a peer went.
        const DISCONNECT = sys::ZMQ_NOTIFY_DISCONNECT as i32;
    }
}
