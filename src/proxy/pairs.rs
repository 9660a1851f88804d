//! The pairs of socket types that a proxy accepts.

use crate::socket::{
    Channel, Dealer, Dish, Gather, Pair, Pub, Pull, Push, Radio, Router, Scatter, Socket, Sub,
    XPub, XSub, socket_types,
};

/// The pairs of socket types that a [`Proxy`](crate::Proxy) accepts.
///
/// | Frontend | Backend | Forwards |
/// |:---|:---|:---|
/// | [`Router`] | [`Dealer`] | requests, and replies back |
/// | [`XSub`] | [`XPub`] | publications, and subscriptions back |
/// | [`XSub`] | [`Pub`], [`Push`] | publications |
/// | [`Sub`], [`Pull`] | [`Pub`], [`XPub`], [`Push`], [`Dealer`], [`Pair`] | in one direction |
/// | [`Dealer`], [`Pair`] | [`Pub`], [`Push`] | in one direction |
/// | [`Gather`] | [`Scatter`], [`Pub`], [`Push`], [`Dealer`], [`Pair`] | in one direction |
/// | [`Dish`] | [`Radio`] | publications, each with its group |
/// | [`Pair`] | [`Pair`] | in both directions |
/// | [`Channel`] | [`Channel`] | in both directions |
/// | [`Dealer`] | [`Dealer`], [`Pair`] | in both directions |
///
/// Frontend and backend can be swapped. With a `Sub`, `Pull` or `Gather`, which do not send, the
/// proxy forwards in one direction, and does not read the subscriptions of an [`XPub`]. A [`Sub`]
/// or [`XSub`] without an `XPub` forwards the topics that it has subscribed to itself.
///
/// A [`Server`](crate::Server) and a [`Client`](crate::Client) are no such pair, because a reply
/// that a client receives does not carry the routing id of the peer that sent the request. Use a
/// [`ServerProxy`](crate::ServerProxy), which has a client for each peer.
/// ```compile_fail,E0277
/// # use libzmq::prelude::*;
/// proxy(Server::new().unwrap(), Client::new().unwrap());
/// ```
pub trait Joins<B>: Socket {}

macro_rules! pairs {
    ($($frontend:ident: $($backend:ident)*;)*) => {$($(
        impl Joins<$backend> for $frontend {}
        impl Joins<$frontend> for $backend {}
    )*)*};
}

pairs! {
    Router: Dealer;
    Dealer: Pair Pub Push;
    Pair: Pub Push;
    XSub: XPub Pub Push;
    Sub: Pub XPub Push Dealer Pair;
    Pull: Pub XPub Push Dealer Pair;
    Gather: Scatter Pub Push Dealer Pair;
    Dish: Radio;
}

impl Joins<Self> for Dealer {}
impl Joins<Self> for Pair {}
impl Joins<Self> for Channel {}

/// The frontend or backend of a proxy: a socket, or a borrowed one.
pub trait ProxyEnd {
    /// The socket type.
    type Socket: Socket;

    /// Returns the socket.
    fn socket(&self) -> &Self::Socket;
}

macro_rules! ends {
    ($($module:ident: $name:ident $builder:ident $config:ident = $constant:ident;)*) => {$(
        impl ProxyEnd for crate::$name {
            type Socket = Self;

            fn socket(&self) -> &Self {
                self
            }
        }

        impl ProxyEnd for &crate::$name {
            type Socket = crate::$name;

            fn socket(&self) -> &crate::$name {
                self
            }
        }
    )*};
}

socket_types!(ends);
