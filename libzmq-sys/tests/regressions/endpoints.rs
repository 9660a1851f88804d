//! Endpoints, descriptors and option values that libzmq must refuse or read correctly.

use std::net::TcpListener;

use crate::zmq::*;

cases! {
    fn connect_to_a_port_without_listener_does_not_connect_to_itself() {
        let ctx = Ctx::new();
        let channel = ctx.socket(ZMQ_CHANNEL);
        channel.set(ZMQ_RECONNECT_IVL, 10);
        let monitor =
            channel.monitor(ctx, ZMQ_EVENT_HANDSHAKE_SUCCEEDED | ZMQ_EVENT_CONNECT_RETRIED);
        // A port that was free a moment ago, as its own source port.
        let port = TcpListener::bind("127.0.0.1:0")
            .and_then(|listener| listener.local_addr())
            .expect("a port")
            .port();
        assert_eq!(channel.connect(&format!("tcp://127.0.0.1:{port};127.0.0.1:{port}")), Ok(0));
        for _ in 0..3 {
            assert_eq!(i64::from(monitor.event()), i64::from(ZMQ_EVENT_CONNECT_RETRIED));
        }
    }

    fn ws_path_starts_at_the_first_slash() {
        if c!(zmq_has(c"WS".as_ptr())) == 0 {
            return;
        }
        let ctx = Ctx::new();
        for path in ["/", "/a", "/a/b", "/a/b:c/", "/a:1/b"] {
            let (server, client) = (ctx.socket(ZMQ_SERVER), ctx.socket(ZMQ_CLIENT));
            let endpoint = server.bound(&format!("ws://127.0.0.1:*{path}"));
            let (_, rest) = endpoint.split_once("://127.0.0.1:").expect("host and port");
            assert_eq!(rest.trim_start_matches(|c: char| c.is_ascii_digit()), path, "{endpoint}");
            assert_eq!(client.connect(&endpoint), Ok(0));
            assert_eq!(client.send(b"hello", 0), Ok(5));
            assert!(server.recv_within(std::time::Duration::from_secs(10)).is_ok(), "{endpoint}");
        }
        assert_eq!(ctx.socket(ZMQ_SERVER).bind("ws://*:*/x/y"), Ok(0));
    }

    fn ws_endpoint_with_a_line_break_is_invalid() {
        if c!(zmq_has(c"WS".as_ptr())) == 0 {
            return;
        }
        let ctx = Ctx::new();
        for path in ["/a\r\nX-Evil: 1", "/a\n", "/a b", "/\x7f", "/a\tb"] {
            let endpoint = format!("ws://127.0.0.1:49152{path}");
            let client = ctx.socket(ZMQ_CLIENT);
            assert_eq!(client.connect(&endpoint), Err(EINVAL), "{endpoint:?}");
            assert_eq!(client.bind(&endpoint), Err(EINVAL), "{endpoint:?}");
        }
    }

    fn stream_and_dgram_refuse_transports_that_do_not_fit() {
        let ctx = Ctx::new();
        let (stream, dgram) = (ctx.socket(ZMQ_STREAM), ctx.socket(ZMQ_DGRAM));
        let mut refused =
            vec![(stream, "inproc://x"), (dgram, "inproc://x"), (dgram, "tcp://127.0.0.1:49152")];
        if c!(zmq_has(c"WS".as_ptr())) != 0 {
            refused.push((stream, "ws://127.0.0.1:49152"));
        }
        for (socket, endpoint) in refused {
            assert_eq!(socket.connect(endpoint), Err(ENOCOMPATPROTO), "{endpoint}");
            assert_eq!(socket.bind(endpoint), Err(ENOCOMPATPROTO), "{endpoint}");
        }
        assert_eq!(stream.bind("tcp://127.0.0.1:*"), Ok(0));
    }

    fn xsub_option_value_that_is_too_short_is_invalid() {
        let xsub = Ctx::new().socket(ZMQ_XSUB);
        for size in [0, 1, 3, 5] {
            assert_eq!(
                xsub.try_set(ZMQ_XSUB_VERBOSE_UNSUBSCRIBE, &[0; 5][..size]),
                Err(EINVAL),
                "{size} bytes"
            );
        }
        xsub.set(ZMQ_XSUB_VERBOSE_UNSUBSCRIBE, 1);
    }

    #[cfg(unix)]
    fn use_fd_with_a_descriptor_that_does_not_listen_is_an_error() {
        use std::fs::File;
        use std::os::fd::{AsRawFd, IntoRawFd};

        let ctx = Ctx::new();
        let file = File::open("/dev/null").expect("/dev/null");
        let unbound = std::os::unix::net::UnixDatagram::unbound().expect("a socket");
        for fd in [file.as_raw_fd(), unbound.as_raw_fd(), 1_000_000] {
            for endpoint in ["tcp://127.0.0.1:49152", "ipc:///tmp/never", "ws://127.0.0.1:49152"] {
                let pull = ctx.socket(ZMQ_PULL);
                pull.set(ZMQ_USE_FD, fd);
                assert!(pull.bind(endpoint).is_err(), "{endpoint}");
                pull.close();
            }
        }
        // libzmq closes this one.
        let listener = TcpListener::bind("127.0.0.1:0").expect("a listener");
        let address = listener.local_addr().expect("an address");
        let (pull, push) = (ctx.socket(ZMQ_PULL), ctx.socket(ZMQ_PUSH));
        pull.set(ZMQ_USE_FD, listener.into_raw_fd());
        assert_eq!(pull.bind("tcp://127.0.0.1:49152"), Ok(0));
        assert_eq!(push.connect(&format!("tcp://{address}")), Ok(0));
        assert_eq!(push.send(b"x", 0), Ok(1));
        assert!(pull.recv(0).is_ok());
        for socket in [pull, push] {
            socket.close();
        }
        assert_eq!(ctx.term(), Ok(0));
    }

    fn ipv4_accept_filter_refuses_other_ipv4_peers_with_ipv6_on() {
        for (filter, event) in
            [("192.0.2.0/24", ZMQ_EVENT_ACCEPT_FAILED), ("127.0.0.0/8", ZMQ_EVENT_ACCEPTED)]
        {
            let ctx = Ctx::new();
            let (pull, push) = (ctx.socket(ZMQ_PULL), ctx.socket(ZMQ_PUSH));
            pull.set(ZMQ_IPV6, 1);
            assert_eq!(pull.try_set(ZMQ_TCP_ACCEPT_FILTER, filter.as_bytes()), Ok(0));
            let monitor = pull.monitor(ctx, ZMQ_EVENT_ACCEPTED | ZMQ_EVENT_ACCEPT_FAILED);
            assert_eq!(push.connect(&pull.bound("tcp://127.0.0.1:*")), Ok(0));
            assert_eq!(i64::from(monitor.event()), i64::from(event), "{filter}");
        }
    }
}
