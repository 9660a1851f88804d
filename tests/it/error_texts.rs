//! Texts of errors: what failed, and what to do.

use std::{error::Error as _, io, net::TcpListener, time::Duration};

use libzmq::{Capability, addr::Endpoint, has, prelude::*, *};

use crate::common::*;

#[track_caller]
fn says<T: std::fmt::Debug, C>(done: Result<T, libzmq::Error<C>>, cure: &str) -> ErrorKind {
    let error = done.unwrap_err();
    assert!(error.to_string().contains(cure), "{error}");
    error.kind()
}

#[test]
fn connect_to_a_wildcard_error_says_to_name_the_host() {
    let client = Client::new().unwrap();
    for wildcard in ["tcp://*:5555", "ws://*:5555", "wss://*:5555"] {
        says(client.connect(wildcard), "a socket cannot connect to a wildcard: name the host");
        says(client.connect(wildcard), wildcard);
    }
    says(Radio::new().unwrap().connect("udp://*:5555"), "name the host");
    says(Peer::new().unwrap().connect_peer("tcp://*:5555"), "name the host");
    says(ClientBuilder::new().connect("tcp://*:5555").build(), "name the host");
    says(Router::new().unwrap().connect_as("tcp://*:5555", "peer"), "name the host");
    says(client.connect("ipc://*"), "name the path");
    let kind = says(client.connect("tcp://127.0.0.1:*"), "name the port");
    assert!(matches!(kind, ErrorKind::InvalidInput(_)));
}

#[test]
fn identity_of_a_wrong_length_error_names_the_accepted_lengths() {
    let (router, long) = (Router::new().unwrap(), [b'x'; 256]);
    for bad in [&[][..], &long] {
        says(Identity::new(bad), "1 to 255 bytes");
        says(Identity::try_from(bad), "1 to 255 bytes");
        says(router.route("parts", bad), "1 to 255 bytes");
        says(router.try_route("parts", bad), "1 to 255 bytes");
        says(router.connect_as("inproc://x", bad), "1 to 255 bytes");
        says(router.set(opt::RoutingIdentity, bad), "1 to 255 bytes");
        says(DealerBuilder::new().routing_identity(bad).build(), "1 to 255 bytes");
    }
    says("".parse::<Identity>(), "1 to 255 bytes");
    let mut error = router.route(["come", "back"], "").unwrap_err();
    assert_eq!(error.take().unwrap(), ["come", "back"]);
}

#[test]
fn unsupported_transport_error_names_the_missing_feature() {
    if !has(Capability::Wss) {
        let kind = says(Client::new().unwrap().connect("wss://localhost:443"), "feature `wss`");
        assert!(matches!(kind, ErrorKind::Unsupported(_)));
        says(Server::new().unwrap().bind("wss://127.0.0.1:*"), "feature `wss`");
    }
    if !has(Capability::Norm) {
        says(Pub::new().unwrap().bind("norm://127.0.0.1:5555"), "NORM");
    }
}

#[test]
fn req_and_rep_wrong_state_errors_name_the_missing_call() {
    let _watchdog = watchdog();
    let (rep, endpoint) = RepBuilder::new().bind("tcp://127.0.0.1:*").build_bound().unwrap();
    let req = ReqBuilder::new().connect(endpoint).build().unwrap();
    says(req.recv_msg(), "send a request first");
    req.send("request").unwrap();
    says(req.send("another"), "receive the reply first, or set `relaxed`");
    let kind = says(req.send_multipart(["another"]), "receive the reply first, or set `relaxed`");
    assert_eq!(kind, ErrorKind::WrongState);

    says(rep.send("reply"), "receive a request first");
    rep.recv_msg().unwrap();
    says(rep.recv_msg(), "reply to the last one first");
}

#[test]
fn out_of_range_option_errors_name_the_accepted_values() {
    says(RadioBuilder::new().rate(0).build(), "a number from 1 to 2147483647");
    says(
        ServerBuilder::new().send_hwm(-1).build(),
        "a number of messages from 0, which is no limit",
    );
    says(Server::new().unwrap().set_send_hwm(-1), "a number of messages from 0");
    says(ClientBuilder::new().zap_domain("x".repeat(256)).build(), "1 to 255 bytes");
    // No queue reaches it.
    let huge = ServerBuilder::new().send_hwm(usize::MAX).build().unwrap();
    assert_eq!(huge.send_hwm().unwrap(), i32::MAX);
}

#[cfg(feature = "serde")]
#[test]
fn invalid_configuration_errors_name_the_accepted_values() {
    use libzmq::config::{ClientConfig, ServerConfig};

    for (config, cure) in [
        (
            r#"{"send_hwm": -1}"#,
            "send_hwm: expected a number of messages from 0, which is no limit, to 2147483647, \
             not -1",
        ),
        (
            r#"{"recv_timeout": 1.5}"#,
            "recv_timeout: expected a period with its unit, such as \"100ms\", \"1.5s\" or \
             \"1m30s\", or \"infinite\", not 1.5",
        ),
        (r#"{"recv_timeout": 100}"#, r#"or "infinite", not 100"#),
        (r#"{"linger": "soon"}"#, r#"not "soon""#),
        (r#"{"zap_domain": ["x"]}"#, "zap_domain"),
    ] {
        let error = serde_json::from_str::<ServerConfig>(config).unwrap_err().to_string();
        assert!(error.contains(cure), "{error}");
    }
    let secret = serde_json::from_str::<ClientConfig>(r#"{"socks_password": 1234}"#).unwrap_err();
    assert!(!secret.to_string().contains("1234"), "{secret}");

    let periods = r#"{"recv_timeout": "1.5s", "send_timeout": "1m30s", "linger": "2h 30m"}"#;
    let config: ServerConfig = serde_json::from_str(periods).unwrap();
    let mut expected = ServerBuilder::new();
    expected
        .recv_timeout(Duration::from_millis(1500))
        .send_timeout(Duration::from_secs(90))
        .linger(Duration::from_secs(9000));
    assert_eq!(config, expected);
}

#[test]
fn bind_endpoint_returns_the_assigned_endpoint() {
    let _watchdog = watchdog();
    let server = Server::new().unwrap();
    let endpoints: Vec<_> = std::thread::scope(|scope| {
        let bind = || server.bind_endpoint("tcp://127.0.0.1:*").unwrap();
        let threads: Vec<_> = (0..8).map(|_| scope.spawn(bind)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    for endpoint in &endpoints {
        assert!(matches!(endpoint, Endpoint::Tcp(_)));
        // Each is bound, and no other has it.
        assert_eq!(endpoints.iter().filter(|other| *other == endpoint).count(), 1);
        server.unbind(endpoint).unwrap();
    }
    let (peer, endpoint) = PeerBuilder::new()
        .bind("tcp://127.0.0.1:*")
        .connect(server.bind_endpoint("tcp://127.0.0.1:*").unwrap())
        .build_bound()
        .unwrap();
    peer.unbind(endpoint).unwrap();
    says(ServerBuilder::new().build_bound(), "exactly one endpoint");
    says(ServerBuilder::new().bind(["inproc://a", "inproc://b"]).build_bound(), "exactly one");
}

#[test]
fn debug_of_sockets_and_builders_shows_endpoints_and_options() {
    let ctx = Ctx::new();
    let server = ServerBuilder::new().with_ctx(ctx.handle()).unwrap();
    assert!(format!("{server:?}").ends_with("last_endpoint: None }"), "{server:?}");
    let endpoint = server.bind_endpoint("tcp://127.0.0.1:*").unwrap();
    let shown = format!("{server:?}");
    assert!(shown.starts_with("Server { ctx: "), "{shown}");
    assert!(shown.ends_with(&format!("last_endpoint: Some({endpoint}) }}")), "{shown}");
    ctx.shutdown();
    assert!(format!("{server:?}").starts_with("Server { ctx: "));

    let mut sub = SubBuilder::new();
    sub.subscribe(["a", "b"]).connect("inproc://x").socks_password("1234").tcp_keepalive(true);
    assert_eq!(
        format!("{sub:?}"),
        "SubBuilder { connect: [\"inproc://x\"], subscribe: [\"a\", \"b\"], \
         tcp_keepalive: true, socks_password: (secret) }"
    );
    let mut bad = ServerBuilder::new();
    bad.bind("tcp://nowhere");
    assert!(format!("{bad:?}").contains("refused: "), "{bad:?}");
}

#[test]
fn terminate_with_open_sockets_error_counts_them_by_type() {
    let _watchdog = watchdog();
    let ctx = Ctx::new();
    let at = ctx.handle();
    let auth = libzmq::auth::AuthClient::with_ctx(at).unwrap();
    let servers = [Server::with_ctx(at).unwrap(), Server::with_ctx(at).unwrap()];
    let client = Client::with_ctx(at).unwrap();
    // Neither a clone nor the socket of the authentication handler counts.
    let clone = client.clone();
    let mut error = ctx.terminate().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::WouldBlock);
    let text = error.to_string();
    assert!(text.contains("3 open: 2 Server, 1 Client"), "{text}");
    assert!(text.ends_with("drop them first"), "{text}");

    drop((servers, client));
    let mut error = error.take().unwrap().terminate().unwrap_err();
    assert!(error.to_string().contains("1 open: 1 Client"), "{error}");
    drop((clone, auth));
    error.take().unwrap().terminate().unwrap();
}

/// An error, its kinds, and a text that it names.
type Case = (Error, fn(ErrorKind) -> bool, io::ErrorKind, &'static str);

#[test]
fn errors_name_their_operation_and_endpoint() {
    let _watchdog = watchdog();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("tcp://{}", taken.local_addr().unwrap());
    let server = Server::new().unwrap();

    let error = server.bind(&endpoint).unwrap_err();
    assert_eq!(
        (error.kind(), error.operation(), error.text()),
        (ErrorKind::AddrInUse, "bind", Some(endpoint.as_str()))
    );
    assert!(error.to_string().contains(&endpoint), "{error}");
    assert!(error.source().is_none());
    let error = io::Error::from(error);
    assert_eq!(error.kind(), io::ErrorKind::AddrInUse);
    assert!(error.to_string().contains(&endpoint), "{error}");
    assert!(error.get_ref().unwrap().is::<Error>());

    let mut cases: Vec<Case> = vec![
        // An address for documentation, which no machine has.
        (
            server.bind("tcp://192.0.2.1:5555").unwrap_err(),
            |kind| kind == ErrorKind::AddrNotAvailable,
            io::ErrorKind::AddrNotAvailable,
            "192.0.2.1",
        ),
        (
            server.bind("tcp://nosuchinterface0:1").unwrap_err(),
            |kind| kind == ErrorKind::AddrNotAvailable,
            io::ErrorKind::AddrNotAvailable,
            "nosuchinterface0",
        ),
        (
            server.bind("udp://127.0.0.1:1234").unwrap_err(),
            |kind| matches!(kind, ErrorKind::Unsupported(_)),
            io::ErrorKind::Unsupported,
            "udp://",
        ),
        (
            server.bind("norm://127.0.0.1:1234").unwrap_err(),
            |kind| matches!(kind, ErrorKind::Unsupported(_)),
            io::ErrorKind::Unsupported,
            "norm://",
        ),
        (
            server.bind("nonsense").unwrap_err(),
            |kind| matches!(kind, ErrorKind::InvalidInput(_)),
            io::ErrorKind::InvalidInput,
            "nonsense",
        ),
        (
            server.bind("tcp://127.0.0.1:70000").unwrap_err(),
            |kind| matches!(kind, ErrorKind::InvalidInput(_)),
            io::ErrorKind::InvalidInput,
            "70000",
        ),
        (
            server.connect("tcp://127.0.0.1:*").unwrap_err(),
            |kind| matches!(kind, ErrorKind::InvalidInput(_)),
            io::ErrorKind::InvalidInput,
            "127.0.0.1:*",
        ),
        (
            server.connect("foo://bar").unwrap_err(),
            |kind| matches!(kind, ErrorKind::InvalidInput(_)),
            io::ErrorKind::InvalidInput,
            "foo",
        ),
    ];
    if Transport::EVERY.contains(&Transport::Ipc) {
        let error = server.bind("ipc:///no/such/folder/x").unwrap_err();
        cases.push((
            error,
            |kind| matches!(kind, ErrorKind::Os(_)),
            io::ErrorKind::NotFound,
            "/no/such/folder",
        ));
    }
    for (error, is_kind, io_kind, text) in cases {
        assert!(is_kind(error.kind()), "{text}: {error:?}");
        assert!(error.to_string().contains(text), "{text}: {error}");
        assert_eq!(io::Error::from(error).kind(), io_kind, "{text}");
    }

    let error = server
        .recv_timeout()
        .and(server.set_recv_timeout(Duration::from_secs(1 << 40)))
        .unwrap_err();
    assert!(error.to_string().contains("recv_timeout"), "{error}");
    let would_block = io::Error::from(server.try_recv_msg().unwrap_err());
    assert_eq!(would_block.kind(), io::ErrorKind::WouldBlock);
    let unreachable = io::Error::from(server.send("x").unwrap_err());
    assert_eq!(unreachable.kind(), io::ErrorKind::HostUnreachable);
}

#[test]
fn send_without_a_routing_id_error_says_to_call_route() {
    let server = Server::new().unwrap();
    let kind = says(server.send("hello"), "the message has no routing id: call `route`");
    assert_eq!(kind, ErrorKind::HostUnreachable);
    says(Peer::new().unwrap().try_send("hello"), "the message has no routing id");
    let error = server.route("hello", RoutingId::new(7).unwrap()).unwrap_err();
    assert_eq!(error.to_string(), "send: the peer is unreachable");
}

#[test]
fn period_over_the_limit_error_names_the_limit() {
    let month = std::time::Duration::from_secs(30 * 24 * 3600);
    says(Server::new().unwrap().set_recv_timeout(month), "longer than 24 days");
}
