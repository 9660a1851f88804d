use crate::socket::{
    Channel, Dealer, Dish, Gather, Pair, Pub, Pull, Push, Radio, Router, Scatter, Socket, Sub,
    XPub, XSub, socket_types,
};

/// Sockets that make sense on the two sides of a proxy: what one receives the other can send.
///
/// | Frontend | Backend | |
/// |:---|:---|:---|
/// | [`Router`] | [`Dealer`] | requests and replies |
/// | [`XSub`] | [`XPub`] | publications, and subscriptions the other way |
/// | [`XSub`] | [`Pub`], [`Push`] | publications |
/// | [`Sub`], [`Pull`] | [`Pub`], [`XPub`], [`Push`], [`Dealer`], [`Pair`] | one way |
/// | [`Dealer`], [`Pair`] | [`Pub`], [`Push`] | one way |
/// | [`Gather`] | [`Scatter`], [`Pub`], [`Push`], [`Dealer`], [`Pair`] | one way |
/// | [`Dish`] | [`Radio`] | publications, each with its group |
/// | [`Pair`] | [`Pair`] | both ways |
/// | [`Channel`] | [`Channel`] | both ways |
/// | [`Dealer`] | [`Dealer`], [`Pair`] | both ways |
///
/// The sides may be swapped. A way that ends at a `Sub`, `Pull` or `Gather`, which send nothing, does
/// not exist: the proxy does not read subscriptions of an [`XPub`] then. A [`Sub`] or [`XSub`] without
/// an `XPub` on the other side passes on what it was subscribed to itself.
///
/// A [`Server`](crate::Server) and a [`Client`](crate::Client) are not among them: what comes back
/// through one client does not say who had asked. A [`ServerProxy`](crate::ServerProxy) stands
/// between them, with a client for each who asks.
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

/// One side of a proxy: a socket or a borrow of one.
pub trait ProxyEnd {
    /// The type of socket.
    type Socket: Socket;

    /// The socket.
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
