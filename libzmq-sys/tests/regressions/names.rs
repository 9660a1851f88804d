//! Host names. This program resolves some names itself, in place of libc.

use std::ffi::{CStr, c_char, c_int, c_void};
use std::net::TcpListener;

use crate::zmq::*;

type GetAddrInfo = unsafe extern "C" fn(
    *const c_char,
    *const c_char,
    *const libc::addrinfo,
    *mut *mut libc::addrinfo,
) -> c_int;

/// What a name stands for, by the family that is asked for.
fn address(name: &CStr, family: c_int) -> Option<&'static CStr> {
    match (name.to_bytes(), family) {
        (b"both.example", libc::AF_INET6) => Some(c"::1"),
        // A network that is not there.
        (b"dark.example", libc::AF_INET6) => Some(c"2001:db8::1"),
        (b"both.example" | b"dark.example" | b"old.example", _) => Some(c"127.0.0.1"),
        _ => None,
    }
}

/// Comes before the function of libc.
///
/// # Safety
/// As getaddrinfo(3).
#[unsafe(no_mangle)]
unsafe extern "C" fn getaddrinfo(
    node: *const c_char,
    service: *const c_char,
    hints: *const libc::addrinfo,
    result: *mut *mut libc::addrinfo,
) -> c_int {
    // SAFETY: a valid name. Where there is such a function, this is its type.
    let real: GetAddrInfo = unsafe {
        std::mem::transmute::<*mut c_void, GetAddrInfo>(libc::dlsym(
            libc::RTLD_NEXT,
            c"getaddrinfo".as_ptr(),
        ))
    };
    // SAFETY: the pointers are valid or NULL.
    let (name, family) = unsafe {
        (
            (!node.is_null()).then(|| CStr::from_ptr(node)),
            hints.as_ref().map_or(0, |hints| hints.ai_family),
        )
    };
    let node = name.and_then(|name| address(name, family)).map_or(node, CStr::as_ptr);
    // SAFETY: as this was called, but for another name.
    unsafe { real(node, service, hints, result) }
}

/// Sends to that name, with IPv6 on, and receives at that address, with IPv6 if it is such.
fn reaches(name: &str, at: &str, scheme: &str) {
    let ctx = Ctx::new();
    let (server, client) = (ctx.socket(ZMQ_SERVER), ctx.socket(ZMQ_CLIENT));
    server.set(ZMQ_IPV6, c_int::from(at.contains(':')));
    client.set(ZMQ_IPV6, 1);
    // It must do in the first attempt.
    client.set(ZMQ_RECONNECT_IVL, 3_600_000);
    client
        .set(ZMQ_RECONNECT_STOP, c_int::try_from(ZMQ_RECONNECT_STOP_CONN_REFUSED).expect("a flag"));
    client.set(ZMQ_CONNECT_TIMEOUT, 300);
    let endpoint = server.bound(&format!("{scheme}://{at}:*"));
    let port = endpoint.trim_end_matches('/').rsplit(':').next().expect("a port");
    assert_eq!(client.connect(&format!("{scheme}://{name}:{port}")), Ok(0));
    assert_eq!(client.send(b"x", 0), Ok(1));
    assert!(server.recv_within(SOON).is_ok(), "{name} at {endpoint}");
}

cases! {
    fn connect_by_name_tries_ipv6_and_ipv4() {
        for scheme in ["tcp", "ws"] {
            if scheme == "ws" && c!(zmq_has(c"WS".as_ptr())) == 0 {
                continue;
            }
            reaches("both.example", "127.0.0.1", scheme);
            reaches("dark.example", "127.0.0.1", scheme);
            reaches("old.example", "127.0.0.1", scheme);
            if TcpListener::bind("[::1]:0").is_ok() {
                reaches("both.example", "[::1]", scheme);
            }
        }
    }

    fn connect_by_name_retries_ipv6_and_ipv4() {
        let ctx = Ctx::new();
        let port = TcpListener::bind("127.0.0.1:0")
            .and_then(|listener| listener.local_addr())
            .expect("a port")
            .port();
        let client = ctx.socket(ZMQ_CLIENT);
        client.set(ZMQ_IPV6, 1);
        client.set(ZMQ_RECONNECT_IVL, 10);
        let monitor = client.monitor(ctx, ZMQ_EVENT_CONNECT_RETRIED);
        assert_eq!(client.connect(&format!("tcp://both.example:{port}")), Ok(0));
        for _ in 0..3 {
            assert_eq!(i64::from(monitor.event()), i64::from(ZMQ_EVENT_CONNECT_RETRIED));
        }
        let server = ctx.socket(ZMQ_SERVER);
        assert_eq!(server.bind(&format!("tcp://127.0.0.1:{port}")), Ok(0));
        assert_eq!(client.send(b"x", 0), Ok(1));
        assert!(server.recv_within(SOON).is_ok());
    }

    fn socks_proxy_that_listens_at_ipv4_only_is_reached_by_name() {
        for name in ["both.example", "dark.example", "old.example"] {
            let proxy = TcpListener::bind("127.0.0.1:0").expect("a port");
            let port = proxy.local_addr().expect("an address").port();
            let client = Ctx::new().socket(ZMQ_CLIENT);
            client.set(ZMQ_IPV6, 1);
            // It must do in the first attempt.
            client.set(ZMQ_RECONNECT_IVL, 3_600_000);
            client.set(ZMQ_CONNECT_TIMEOUT, 300);
            assert_eq!(client.try_set(ZMQ_SOCKS_PROXY, format!("{name}:{port}").as_bytes()), Ok(0));
            assert_eq!(client.connect("tcp://192.0.2.1:80"), Ok(0));
            crate::wire::accept(&proxy);
            client.close();
        }
    }
}
