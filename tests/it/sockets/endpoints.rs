//! Endpoints: what a bind finds there, what it leaves behind, and which are known to a socket.

use std::io;
#[cfg(target_os = "linux")]
use std::net::{Ipv4Addr, Ipv6Addr, TcpListener};

use libzmq::{prelude::*, *};

use crate::common::{Transport, greet, retry, watchdog};
#[cfg(unix)]
use crate::sockets::link::link;

#[cfg(target_os = "linux")]
fn bind_after_drop<S: Socket, C: Socket>(kind: &Builder<S>, peer: &Builder<C>) {
    for transport in Transport::EVERY {
        let ctx = Ctx::new();
        // No other socket is given the port in the moment in which it is free.
        let mut bound = kind.clone().bind(transport.apart()).with_ctx(ctx.handle()).unwrap();
        let endpoint = bound.last_endpoint().unwrap();
        let _peer = peer.clone().connect(&endpoint).with_ctx(ctx.handle()).unwrap();
        for _ in 0..50 {
            drop(bound);
            bound = kind.clone().with_ctx(ctx.handle()).unwrap();
            bound.bind(&endpoint).unwrap();
        }
    }
}

#[cfg(target_os = "linux")]
#[test]
fn endpoint_is_free_after_drop() {
    let _watchdog = watchdog();
    bind_after_drop(&ServerBuilder::new(), &ClientBuilder::new());
    bind_after_drop(&PullBuilder::new(), &PushBuilder::new());
}

#[cfg(target_os = "linux")]
#[test]
fn endpoint_is_free_after_unbind() {
    let _watchdog = watchdog();
    for transport in Transport::EVERY {
        let ctx = Ctx::new();
        let new = || ServerBuilder::new().with_ctx(ctx.handle()).unwrap();
        let mut server = new();
        server.bind(transport.apart()).unwrap();
        let endpoint = server.last_endpoint().unwrap();
        for _ in 0..50 {
            server.unbind(&endpoint).unwrap();
            // The socket itself stays for a while.
            let next = new();
            next.bind(&endpoint).unwrap();
            server = next;
        }
    }
}

#[cfg(unix)]
#[test]
fn ipc_bind_to_a_regular_file_is_an_error_and_keeps_it() {
    let path = std::env::temp_dir().join(format!("libzmq-file-{}", std::process::id()));
    std::fs::write(&path, "precious").unwrap();
    let endpoint = format!("ipc://{}", path.display());
    let error = Server::new().unwrap().bind(&endpoint).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Os(libc::EEXIST));
    assert_eq!(std::fs::read(&path).unwrap(), b"precious");
    std::fs::remove_file(path).unwrap();
}

#[cfg(unix)]
#[test]
fn ipc_bind_to_the_path_of_a_live_socket_is_addr_in_use() {
    let _watchdog = watchdog();
    let link = link(Transport::Ipc, &PullBuilder::new(), &PushBuilder::new());
    let endpoint = link.bound.last_endpoint().unwrap();
    for _ in 0..3 {
        let error = Server::new().unwrap().bind(&endpoint).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::AddrInUse);
    }
    link.connected.send("still here").unwrap();
    assert_eq!(link.bound.recv_msg().unwrap(), "still here");
}

#[cfg(target_os = "linux")]
#[test]
fn bind_to_an_interface_serves_ipv4_and_ipv6() {
    let _watchdog = watchdog();
    let schemes = if has(Capability::Ws) { &["tcp", "ws"][..] } else { &["tcp"] };
    for scheme in schemes {
        let server = Server::new().unwrap();
        server.bind(format!("{scheme}://lo:*")).unwrap();
        let endpoint = server.last_endpoint().unwrap().to_string();
        let port: u16 = endpoint.trim_end_matches('/').rsplit(':').next().unwrap().parse().unwrap();
        assert!(TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_err(), "{endpoint}");
        let has_ipv6 = TcpListener::bind((Ipv6Addr::LOCALHOST, 0)).is_ok();
        let hosts = ["127.0.0.1", "[::1]"].into_iter().take(if has_ipv6 { 2 } else { 1 });
        for endpoint in
            hosts.map(|host| format!("{scheme}://{host}:{port}")).chain([endpoint.clone()])
        {
            let client = ClientBuilder::new().connect(endpoint.as_str()).build().unwrap();
            client.send("in").unwrap();
            assert_eq!(server.recv_msg().unwrap(), "in");
        }
    }
}

#[cfg(target_os = "linux")]
#[test]
fn connect_from_an_interface_reaches_ipv4() {
    let _watchdog = watchdog();
    let server = ServerBuilder::new().bind("tcp://127.0.0.1:*").build().unwrap();
    let endpoint = server.last_endpoint().unwrap().to_string();
    let from_lo = endpoint.replace("tcp://", "tcp://lo;");
    let client = ClientBuilder::new().connect(from_lo.as_str()).build().unwrap();
    client.send("in").unwrap();
    assert_eq!(server.recv_msg().unwrap(), "in");
}

#[test]
fn ws_binds_to_a_host_name_and_reads_as_ipv4() {
    if !has(Capability::Ws) {
        return;
    }
    let _watchdog = watchdog();
    for host in ["localhost", "127.0.0.1"] {
        let server = ServerBuilder::new().bind(format!("ws://{host}:*").as_str()).build().unwrap();
        let endpoint = server.last_endpoint().unwrap().to_string();
        assert!(endpoint.starts_with("ws://127.0.0.1:"), "{endpoint}");
        let client = ClientBuilder::new().connect(endpoint.as_str()).build().unwrap();
        client.send("in").unwrap();
        assert_eq!(server.recv_msg().unwrap(), "in");
        server.unbind(endpoint.as_str()).unwrap();
    }
}

#[test]
fn host_name_too_long_for_a_socks_proxy_is_invalid_input() {
    let client = ClientBuilder::new().socks_proxy("127.0.0.1:1").build().unwrap();
    let endpoint = format!("tcp://{}:80", vec!["x".repeat(63); 5].join("."));
    assert!(matches!(
        client.connect(endpoint.as_str()).unwrap_err().kind(),
        ErrorKind::InvalidInput(_)
    ));
}

#[test]
fn unbind_and_disconnect_of_an_unknown_endpoint_are_not_found() {
    let _watchdog = watchdog();
    for &transport in Transport::EVERY {
        let endpoint = transport.nowhere();
        let server = Server::new().unwrap();
        assert!(matches!(server.last_endpoint().unwrap_err().kind(), ErrorKind::NotFound(_)));

        for error in [
            server.unbind(endpoint.as_str()).unwrap_err(),
            server.disconnect(endpoint.as_str()).unwrap_err(),
        ] {
            assert!(matches!(error.kind(), ErrorKind::NotFound(_)), "{error:?}");
            assert!(error.to_string().contains(endpoint.as_str()), "{error}");
            assert_eq!(io::Error::from(error).kind(), io::ErrorKind::NotFound);
        }

        server.bind(transport.apart()).unwrap();
        let bound = server.last_endpoint().unwrap();
        server.unbind(&bound).unwrap();
        assert!(
            matches!(server.unbind(&bound).unwrap_err().kind(), ErrorKind::NotFound(_)),
            "{bound}"
        );
        // The endpoint is free again, as soon as libzmq has closed it.
        retry(|| Server::new().unwrap().bind(&bound).ok());
    }
}

#[test]
fn last_endpoint_has_the_assigned_port() {
    let _watchdog = watchdog();
    let server = Server::new().unwrap();
    server.bind("tcp://127.0.0.1:*").unwrap();
    let addr::Endpoint::Tcp(first) = server.last_endpoint().unwrap() else { panic!("not tcp") };
    assert!(first.host().port().is_specified());
    server.bind("tcp://[::1]:*").unwrap();
    let second = server.last_endpoint().unwrap();
    assert!(second.to_string().starts_with("tcp://[::1]:"), "{second}");
    for endpoint in [first.into(), second] {
        let client = ClientBuilder::new().connect(&endpoint).build().unwrap();
        greet(&server, &client);
    }
}
