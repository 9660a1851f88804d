//! What this package measures, each in a process of its own: this crate, and libzmq through its C
//! functions.

mod api;
pub mod asynchronous;
pub mod blocking;
pub mod c;
pub mod links;
