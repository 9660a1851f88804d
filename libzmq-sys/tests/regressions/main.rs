//! Faults of libzmq 4.3.5 that the patches in `vendor/patches` fix. The field `Test:` of a patch
//! names the tests that fail without it; the other tests cover what a fix must not break.
//!
//! Most of these faults end the process or block for ever, so each case runs in a process of its
//! own: see [`harness`].

#[macro_use]
mod harness;
#[macro_use]
mod zmq;
mod wire;

mod authentication;
mod batches;
mod commands;
mod conflate;
mod contents;
mod contexts;
#[cfg(target_os = "linux")]
mod descriptors;
mod disconnect_peer;
mod endpoints;
#[cfg(target_os = "linux")]
mod environment;
mod exclusive_peers;
mod groups;
mod half_messages;
mod handshakes;
mod heartbeats;
mod high_water_marks;
mod identities;
mod inproc;
mod inproc_pending;
#[cfg(target_os = "linux")]
mod interfaces;
#[cfg(unix)]
mod ipc_paths;
mod late_marks;
mod memory_limits;
mod monitors;
#[cfg(target_os = "linux")]
mod names;
mod notifications;
mod options;
mod peers;
mod pipes;
mod proxies;
mod readable;
mod rebinding;
mod reconnects;
mod sessions;
mod socks;
mod subscriptions;
mod threads;
mod udp;
mod unread;
mod websockets;
mod ws_frames;
mod ws_protocols;
