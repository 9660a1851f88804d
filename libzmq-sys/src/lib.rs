//! The raw C declarations of libzmq 4.3.5 with its draft API, and that libzmq, compiled from source
//! and linked.
//!
//! Programs want the crate `libzmq`, which is the safe face of this one. What each function does is
//! told by [libzmq's manual](https://libzmq.readthedocs.io); the names here are those of `zmq.h`.
//!
//! ```
//! let (mut major, mut minor, mut patch) = (0, 0, 0);
//! // SAFETY: the pointers are to three integers that live through the call.
//! unsafe { libzmq_sys::zmq_version(&mut major, &mut minor, &mut patch) };
//! assert_eq!((major, minor), (4, 3));
//! ```
//!
//! # Features
//! - `curve`: CURVE encryption and authentication, on libsodium, which is compiled as well
//! - `wss`: WebSocket over TLS, on the system's GnuTLS, found by pkg-config
//! - `system`: link the system's libzmq, found by pkg-config
//! - `bindgen`: make the declarations anew from `zmq.h`; this takes libclang
//!
//! # Which libzmq is linked
//! By default one that is compiled from upstream's sources, with patches for known bugs; that takes
//! a C++ compiler. Others can be had by environment variables of the build. Each is looked up with
//! the target before it first (`X86_64_UNKNOWN_LINUX_GNU_LIBZMQ_SOURCE_DIR`), then as it is.
//! - `LIBZMQ_SOURCE_DIR`: the root of another libzmq source tree, which is built by its own CMake
//! - `LIBZMQ_NO_VENDOR=1`: the same as the feature `system`
//!
//! A libzmq without the draft API is refused. `CXX`, `CXXFLAGS` and their kin work as everywhere.
//!
//! # What a dependent's build script is told
//! - `DEP_ZMQ_INCLUDE`: the folder of `zmq.h`
//! - `DEP_ZMQ_LIB`: the folder of the library; not set if it is where every linker looks
//! - `DEP_ZMQ_ROOT`: the folder that both are in
//! - `DEP_ZMQ_VERSION`: the version, as `4.3.5`
//! - `DEP_ZMQ_HAS`: what it can do, with commas: `draft`, `patches` if ours are in, `curve`, `ipc`,
//!   `tipc`, `ws`, `wss` ...

#![allow(non_camel_case_types)]

#[allow(missing_docs, clippy::all)]
mod bindings;
mod errno;
mod patches;
mod types;

// Named so that it is linked: nothing here calls it, libzmq does.
#[cfg(feature = "curve")]
use libsodium_sys as _;

pub use bindings::draft::*;
pub use bindings::stable::*;
pub use errno::*;
pub use patches::*;
pub use types::*;

/// For the crate `libzmq` alone, whose features cannot take a dependency on Windows only.
#[cfg(all(windows, feature = "async-io"))]
#[doc(hidden)]
pub use async_io;

/// The version as one number, `40305` for 4.3.5.
pub const ZMQ_VERSION: u32 =
    ZMQ_VERSION_MAJOR * 10_000 + ZMQ_VERSION_MINOR * 100 + ZMQ_VERSION_PATCH;

/// Socket option, an integer as a flag: a connecting WebSocket socket offers only the subprotocol
/// `ZWS2.0`, which has no mechanism, unless it has a mechanism or a ZAP domain. Only a libzmq with
/// our patches has it.
pub const ZMQ_WS_NO_MECHANISM: u32 = 1010;
