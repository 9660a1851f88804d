//! Authentication and encryption of connections: NULL, PLAIN and CURVE.
//!
//! Every connection begins with a handshake. Both peers must use the same mechanism, one as its
//! server and the other as its client, independent of which one bound. A socket has one
//! [`Mechanism`] for all its connections. Set it before the first `bind` or `connect`:
//! `builder.mechanism(...)`, or `socket.set_mechanism(...)`. If the mechanisms do not match, the
//! handshake fails.
//!
//! | mechanism | server identifies clients by | client identifies the server by | on the wire |
//! |:---|:---|:---|:---|
//! | NULL, the default | their IP addresses | nothing | in the clear |
//! | PLAIN | a user name and a password | nothing | in the clear, the password too |
//! | CURVE | their public keys | its public key | encrypted, authenticated, forward secrecy |
//!
//! Only CURVE protects traffic against eavesdroppers and manipulation: use PLAIN on trusted
//! networks, or over `ipc`. CURVE needs the feature `curve`. `inproc` has no wire, and `udp` and
//! multicast have no handshake: mechanisms do not apply to them.
//!
//! A mechanism transfers a client's credentials but does not check them. For each client, libzmq
//! sends a request to the authentication handler of the server's context. Without a handler the
//! server refuses all clients, unlike in C. An [`AuthClient`] or an [`AuthBuilder`] starts the
//! handler and sets its rules.
//!
//! ```
//! use libzmq::{auth::*, prelude::*};
//!
//! # fn main() -> Result<(), anyhow::Error> {
//! let creds = PlainClientCreds::new("ok", "so far");
//! AuthBuilder::new().plain_registry(&creds).build()?;
//!
//! let server = ServerBuilder::new()
//!     .mechanism(Mechanism::PlainServer)
//!     .bind("tcp://127.0.0.1:*")
//!     .build()?;
//! let client = ClientBuilder::new().connect(server.last_endpoint()?).mechanism(creds).build()?;
//!
//! client.send("who am I?")?;
//! assert_eq!(server.recv_msg()?.user_id(), Some("ok"));
//! #     Ok(())
//! # }
//! ```
//!
//! [`Msg::user_id`](crate::Msg::user_id) identifies the sender of a message: the user name of a
//! PLAIN client, the public key of a CURVE client, or the user id that an authenticator returned.
//!
//! # Order of checks
//! The handler makes these checks in order for each peer. The first check that decides ends them.
//!
//! | | check | refuses | accepts |
//! |:---|:---|:---|:---|
//! | 1 | [blacklist] | addresses on it | |
//! | 2 | [whitelist], unless empty | addresses that are not on it | |
//! | 3 | registry | a registered name with another password | a registered user or key |
//! | 4 | [key folder] | | a key in it |
//! | 5 | [authenticator], if there is one | by its answer | by its answer |
//! | 6 | the default | PLAIN clients, CURVE clients | NULL clients |
//!
//! [`set_curve_auth(false)`](AuthClient::set_curve_auth) changes the last row: the handler accepts
//! all CURVE clients. An authenticator decides about every peer without an entry in a registry,
//! including NULL clients, and CURVE clients after `set_curve_auth(false)`.
//!
//! In a [ZAP domain](AuthClient::for_domain) with rules of its own, rows 3 to 6 use only these, and
//! rows 1 and 2 use the common lists and the domain's lists.
//!
//! [blacklist]: AuthClient::deny
//! [whitelist]: AuthClient::allow
//! [key folder]: AuthClient::set_curve_folder
//! [authenticator]: AuthClient::set_authenticator
//!
//! # Secrets
//! `Debug` hides passwords and secret keys, comparisons take constant time, and dropping a secret
//! overwrites it. Copies that the program, libzmq or serde make are not protected.

mod apply;
mod authenticator;
mod builder;
mod client;
mod curve;
#[cfg(feature = "serde")]
mod file;
#[cfg(any(zmq_has = "curve", docsrs))]
mod generate;
mod handler;
mod key_file;
mod key_folder;
mod mechanism;
mod plain;
mod pool;
mod request;
mod rules;
mod secret;
mod stats;
mod zap;
mod zpl;

pub(crate) use apply::{read, write};
pub use builder::{AuthBuilder, AuthConfig};
pub use client::AuthClient;
pub use curve::{
    CurveCert, CurveClientCreds, CurveError, CurvePublicKey, CurveSecretKey, CurveServerCreds,
};
pub use key_file::CurveKeyFile;
pub use key_folder::CurveFolderReport;
pub use mechanism::Mechanism;
pub use plain::PlainClientCreds;
pub use request::{AuthAnswer, AuthCredentials, AuthRequest};
pub use stats::AuthStats;
