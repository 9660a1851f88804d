//! The tests of the crate that need no process of their own, by what they test.

#[path = "../common/mod.rs"]
mod common;

mod addr;
mod aio;
mod auth;
mod authenticator;
mod blocking;
mod builder;
mod c_api;
mod client_server;
#[cfg(feature = "serde")]
mod configuration;
#[cfg(zmq_has = "patches")]
mod connected;
mod ctx;
#[cfg(zmq_has = "disconnect_peer")]
mod disconnect_peer;
mod error_texts;
mod key_files;
#[cfg(zmq_has = "patches")]
mod last_value;
mod links;
mod monitor;
mod msg;
mod options;
mod owners;
mod poll;
mod proxy;
mod readme;
mod router;
#[cfg(zmq_has = "patches")]
mod security;
mod server_proxy;
#[cfg(feature = "service")]
mod service;
mod sharing;
mod sockets;
#[cfg(zmq_has = "patches")]
mod spin;
#[cfg(zmq_has = "patches")]
mod stop;
mod threads;
mod timeouts;
#[cfg(feature = "tracing")]
mod trace;
mod types;
