//! Where sockets meet: typed endpoints, one type per transport.
//!
//! An [`Endpoint`] is what `bind` and `connect` take: the name of a transport, `://`, and an
//! address in that transport's own notation. Each transport has its type, so that a malformed
//! address is an [`AddrParseError`] that quotes it, before libzmq is asked, and so that an address
//! can be taken apart ([`TcpAddr::host`]) instead of searched.
//!
//! | transport | type | notation | reaches |
//! |---|---|---|---|
//! | `tcp`    | [`TcpAddr`]    | `[source;]host:port` | another host, by TCP |
//! | `ipc`    | [`IpcAddr`]    | `/path`, `@abstract`, `*` | another process of this host |
//! | `inproc` | [`InprocAddr`] | `name` | another socket of the same context |
//! | `udp`    | [`UdpAddr`]    | `[interface;]host:port` | unicast and multicast datagrams (Radio, Dish, Dgram) |
//! | `ws`     | [`WsAddr`]     | `host:port[/path]` | a WebSocket peer |
//! | `wss`    | [`WssAddr`]    | `host:port[/path]` | a WebSocket peer, over TLS |
//! | `tipc`   | [`TipcAddr`]   | `{type,instance}`, … | a service of a TIPC cluster (Linux) |
//! | `vmci`   | [`VmciAddr`]   | `cid:port` | the host or a guest of a VMware machine |
//! | `pgm`    | [`PgmAddr`]    | `interface;group:port` | a multicast group, by PGM over raw IP |
//! | `epgm`   | [`EpgmAddr`]   | `interface;group:port` | a multicast group, by PGM over UDP |
//! | `norm`   | [`NormAddr`]   | `[id,][interface;]group:port` | a multicast group, by NORM |
//!
//! Every type can be *written*; which transports can be *used* depends on how libzmq was built, and
//! an endpoint of a transport that it lacks is refused when a socket is asked to bind or connect to
//! it.
//!
//! # Text
//! Each type implements [`FromStr`](std::str::FromStr), `TryFrom<&str>`, `TryFrom<String>`,
//! `TryFrom<&String>`, [`Display`](std::fmt::Display) and, with feature `serde`, is a string in a
//! configuration file. An address type prints without its transport and parses with or without; an
//! [`Endpoint`] always has it. Printing and parsing are each other's inverse.
//!
//! ```
//! use libzmq::addr::{Endpoint, TcpAddr};
//!
//! let addr: TcpAddr = "127.0.0.1:*".parse()?;
//! assert!(addr.host().port().is_unspecified());
//! assert_eq!(addr.to_string(), "127.0.0.1:*");
//! assert_eq!(Endpoint::from(addr).to_string(), "tcp://127.0.0.1:*");
//!
//! let endpoint: Endpoint = "ipc:///run/orders.sock".parse()?;
//! assert_eq!(endpoint.transport(), "ipc");
//! # Ok::<(), libzmq::addr::AddrParseError>(())
//! ```
//!
//! # Several at once
//! An address is also an iterator over itself, so that what takes addresses takes one as well as a
//! list:
//!
//! ```
//! use libzmq::addr::{Endpoint, TcpAddr};
//!
//! fn count<I: IntoIterator<Item = E>, E: Into<Endpoint>>(endpoints: I) -> usize {
//!     endpoints.into_iter().map(Into::into).count()
//! }
//!
//! let addr: TcpAddr = "127.0.0.1:*".parse()?;
//! assert_eq!(count(&addr), 1);
//! assert_eq!(count(vec![addr.clone(), addr]), 2);
//! # Ok::<(), libzmq::addr::AddrParseError>(())
//! ```

#[macro_use]
mod text;

mod endpoint;
mod epgm;
mod error;
#[cfg(feature = "serde")]
mod file;
mod host;
mod inproc;
mod ip_addrs;
mod ipc;
mod norm;
mod pgm;
mod socket_addr;
mod source;
mod tcp;
mod tipc;
mod udp;
mod vmci;
mod ws;
mod wss;

pub use endpoint::Endpoint;
pub use epgm::EpgmAddr;
pub use error::AddrParseError;
#[cfg(feature = "serde")]
pub(crate) use file::EndpointText;
pub use host::{Hostname, Interface, Zone};
pub use inproc::{INPROC_MAX_SIZE, InprocAddr};
pub use ip_addrs::IntoIpAddrs;
pub use ipc::IpcAddr;
pub use norm::NormAddr;
pub use pgm::PgmAddr;
pub use socket_addr::{Port, SocketAddr};
pub use source::SrcAddr;
pub use tcp::TcpAddr;
pub use tipc::{TipcAddr, TipcDomain};
pub use udp::UdpAddr;
pub use vmci::{VmciAddr, VmciCid};
pub use ws::WsAddr;
pub use wss::WssAddr;
