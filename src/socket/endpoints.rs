//! Binding and connecting: checks an endpoint before libzmq sees it, so that the error can say what
//! to do instead.

use std::{
    ffi::{CStr, CString},
    net::IpAddr,
};

use super::{Kind, Socket, Transports};
use crate::{
    addr::{Endpoint, Interface, SocketAddr},
    error::{Error, ErrorKind},
    message::RoutingId,
    raw::{DISCONNECTS_PEERS, Errno},
};

/// Binds or connects a socket.
pub(crate) fn attach<S, E, V>(
    endpoint: E,
    operation: &'static str,
    call: impl Fn(&CStr) -> Result<V, Errno>,
) -> Result<V, Error>
where
    S: Socket,
    E: TryInto<Endpoint>,
    E::Error: Into<Error>,
{
    let endpoint = endpoint.try_into().map_err(Into::into)?;
    if let Some(why) = unsupported(&S::KIND, &endpoint, operation) {
        return Err(Error::new(ErrorKind::Unsupported(why), operation).about(&endpoint));
    }
    if let Some(why) = bind_only(&endpoint).filter(|_| operation != "bind") {
        return Err(Error::invalid(why, operation).about(&endpoint));
    }
    on_endpoint(&endpoint, operation, call)
}

/// Why a socket can bind to the endpoint but not connect to it.
fn bind_only(endpoint: &Endpoint) -> Option<&'static str> {
    const WILDCARD: &str =
        "a socket cannot connect to a wildcard: name the host, such as localhost or 127.0.0.1";
    const ASSIGNED: &str = "a socket cannot connect to a port that the system is to assign: name \
                            the port, or connect to the `last_endpoint` of the socket that bound";
    const ASSIGNED_PATH: &str = "a socket cannot connect to a path that libzmq is to assign: name \
                                 the path, or connect to the `last_endpoint` of the socket that \
                                 bound";

    let host: &SocketAddr = match endpoint {
        Endpoint::Tcp(addr) => addr.host(),
        Endpoint::Ws(addr) => addr.host(),
        Endpoint::Wss(addr) => addr.host(),
        Endpoint::Udp(addr) => addr.host(),
        Endpoint::Ipc(addr) => return addr.is_wildcard().then_some(ASSIGNED_PATH),
        _ => return None,
    };
    if matches!(host.interface(), Interface::Unspecified) {
        return Some(WILDCARD);
    }
    host.port().is_unspecified().then_some(ASSIGNED)
}

/// Why the transport does not carry the socket type in this direction. libzmq accepts some such
/// endpoints and then aborts, deadlocks or does nothing.
fn unsupported(kind: &Kind, endpoint: &Endpoint, operation: &str) -> Option<&'static str> {
    match (kind.transports, endpoint) {
        (Transports::Tcp, endpoint) if !endpoint.is_tcp() => {
            Some("a STREAM socket speaks tcp only")
        }
        (Transports::Udp, endpoint) if !endpoint.is_udp() => Some("a DGRAM socket speaks udp only"),
        (Transports::Udp, Endpoint::Udp(addr))
            if matches!(addr.host().interface(), Interface::Ip(IpAddr::V6(_))) =>
        {
            Some("a DGRAM socket speaks IPv4 only")
        }
        (Transports::ZmtpAndUdpConnected, Endpoint::Udp(_)) if operation == "bind" => {
            Some("over udp a RADIO connects, and a DISH binds")
        }
        (Transports::ZmtpAndUdpBound, Endpoint::Udp(_)) if operation == "connect" => {
            Some("over udp a DISH binds, and a RADIO connects")
        }
        (Transports::Zmtp, Endpoint::Udp(_)) => {
            Some("udp carries RADIO, DISH and DGRAM sockets only")
        }
        (_, Endpoint::Inproc(_)) if kind.thread_safe && cfg!(not(zmq_has = "patches")) => {
            const DEADLOCK: &str = "this libzmq deadlocks between thread-safe sockets over inproc: \
                                    use the vendored one, or ipc";
            Some(DEADLOCK)
        }
        _ => None,
    }
}

pub(super) fn detach<E>(
    endpoint: E,
    operation: &'static str,
    call: impl Fn(&CStr) -> Result<(), Errno>,
) -> Result<(), Error>
where
    E: TryInto<Endpoint>,
    E::Error: Into<Error>,
{
    const ABSENT: ErrorKind = ErrorKind::NotFound("the socket has no such endpoint");

    let endpoint = endpoint.try_into().map_err(Into::into)?;
    on_endpoint(&endpoint, operation, call).map_err(|error| match error.kind() {
        ErrorKind::Os(libc::ENOENT) => Error::new(ABSENT, operation).about(&endpoint),
        _ => error,
    })
}

/// Ends the connection to one peer of a socket that knows its peers by routing ids.
pub(super) fn disconnect_peer<S: Socket>(socket: &S, id: RoutingId) -> Result<(), Error> {
    const LACKING: ErrorKind = ErrorKind::Unsupported(
        "this libzmq cannot end the connection to one peer: use the vendored one",
    );

    if !DISCONNECTS_PEERS {
        return Err(Error::new(LACKING, "disconnect peer").about(id));
    }
    socket
        .raw()
        .disconnect_peer(id.get())
        .map_err(|errno| Error::c(errno, "disconnect peer").about(id))
}

fn on_endpoint<V>(
    endpoint: &Endpoint,
    operation: &'static str,
    call: impl Fn(&CStr) -> Result<V, Errno>,
) -> Result<V, Error> {
    let text = endpoint.to_string();
    let text = CString::new(text)
        .map_err(|_| Error::invalid("an endpoint has no NUL in it", operation))?;
    call(&text).map_err(|errno| match errno {
        Errno::NO_TRANSPORT => Error::new(lacking(endpoint), operation).about(endpoint),
        _ => Error::c(errno, operation).about(endpoint),
    })
}

/// What this libzmq needs for a transport that it was built without.
fn lacking(endpoint: &Endpoint) -> ErrorKind {
    ErrorKind::Unsupported(match endpoint {
        Endpoint::Wss(_) => "this libzmq has no wss: the feature `wss` adds it",
        Endpoint::Ipc(_) if cfg!(windows) => {
            "this libzmq has no ipc, which on Windows needs Visual Studio's compiler"
        }
        Endpoint::Tipc(_) => "this libzmq has no tipc, which only Linux has",
        Endpoint::Pgm(_) | Endpoint::Epgm(_) => {
            "this libzmq has no pgm: link one that was built with OpenPGM"
        }
        Endpoint::Norm(_) => "this libzmq has no norm: link one that was built with NORM",
        Endpoint::Vmci(_) => "this libzmq has no vmci: link one that was built with VMCI",
        _ => "this libzmq does not have the transport",
    })
}
