//! The traits of this crate, for `use libzmq::prelude::*`.

pub use std::convert::{TryFrom, TryInto};

pub use crate::{
    builder::{BuildHeartbeating, BuildRecv, BuildSend, BuildSocket},
    heartbeat::Heartbeating,
    monitor::Monitored,
    recv::{Receives, RecvMsg, RecvMultipart},
    send::{SendMsg, SendMultipart, Sends},
    socket::{Socket, Subscribes},
};
