//! Who may connect, and who can listen: NULL, PLAIN and CURVE.
//!
//! Every connection begins with a handshake in which both sides follow the same mechanism; one side
//! is its server, the other its client, whichever of them bound. A socket has one [`Mechanism`] for
//! all its connections, set before they are made: `builder.mechanism(...)`, or
//! `socket.set_mechanism(...)`. Sides that do not fit do not connect.
//!
//! | mechanism | the server knows its clients by | the client knows its server by | on the wire |
//! |:---|:---|:---|:---|
//! | NULL, the default | their IP addresses | nothing | in the clear |
//! | PLAIN | a name and a password | nothing | in the clear, the password too |
//! | CURVE | their public keys | its public key | encrypted and authenticated, with forward secrecy |
//!
//! Only CURVE protects anything from those who can listen to or alter the traffic: PLAIN belongs on
//! networks that are trusted, or on `ipc`. It needs the feature `curve`. Transports without a wire
//! (`inproc`) and without a handshake (`udp`, multicast) know no mechanism at all.
//!
//! A mechanism sends a client's credentials; it does not decide whether they are valid. A server
//! asks the authentication handler of its context about each client. Without a handler it refuses
//! all clients, unlike in C. An [`AuthClient`] or an [`AuthBuilder`] starts the handler and gives it
//! rules.
//!
//! ```
//! use libzmq::{auth::*, prelude::*};
//!
//! # fn main() -> Result<(), anyhow::Error> {
//! let creds = PlainClientCreds::new("ok", "so far");
//! AuthBuilder::new().plain_registry(&creds).build()?;
//!
//! let server = ServerBuilder::new().bind("tcp://127.0.0.1:*").mechanism(Mechanism::PlainServer).build()?;
//! let client = ClientBuilder::new().connect(server.last_endpoint()?).mechanism(creds).build()?;
//!
//! client.send("who am I?")?;
//! assert_eq!(server.recv_msg()?.user_id(), Some("ok"));
//! #     Ok(())
//! # }
//! ```
//!
//! [`Msg::user_id`](crate::Msg::user_id) tells who sent a message: the user name of a PLAIN client,
//! the public key of a CURVE client, or the user id that an authenticator gave.
//!
//! # Who is let in
//! The handler asks these in turn about each peer. The first that decides is the last that is
//! asked.
//!
//! | | asked | refuses | lets in |
//! |:---|:---|:---|:---|
//! | 1 | [blacklist] | addresses on it | |
//! | 2 | [whitelist], unless empty | addresses that are not on it | |
//! | 3 | registry | a registered name with another password | a registered user or key |
//! | 4 | [key folder] | | a key in it |
//! | 5 | [authenticator], if there is one | as it answers | as it answers |
//! | 6 | the default | PLAIN clients, CURVE clients | NULL clients |
//!
//! [`set_curve_auth(false)`](AuthClient::set_curve_auth) changes the last row: it lets all CURVE
//! clients in. So an authenticator judges each peer that has no place in a registry, also where no
//! mechanism is set or any key would do.
//!
//! A [ZAP domain](AuthClient::for_domain) that has rules of its own goes by these in rows 3 to 6,
//! and in rows 1 and 2 by the common lists and by its own.
//!
//! [blacklist]: AuthClient::deny
//! [whitelist]: AuthClient::allow
//! [key folder]: AuthClient::set_curve_folder
//! [authenticator]: AuthClient::set_authenticator
//!
//! # Secrets
//! Passwords and secret keys are hidden from `Debug`, compared in constant time, and overwritten
//! when dropped. That is done as well as it can be: copies made by who reads them, by libzmq, or by
//! serde are beyond it.

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
