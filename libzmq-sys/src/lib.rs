//! The C declarations of libzmq 4.3.5 with its draft API. The crate compiles libzmq from source and
//! links it.
//!
//! Programs use the crate `libzmq`, the safe API on top of this one. The names are those of
//! `zmq.h`; the [manual of libzmq](https://libzmq.readthedocs.io) describes them.
//!
//! ```
//! let (mut major, mut minor, mut patch) = (0, 0, 0);
//! // SAFETY: the pointers are to three integers that live across the call.
//! unsafe { libzmq_sys::zmq_version(&mut major, &mut minor, &mut patch) };
//! assert_eq!((major, minor), (4, 3));
//! ```
//!
//! # Features
//! | Feature | What it does |
//! |:---|:---|
//! | `curve` | adds CURVE, with the cryptography of the crate `dryoc` |
//! | `libsodium` | adds CURVE, with libsodium instead, which is compiled as well |
//! | `wss` | adds WebSocket over TLS, with the system's GnuTLS, which pkg-config finds |
//! | `system` | links the system's libzmq, which pkg-config finds |
//! | `bindgen` | generates the declarations from `zmq.h`; needs libclang |
//!
//! # Which libzmq is linked
//! By default the build script compiles upstream's sources with patches for known bugs, which needs
//! a C++ compiler. Environment variables of the build select another libzmq:
//!
//! | Variable | Meaning |
//! |:---|:---|
//! | `LIBZMQ_SOURCE_DIR` | the root of another libzmq source tree, which its own CMake builds |
//! | `LIBZMQ_NO_VENDOR=1` | like the feature `system` |
//!
//! The build script reads each variable first with the target as a prefix, such as
//! `X86_64_UNKNOWN_LINUX_GNU_LIBZMQ_SOURCE_DIR`. It refuses a libzmq without the draft API. `CXX`,
//! `CXXFLAGS` and similar variables apply.
//!
//! # Variables for build scripts of dependents
//! | Variable | Value |
//! |:---|:---|
//! | `DEP_ZMQ_INCLUDE` | the folder of `zmq.h` |
//! | `DEP_ZMQ_LIB` | the folder of the library; not set for a default folder of the linker |
//! | `DEP_ZMQ_ROOT` | the folder that contains both |
//! | `DEP_ZMQ_VERSION` | the version, such as `4.3.5` |
//! | `DEP_ZMQ_HAS` | capabilities, with commas: `draft`, `patches`, `disconnect_peer`, `curve`, `ipc` ... |

#![allow(non_camel_case_types)]

#[allow(missing_docs, clippy::all)]
mod bindings;
#[cfg(all(feature = "curve", not(feature = "libsodium")))]
mod curve;
mod errno;
mod patches;
mod types;

// Imported so that it is linked: only libzmq calls it.
#[cfg(feature = "libsodium")]
use libsodium_sys as _;

pub use bindings::draft::*;
pub use bindings::stable::*;
pub use errno::*;
pub use patches::*;
pub use types::*;

/// For the crate `libzmq` only, whose features cannot add a dependency for Windows only.
#[cfg(all(windows, feature = "async-io"))]
#[doc(hidden)]
pub use async_io;

/// The version as one number, `40305` for 4.3.5.
pub const ZMQ_VERSION: u32 =
    ZMQ_VERSION_MAJOR * 10_000 + ZMQ_VERSION_MINOR * 100 + ZMQ_VERSION_PATCH;

/// A socket option, an `int` of 0 or 1: a WebSocket socket that connects offers only the
/// subprotocol `ZWS2.0`, which has no mechanism, unless it has a mechanism or a ZAP domain. Only a
/// libzmq with our patches has it.
pub const ZMQ_WS_NO_MECHANISM: u32 = 1010;
