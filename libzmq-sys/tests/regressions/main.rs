//! What libzmq 4.3.5 does wrong, and our patches (`vendor/patches`) mend: each test here fails
//! without its patch.
//!
//! Most of these bugs end the process or never return, so that every case runs in a process of its
//! own: see [`harness`].

#[macro_use]
mod harness;
#[macro_use]
mod zmq;
mod wire;

mod batches;
mod conflate;
mod contexts;
#[cfg(target_os = "linux")]
mod descriptors;
mod endpoints;
#[cfg(target_os = "linux")]
mod environment;
mod groups;
mod halves;
mod identities;
mod inproc;
#[cfg(target_os = "linux")]
mod interfaces;
#[cfg(unix)]
mod ipc_paths;
mod logins;
mod marks;
mod monitors;
#[cfg(target_os = "linux")]
mod names;
mod peers;
mod pending;
mod pipes;
mod proxies;
mod readable;
mod rebinding;
mod reconnects;
mod sessions;
mod socks;
mod threads;
mod topics;
mod udp;
mod unbound;
mod versions;
mod websockets;
mod ws_frames;
mod ws_protocols;
