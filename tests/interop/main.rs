//! Programs of others, in other languages. Without node, npm and python these tests say that they
//! do nothing; with `CI` set they fail.

#[path = "../common/mod.rs"]
mod common;

mod node;
mod pyzmq;
mod websockets;
