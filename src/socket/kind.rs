//! The types of socket as a value.

use std::fmt;

use libc::c_int;
use libzmq_sys as sys;

/// The types of socket, by the numbers that C gives them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[allow(missing_docs, reason = "each name is the name of its type")]
pub enum SocketType {
    Pair = sys::ZMQ_PAIR as isize,
    Pub = sys::ZMQ_PUB as isize,
    Sub = sys::ZMQ_SUB as isize,
    Req = sys::ZMQ_REQ as isize,
    Rep = sys::ZMQ_REP as isize,
    Dealer = sys::ZMQ_DEALER as isize,
    Router = sys::ZMQ_ROUTER as isize,
    Pull = sys::ZMQ_PULL as isize,
    Push = sys::ZMQ_PUSH as isize,
    XPub = sys::ZMQ_XPUB as isize,
    XSub = sys::ZMQ_XSUB as isize,
    Stream = sys::ZMQ_STREAM as isize,
    Server = sys::ZMQ_SERVER as isize,
    Client = sys::ZMQ_CLIENT as isize,
    Radio = sys::ZMQ_RADIO as isize,
    Dish = sys::ZMQ_DISH as isize,
    Gather = sys::ZMQ_GATHER as isize,
    Scatter = sys::ZMQ_SCATTER as isize,
    Dgram = sys::ZMQ_DGRAM as isize,
    Peer = sys::ZMQ_PEER as isize,
    Channel = sys::ZMQ_CHANNEL as isize,
}

impl SocketType {
    const ALL: [Self; 21] = [
        Self::Pair,
        Self::Pub,
        Self::Sub,
        Self::Req,
        Self::Rep,
        Self::Dealer,
        Self::Router,
        Self::Pull,
        Self::Push,
        Self::XPub,
        Self::XSub,
        Self::Stream,
        Self::Server,
        Self::Client,
        Self::Radio,
        Self::Dish,
        Self::Gather,
        Self::Scatter,
        Self::Dgram,
        Self::Peer,
        Self::Channel,
    ];

    /// The type that C gives that number.
    pub(crate) fn from_c(number: c_int) -> Option<Self> {
        Self::ALL.into_iter().find(|socket_type| *socket_type as c_int == number)
    }
}

impl fmt::Display for SocketType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}
