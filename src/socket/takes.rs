//! Which socket types accept which options: the implementations of `TakenBy`.

use super::{
    Client, Dealer, Dgram, Dish, Peer, Pub, Pull, Push, Radio, Rep, Req, Router, Server, Socket,
    Stream, Sub, XPub, XSub, heartbeat::Heartbeating, recv::Receives, send::Sends,
};
use crate::option::{TakenBy, opt, option_table};

macro_rules! takers {
    ($(
        $(#[$doc:meta])*
        $option:ident $name:ident = $constant:ident: $codec:ty, [$($access:ident)*], $takers:tt;
    )*) => {
        $(taken!($option $takers);)*
    };
}

macro_rules! taken {
    ($option:ident { $($socket:ident)* }) => { $(impl TakenBy<$socket> for opt::$option {})* };
    ($option:ident $capability:ident) => { impl<S: $capability> TakenBy<S> for opt::$option {} };
}

option_table!(takers);
