//! Names of interfaces and hosts in endpoints, with IPv6 on.

use std::net::TcpListener;

use crate::websockets::has_ws;
use crate::wire;
use crate::zmq::*;

fn has_ipv6() -> bool {
    TcpListener::bind("[::1]:0").is_ok()
}

fn schemes() -> &'static [&'static str] {
    if has_ws() { &["tcp", "ws"] } else { &["tcp"] }
}

fn port(endpoint: &str) -> &str {
    endpoint.trim_end_matches('/').rsplit(':').next().expect("a port")
}

fn with_ipv6(ctx: Ctx, kind: u32) -> Sock {
    let socket = ctx.socket(kind);
    socket.set(ZMQ_IPV6, 1);
    socket
}

/// Peers of both families get in at that name, and through the last endpoint, which is an IPv4 one.
fn serves_both(name: &str) {
    let ctx = Ctx::new();
    for scheme in schemes() {
        let pull = with_ipv6(ctx, ZMQ_PULL);
        let endpoint = pull.bound(&format!("{scheme}://{name}:*"));
        assert!(endpoint.starts_with(&format!("{scheme}://127.0.0.1:")), "{endpoint}");
        let port = port(&endpoint);
        let hosts = ["127.0.0.1", "localhost"].into_iter().chain(has_ipv6().then_some("[::1]"));
        for (host, ipv6) in hosts.flat_map(|host| [(host, 0), (host, 1)]) {
            if host == "[::1]" && ipv6 == 0 {
                continue;
            }
            let push = ctx.socket(ZMQ_PUSH);
            push.set(ZMQ_IPV6, ipv6);
            assert_eq!(push.connect(&format!("{scheme}://{host}:{port}")), Ok(0));
            wire::gets_through(push, pull);
            push.close();
        }

        // No other socket can bind to a part of it.
        let other = with_ipv6(ctx, ZMQ_PULL);
        let again = format!("{scheme}://{name}:{port}");
        assert_eq!(other.bind(&again), Err(EADDRINUSE));
        if has_ipv6() {
            assert_eq!(other.bind(&format!("{scheme}://[::1]:{port}")), Err(EADDRINUSE));
        }
        // And one unbind gives all of it back.
        assert_eq!(pull.unbind(&endpoint), Ok(0));
        assert_eq!(other.bind(&again), Ok(0));
        // By the name as well.
        let path = if *scheme == "ws" { "/" } else { "" };
        assert_eq!(other.unbind(&format!("{again}{path}")), Ok(0));
        assert_eq!(pull.bind(&again), Ok(0));
    }
}

cases! {
    fn bind_to_an_interface_serves_both_families() {
        serves_both("lo");
    }

    fn bind_to_a_host_name_serves_both_families() {
        // The name of `names`, since localhost has no IPv6 address everywhere.
        serves_both("both.example");
    }

    fn bind_to_a_name_fails_if_one_family_has_the_port_taken() {
        if !has_ipv6() {
            return;
        }
        let ctx = Ctx::new();
        let listener = TcpListener::bind("[::1]:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        for scheme in schemes() {
            let pull = with_ipv6(ctx, ZMQ_PULL);
            assert_eq!(pull.bind(&format!("{scheme}://lo:{port}")), Err(EADDRINUSE));
            // What was bound already is free again.
            assert!(TcpListener::bind(("127.0.0.1", port)).is_ok());
        }
    }

    fn bind_to_a_name_with_ipv6_off_listens_at_its_ipv4_address() {
        let ctx = Ctx::new();
        for scheme in schemes() {
            for name in ["lo", "localhost"] {
                let (pull, push) = (ctx.socket(ZMQ_PULL), ctx.socket(ZMQ_PUSH));
                let endpoint = pull.bound(&format!("{scheme}://{name}:*"));
                assert!(endpoint.starts_with(&format!("{scheme}://127.0.0.1:")), "{endpoint}");
                assert_eq!(push.connect(&endpoint), Ok(0));
                wire::gets_through(push, pull);
            }
            let pull = with_ipv6(ctx, ZMQ_PULL);
            for name in ["no-such-name.invalid", "lo9"] {
                assert_eq!(pull.bind(&format!("{scheme}://{name}:*")), Err(ENODEV), "{name}");
            }
        }
    }

    fn accept_filter_applies_to_both_families() {
        let ctx = Ctx::new();
        for (filter, host, accepted) in [
            ("127.0.0.0/8", "127.0.0.1", true),
            ("127.0.0.1", "127.0.0.1", true),
            ("::ffff:127.0.0.0/104", "127.0.0.1", true),
            ("::/0", "127.0.0.1", true),
            ("192.0.2.0/24", "127.0.0.1", false),
            ("::1/128", "127.0.0.1", false),
            ("::1/128", "[::1]", true),
            ("127.0.0.0/8", "[::1]", false),
        ] {
            if host == "[::1]" && !has_ipv6() {
                continue;
            }
            let (pull, push) = (with_ipv6(ctx, ZMQ_PULL), with_ipv6(ctx, ZMQ_PUSH));
            assert_eq!(pull.try_set(ZMQ_TCP_ACCEPT_FILTER, filter.as_bytes()), Ok(0));
            let monitor = pull.monitor(ctx, ZMQ_EVENT_ACCEPTED | ZMQ_EVENT_ACCEPT_FAILED);
            let endpoint = pull.bound("tcp://lo:*");
            assert_eq!(push.connect(&format!("tcp://{host}:{}", port(&endpoint))), Ok(0));
            let event = if accepted { ZMQ_EVENT_ACCEPTED } else { ZMQ_EVENT_ACCEPT_FAILED };
            assert_eq!(i64::from(monitor.event()), i64::from(event), "{filter}, {host}");
            push.close();
            pull.close();
        }
    }

    fn connect_from_a_source_by_name_reaches_both_families() {
        let ctx = Ctx::new();
        let mut targets =
            vec![("127.0.0.1:*", "127.0.0.1"), ("127.0.0.1:*", "localhost"), ("lo:*", "localhost")];
        if has_ipv6() {
            targets.extend([("[::1]:*", "[::1]"), ("lo:*", "[::1]"), ("*:*", "localhost")]);
        }
        for (bind, target) in targets {
            for (source, ipv6) in [("lo:*", 1), ("lo:0", 1), ("lo:0", 0)] {
                if ipv6 == 0 && target == "[::1]" {
                    continue;
                }
                let pull = with_ipv6(ctx, ZMQ_PULL);
                let endpoint = pull.bound(&format!("tcp://{bind}"));
                let push = ctx.socket(ZMQ_PUSH);
                push.set(ZMQ_IPV6, ipv6);
                assert_eq!(
                    push.connect(&format!("tcp://{source};{target}:{}", port(&endpoint))),
                    Ok(0)
                );
                wire::gets_through(push, pull);
                push.close();
                pull.close();
            }
        }
        // By address.
        let pull = with_ipv6(ctx, ZMQ_PULL);
        let endpoint = pull.bound("tcp://127.0.0.1:*");
        for source in ["127.0.0.2:0", "[::ffff:127.0.0.2]:0"] {
            let push = with_ipv6(ctx, ZMQ_PUSH);
            assert_eq!(
                push.connect(&format!("tcp://{source};127.0.0.1:{}", port(&endpoint))),
                Ok(0)
            );
            wire::gets_through(push, pull);
            push.close();
        }
    }

    fn ipv4_endpoint_of_an_ipv6_socket_is_in_ipv4_form() {
        let ctx = Ctx::new();
        for (scheme, path) in [("tcp", ""), ("ws", "/path")] {
            if !schemes().contains(&scheme) {
                continue;
            }
            for (host, ipv6) in [("127.0.0.1", 0), ("127.0.0.1", 1), ("[::ffff:127.0.0.1]", 1)] {
                let (pull, push) = (ctx.socket(ZMQ_PULL), ctx.socket(ZMQ_PUSH));
                pull.set(ZMQ_IPV6, ipv6);
                let endpoint = pull.bound(&format!("{scheme}://{host}:*{path}"));
                let (_, rest) = endpoint.split_once("://127.0.0.1:").expect("the host");
                assert!(endpoint.starts_with(scheme) && endpoint.ends_with(path), "{endpoint}");
                assert_eq!(push.connect(&endpoint), Ok(0));
                wire::gets_through(push, pull);
                assert_eq!(pull.unbind(&endpoint), Ok(0));
                let as_asked = format!("{scheme}://{host}:{rest}");
                assert_eq!(pull.bind(&as_asked), Ok(0));
                assert_eq!(pull.unbind(&as_asked), Ok(0));
            }
        }
        if has_ipv6() {
            for scheme in schemes() {
                let endpoint = with_ipv6(ctx, ZMQ_PULL).bound(&format!("{scheme}://[::1]:*"));
                assert!(endpoint.starts_with(&format!("{scheme}://[::1]:")), "{endpoint}");
            }
        }
    }
}
