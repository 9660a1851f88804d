//! PLAIN and CURVE with every socket type and over every transport with handshakes: accepted
//! clients, refused clients, and the events and errors of both sides.

use std::time::Duration;

use libzmq::{auth::*, monitor::*, prelude::*, *};

use crate::common::{Transport, context, site::user, watchdog};

/// A deadline for results that must come at once.
const LONG: Duration = Duration::from_secs(50);
/// A limit for peers that close the connection.
const SHORT: Duration = Duration::from_millis(150);

/// Invalid credentials, and whether the client gets the refusal at once.
struct Bad {
    what: &'static str,
    mechanism: Mechanism,
    at_once: bool,
    /// Whether the server has a status to report.
    by_handler: bool,
}

impl Bad {
    fn new(
        what: &'static str,
        mechanism: impl Into<Mechanism>,
        at_once: bool,
        by_handler: bool,
    ) -> Self {
        Self { what, mechanism: mechanism.into(), at_once, by_handler }
    }
}

struct Case {
    server: Mechanism,
    good: Mechanism,
    bad: Vec<Bad>,
}

fn plain(auth: &AuthClient) -> Case {
    auth.add_plain_registry(user("anna", "secret")).unwrap();
    Case {
        server: Mechanism::PlainServer,
        good: user("anna", "secret").into(),
        bad: vec![
            Bad::new("a wrong password", user("anna", "guess"), true, true),
            Bad::new("an unknown user", user("ben", "secret"), true, true),
            Bad::new("no mechanism", Mechanism::Null, true, false),
            #[cfg(zmq_has = "curve")]
            Bad::new(
                "another mechanism",
                CurveClientCreds::new(CurveCert::new_unique().public()),
                true,
                false,
            ),
        ],
    }
}

#[cfg(zmq_has = "curve")]
fn curve(auth: &AuthClient) -> Case {
    let [server, known, unknown] = [(); 3].map(|()| CurveCert::new_unique());
    auth.add_curve_registry(known.public()).unwrap();
    let creds = |client: &CurveCert| CurveClientCreds::new(server.public()).add_cert(client);
    let wrong_pair = CurveCert::new(known.public(), unknown.secret());
    Case {
        server: CurveServerCreds::new(server.secret()).into(),
        good: creds(&known).into(),
        bad: vec![
            Bad::new("an unknown client", creds(&unknown), true, true),
            Bad::new("a public key of another", creds(&wrong_pair), false, false),
            Bad::new(
                "a wrong key of the server",
                CurveClientCreds::new(unknown.public()).add_cert(&known),
                false,
                false,
            ),
            Bad::new("no mechanism", Mechanism::Null, true, false),
            Bad::new("a weaker mechanism", user("anna", "secret"), true, false),
        ],
    }
}

fn is_failure(kind: EventKind) -> bool {
    matches!(
        kind,
        EventKind::HandshakeFailed(_)
            | EventKind::HandshakeFailedProtocol(_)
            | EventKind::HandshakeFailedAuth(_)
    )
}

/// Checks a pair of socket types. The first connects and sends if it can, the second receives if it
/// can.
fn check<C: Socket, S: Socket>(
    transports: &[Transport],
    send: fn(&C),
    has_received: fn(&S) -> bool,
) {
    let cases: &[fn(&AuthClient) -> Case] = &[
        plain,
        #[cfg(zmq_has = "curve")]
        curve,
    ];
    for &transport in transports {
        for case in cases {
            let ctx = context();
            let case = case(&AuthClient::with_ctx(ctx.handle()).unwrap());
            let mut builder = Builder::<S>::new();
            builder.mechanism(&case.server).bind(transport.anywhere());
            let client = |mechanism: &Mechanism| {
                Builder::<C>::new()
                    .mechanism(mechanism)
                    .linger(Duration::ZERO)
                    .with_ctx(ctx.handle())
                    .unwrap()
            };
            for bad in &case.bad {
                let server = builder.with_ctx(ctx.handle()).unwrap();
                let endpoint = server.last_endpoint().unwrap();
                let monitor = server.monitor(EventSet::ALL).unwrap();
                let about = format!("{} {transport:?}: {}", std::any::type_name::<S>(), bad.what);
                let refused = client(&bad.mechanism);
                refused.connect(&endpoint).unwrap();
                send(&refused);
                let event = loop {
                    let event = monitor.recv().unwrap();
                    assert_ne!(event.kind(), EventKind::HandshakeSucceeded, "{about}");
                    if is_failure(event.kind()) {
                        break event;
                    }
                };
                if bad.by_handler {
                    assert_eq!(event.kind(), EventKind::HandshakeFailedAuth(400), "{about}");
                    assert!(event.refusal().is_some(), "{about}");
                }
                drop(refused);
                // The connection reports one failure, and ends.
                loop {
                    let event = monitor.recv().unwrap();
                    assert!(!is_failure(event.kind()), "{about}: {event}");
                    if event.kind() == EventKind::Disconnected {
                        break;
                    }
                }

                let at_once = bad.at_once && (transport != Transport::Ws || bad.by_handler);
                let limit = if at_once { LONG } else { SHORT };
                let error = client(&bad.mechanism).connect_and_wait(&endpoint, limit).unwrap_err();
                assert!(matches!(error.kind(), ErrorKind::Refused(_)), "{about}: {error}");
                assert!(!has_received(&server), "{about}");
            }
            let server = builder.with_ctx(ctx.handle()).unwrap();
            let endpoint = server.last_endpoint().unwrap();
            let good = client(&case.good);
            good.connect_and_wait(&endpoint, LONG).unwrap();
            send(&good);
        }
    }
}

const NETWORK: &[Transport] = if cfg!(unix) {
    &[Transport::Tcp, Transport::Ipc, Transport::Ws]
} else {
    &[Transport::Tcp, Transport::Ws]
};

fn receives<S: RecvMsg>(socket: &S) -> bool {
    socket.try_recv_msg().is_ok()
}

fn receives_multipart<S: RecvMultipart>(socket: &S) -> bool {
    socket.try_recv_multipart().is_ok()
}

fn sends<C: SendMsg>(socket: &C) {
    let _ = socket.try_send("must not arrive");
}

fn sends_multipart<C: SendMultipart>(socket: &C) {
    let _ = socket.try_send_multipart("must not arrive");
}

#[test]
fn thread_safe_types_refuse_bad_credentials() {
    let _watchdog = watchdog();
    check::<Client, Server>(NETWORK, sends, receives);
    check::<Radio, Dish>(
        NETWORK,
        |radio| drop(radio.transmit("must not arrive", Group::new("group").unwrap())),
        |dish| dish.join(Group::new("group").unwrap()).is_ok() && receives(dish),
    );
    check::<Dish, Radio>(NETWORK, |_| (), |_| false);
    check::<Scatter, Gather>(NETWORK, sends, receives);
    check::<Gather, Scatter>(NETWORK, |_| (), |_| false);
    check::<Peer, Peer>(NETWORK, |_| (), receives);
    check::<Channel, Channel>(NETWORK, sends, receives);
}

#[test]
fn single_threaded_types_refuse_bad_credentials() {
    let _watchdog = watchdog();
    check::<Push, Pull>(NETWORK, sends_multipart, receives_multipart);
    check::<Dealer, Router>(NETWORK, sends_multipart, receives_multipart);
    check::<Router, Dealer>(NETWORK, |_| (), receives_multipart);
    check::<Req, Rep>(NETWORK, sends_multipart, receives_multipart);
    check::<Rep, Req>(NETWORK, |_| (), |_| false);
    check::<Pair, Pair>(NETWORK, sends_multipart, receives_multipart);
    check::<Pub, Sub>(NETWORK, sends_multipart, |sub| {
        sub.subscribe("").is_ok() && receives_multipart(sub)
    });
    check::<Sub, Pub>(NETWORK, |_| (), |_| false);
    check::<XPub, XSub>(NETWORK, sends_multipart, receives_multipart);
    check::<XSub, XPub>(
        NETWORK,
        |sub| drop(sub.subscribe("")),
        |publisher| publisher.try_recv_subscription().is_ok(),
    );
    check::<Pull, Push>(NETWORK, |_| (), |_| false);
}

#[cfg(feature = "tokio")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn async_sockets_refuse_bad_credentials() {
    let _watchdog = watchdog();
    for &transport in NETWORK {
        let ctx = context();
        let case = plain(&AuthClient::with_ctx(ctx.handle()).unwrap());
        let server = ServerBuilder::new()
            .mechanism(&case.server)
            .bind(transport.anywhere())
            .with_ctx(ctx.handle())
            .unwrap();
        let endpoint = server.last_endpoint().unwrap();
        let server = Async::new(server).unwrap();
        for bad in &case.bad {
            let client =
                ClientBuilder::new().mechanism(&bad.mechanism).with_ctx(ctx.handle()).unwrap();
            let client = Async::new(client).unwrap();
            let error = client.connect_and_wait(&endpoint, SHORT * 4).await.unwrap_err();
            assert!(matches!(error.kind(), ErrorKind::Refused(_)), "{}: {error}", bad.what);
        }
        let client = ClientBuilder::new().mechanism(&case.good).with_ctx(ctx.handle()).unwrap();
        let client = Async::new(client).unwrap();
        client.connect_and_wait(&endpoint, LONG).await.unwrap();
        client.send("the first that arrives").await.unwrap();
        let msg = server.recv_msg().await.unwrap();
        assert_eq!((&msg, msg.user_id()), (&Msg::from("the first that arrives"), Some("anna")));
    }
}
