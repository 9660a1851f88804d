//! `connect_and_wait`: established, refused and unreachable connections.

use std::{error::Error as _, io::Write, thread, time::Duration};

use libzmq::{auth::*, monitor::*, prelude::*, *};

use crate::common::{
    Transport, context, greet, listener,
    site::{Site, user},
    timed, until, watchdog,
};

/// A deadline for results that must come at once.
const LONG: Duration = Duration::from_secs(50);
/// A limit for attempts that must time out.
const SHORT: Duration = Duration::from_millis(300);

fn cause(result: Result<(), Error>) -> (ErrorKind, ConnectError) {
    let error = result.unwrap_err();
    let cause = *error.source().unwrap().downcast_ref().unwrap();
    assert!(error.text().is_some(), "{error}");
    (error.kind(), cause)
}

fn is_refused(kind: ErrorKind) -> bool {
    matches!(kind, ErrorKind::Refused(_))
}

#[test]
fn connect_and_wait_returns_when_the_peer_is_ready() {
    let _watchdog = watchdog();
    for &transport in Transport::EVERY {
        let ctx = context();
        let server =
            ServerBuilder::new().bind(transport.anywhere()).with_ctx(ctx.handle()).unwrap();
        let client = Client::with_ctx(ctx.handle()).unwrap();
        client.connect_and_wait(server.last_endpoint().unwrap(), LONG).unwrap();
        greet(&server, &client);
        // A second connection, as `connect` makes it.
        client.connect_and_wait(server.last_endpoint().unwrap(), Infinite).unwrap();
    }
}

#[test]
fn connect_and_wait_waits_for_a_peer_that_binds_later() {
    let _watchdog = watchdog();
    for &transport in Transport::EVERY {
        let ctx = context();
        let endpoint = match transport {
            Transport::Tcp | Transport::Ws => {
                // A short-lived socket finds a free endpoint.
                let held =
                    ServerBuilder::new().bind(transport.apart()).with_ctx(ctx.handle()).unwrap();
                held.last_endpoint().unwrap().to_string()
            }
            _ => transport.nowhere(),
        };
        let client = ClientBuilder::new()
            .reconnect_interval(Duration::from_millis(5))
            .with_ctx(ctx.handle())
            .unwrap();
        let error = client.connect_and_wait(endpoint.as_str(), SHORT).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::HostUnreachable, "{error}");
        thread::scope(|scope| {
            let waiting = scope.spawn(|| client.connect_and_wait(endpoint.as_str(), LONG));
            thread::sleep(Duration::from_millis(50));
            let server = crate::common::retry(|| {
                ServerBuilder::new().bind(endpoint.as_str()).with_ctx(ctx.handle()).ok()
            });
            waiting.join().unwrap().unwrap();
            greet(&server, &client);
        });
    }
}

/// Each socket type with a compatible one.
#[test]
fn connect_and_wait_serves_every_type() {
    fn check<C: Socket, S: Socket>() {
        for &transport in Transport::EVERY {
            let ctx = context();
            let bound =
                Builder::<S>::new().bind(transport.anywhere()).with_ctx(ctx.handle()).unwrap();
            let endpoint = bound.last_endpoint().unwrap();
            let connecting = Builder::<C>::new().with_ctx(ctx.handle()).unwrap();
            connecting.connect_and_wait(&endpoint, LONG).unwrap();
        }
    }

    let _watchdog = watchdog();
    check::<Client, Server>();
    check::<Radio, Dish>();
    check::<Dish, Radio>();
    check::<Scatter, Gather>();
    check::<Gather, Scatter>();
    check::<Peer, Peer>();
    check::<Channel, Channel>();
    check::<Pub, Sub>();
    check::<Sub, Pub>();
    check::<XPub, XSub>();
    check::<XSub, XPub>();
    check::<Push, Pull>();
    check::<Pull, Push>();
    check::<Req, Rep>();
    check::<Rep, Req>();
    check::<Dealer, Router>();
    check::<Router, Dealer>();
    check::<Pair, Pair>();

    let ctx = context();
    let bound = StreamBuilder::new().bind("tcp://127.0.0.1:*").with_ctx(ctx.handle()).unwrap();
    let stream = Stream::with_ctx(ctx.handle()).unwrap();
    stream.connect_and_wait(bound.last_endpoint().unwrap(), LONG).unwrap();
}

#[test]
fn refused_credentials_are_reported_at_once() {
    let _watchdog = watchdog();
    for &transport in &[Transport::Tcp, Transport::Ws, Transport::Ipc] {
        if transport == Transport::Ipc && cfg!(not(unix)) {
            continue;
        }
        let site = Site::at(transport, ServerBuilder::new().mechanism(Mechanism::PlainServer));
        let auth = site.auth();
        auth.add_plain_registry(user("anna", "secret")).unwrap();
        let endpoint = site.server.last_endpoint().unwrap();
        let client = ClientBuilder::new()
            .mechanism(user("anna", "wrong"))
            .with_ctx(site.ctx.handle())
            .unwrap();
        let (kind, why) = cause(client.connect_and_wait(&endpoint, LONG));
        assert!(is_refused(kind));
        assert_eq!(why, ConnectError::Refused(400));

        auth.set_authenticator(|_| panic!("on purpose")).unwrap();
        client.set_mechanism(user("ben", "wrong")).unwrap();
        let (kind, why) = cause(client.connect_and_wait(&endpoint, LONG));
        assert!(is_refused(kind));
        assert_eq!(why, ConnectError::Refused(500));

        // The same socket succeeds with the right credentials.
        client.set_mechanism(user("anna", "secret")).unwrap();
        client.connect_and_wait(&endpoint, LONG).unwrap();
    }
}

#[test]
fn temporary_refusal_is_waited_out() {
    let _watchdog = watchdog();
    let site = Site::of(Mechanism::PlainServer);
    let auth = site.auth();
    auth.set_authenticator(|_| AuthAnswer::later("not yet")).unwrap();
    let endpoint = site.server.last_endpoint().unwrap();
    let client = ClientBuilder::new()
        .mechanism(user("a", "b"))
        .reconnect_interval(Duration::from_millis(5))
        .with_ctx(site.ctx.handle())
        .unwrap();
    let (kind, why) = cause(client.connect_and_wait(&endpoint, SHORT));
    assert!(is_refused(kind) && matches!(why, ConnectError::Handshake(_)), "{why}");
    thread::scope(|scope| {
        let waiting = scope.spawn(|| client.connect_and_wait(&endpoint, LONG));
        let later = auth.stats().unwrap().later;
        until(|| auth.stats().unwrap().later > later + 1);
        auth.set_authenticator(|_| AuthAnswer::allow("a")).unwrap();
        waiting.join().unwrap().unwrap();
    });
}

#[test]
fn incompatible_peers_are_reported_at_once() {
    let _watchdog = watchdog();
    for &transport in &[Transport::Tcp, Transport::Ws] {
        let site = Site::at(transport, ServerBuilder::new().mechanism(Mechanism::PlainServer));
        let _auth = site.auth();
        let endpoint = site.server.last_endpoint().unwrap();
        let client = Client::with_ctx(site.ctx.handle()).unwrap();
        // The server has a mechanism, the client has none.
        let result = client.connect_and_wait(
            &endpoint,
            if transport == Transport::Tcp {
                LONG
            } else {
                // A WebSocket server without the subprotocol closes the connection.
                SHORT
            },
        );
        let (kind, why) = cause(result);
        assert!(is_refused(kind), "{transport:?} {why}");

        // The client has a mechanism, the server has none, and then an incompatible socket type.
        let plain =
            ServerBuilder::new().bind(transport.anywhere()).with_ctx(site.ctx.handle()).unwrap();
        let endpoint = plain.last_endpoint().unwrap();
        let with_password =
            ClientBuilder::new().mechanism(user("a", "b")).with_ctx(site.ctx.handle()).unwrap();
        let limit = if transport == Transport::Tcp { LONG } else { SHORT };
        let (kind, why) = cause(with_password.connect_and_wait(&endpoint, limit));
        assert!(is_refused(kind), "{transport:?} {why}");
        let sub = Sub::with_ctx(site.ctx.handle()).unwrap();
        let (kind, why) = cause(sub.connect_and_wait(&endpoint, LONG));
        assert!(is_refused(kind));
        assert_eq!(why, ConnectError::Protocol(ProtocolError::InvalidMetadata));
    }
}

#[test]
fn server_without_a_handler_hangs_up_and_a_connecting_one_says_so() {
    let _watchdog = watchdog();
    let site = Site::of(Mechanism::PlainServer);
    let endpoint = site.server.last_endpoint().unwrap();
    let client =
        ClientBuilder::new().mechanism(user("a", "b")).with_ctx(site.ctx.handle()).unwrap();
    let (kind, why) = cause(client.connect_and_wait(&endpoint, SHORT));
    assert!(is_refused(kind) && matches!(why, ConnectError::Handshake(_)));
    assert!(kind.to_string().contains("has an AuthClient"), "{kind}");
    assert_eq!(why.to_string(), "the handshake failed: the peer closed the connection");

    // The connecting socket may be the server of the mechanism.
    let bound = ClientBuilder::new()
        .mechanism(user("a", "b"))
        .bind("tcp://127.0.0.1:*")
        .with_ctx(site.ctx.handle())
        .unwrap();
    let endpoint = bound.last_endpoint().unwrap();
    let server =
        ServerBuilder::new().mechanism(Mechanism::PlainServer).with_ctx(site.ctx.handle()).unwrap();
    let (kind, why) = cause(server.connect_and_wait(&endpoint, LONG));
    assert!(is_refused(kind) && matches!(why, ConnectError::Handshake(ErrorKind::NotFound(_))));
    let auth = site.auth();
    let (_, why) = cause(server.connect_and_wait(&endpoint, LONG));
    assert_eq!(why, ConnectError::Refused(400));
    auth.add_plain_registry(user("a", "b")).unwrap();
    crate::common::retry(|| server.connect_and_wait(&endpoint, LONG).ok());
}

#[test]
fn unreachable_endpoint_is_reported_with_its_cause() {
    let _watchdog = watchdog();
    for &transport in Transport::EVERY {
        let ctx = context();
        let endpoint = transport.nowhere();
        let client = Client::with_ctx(ctx.handle()).unwrap();
        let monitor = client.monitor(EventSet::CONNECT_RETRIED).unwrap();
        let (result, time) = timed(|| client.connect_and_wait(endpoint.as_str(), SHORT));
        let (kind, why) = cause(result);
        assert_eq!(kind, ErrorKind::HostUnreachable);
        assert!(time >= SHORT);
        let expected = match transport {
            Transport::Tcp | Transport::Ws => libc::ECONNREFUSED,
            Transport::Ipc => libc::ENOENT,
            Transport::Inproc => libc::ETIMEDOUT,
        };
        assert_eq!(why, ConnectError::Unreachable(ErrorKind::Os(expected)), "{transport:?}");
        if transport != Transport::Inproc {
            let event = monitor.recv().unwrap();
            assert_eq!(event.cause(), Some(ErrorKind::Os(expected)), "{event}");
        }
    }

    let ctx = context();
    let client = Client::with_ctx(ctx.handle()).unwrap();
    let result = client.connect_and_wait("tcp://no-such-host.invalid:1", Duration::from_secs(5));
    let (kind, why) = cause(result);
    assert_eq!(kind, ErrorKind::HostUnreachable);
    assert!(
        matches!(why, ConnectError::Unreachable(ErrorKind::NotFound(_)))
            // The result if the resolver does not answer.
            || why == ConnectError::Unreachable(ErrorKind::Os(libc::ETIMEDOUT)),
        "{why}"
    );
}

#[test]
fn options_that_end_the_attempts_end_the_wait() {
    let _watchdog = watchdog();
    let ctx = context();
    let endpoint = Transport::Tcp.nowhere();
    for builder in [
        ClientBuilder::new().option(opt::ReconnectInterval, None),
        ClientBuilder::new().option(opt::ReconnectStopOn, ReconnectStop::CONNECTION_REFUSED),
    ] {
        let client = builder.with_ctx(ctx.handle()).unwrap();
        let (_, why) = cause(client.connect_and_wait(endpoint.as_str(), Infinite));
        assert_eq!(why, ConnectError::Unreachable(ErrorKind::Os(libc::ECONNREFUSED)));
    }
}

#[test]
fn peer_that_is_silent_or_of_another_kind_is_reported() {
    let _watchdog = watchdog();
    let ctx = context();
    let silent = listener();
    let client = Client::with_ctx(ctx.handle()).unwrap();
    let endpoint = format!("tcp://{}", silent.local_addr().unwrap());
    let (kind, why) = cause(client.connect_and_wait(endpoint.as_str(), SHORT));
    assert_eq!((kind, why), (ErrorKind::HostUnreachable, ConnectError::HandshakePending));

    // The peer closes the connection, as a web server does.
    let web = listener();
    let address = web.local_addr().unwrap();
    thread::spawn(move || {
        for mut stream in web.incoming().map_while(Result::ok) {
            let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n");
        }
    });
    let (_, why) = cause(client.connect_and_wait(format!("tcp://{address}"), SHORT));
    assert!(matches!(why, ConnectError::Handshake(_) | ConnectError::Protocol(_)), "{why}");
}

#[test]
fn connect_and_wait_leaves_the_monitor_alone() {
    let _watchdog = watchdog();
    let ctx = context();
    let server = ServerBuilder::new().bind("tcp://127.0.0.1:*").with_ctx(ctx.handle()).unwrap();
    let endpoint = server.last_endpoint().unwrap();
    let client = Client::with_ctx(ctx.handle()).unwrap();
    let monitor = client.monitor(EventSet::CONNECTED | EventSet::HANDSHAKE_SUCCEEDED).unwrap();
    for _ in 0..20 {
        client.connect_and_wait(&endpoint, LONG).unwrap();
        assert_eq!(monitor.recv().unwrap().kind(), EventKind::Connected);
        assert_eq!(monitor.recv().unwrap().kind(), EventKind::HandshakeSucceeded);
    }
    assert_eq!(monitor.try_recv().unwrap_err().kind(), ErrorKind::WouldBlock);
}

#[test]
fn failed_connect_and_wait_ends_its_own_connection_only() {
    let _watchdog = watchdog();
    for &transport in Transport::BETWEEN_PROCESSES {
        let ctx = context();
        let site = Site::at(transport, ServerBuilder::new().mechanism(Mechanism::PlainServer));
        site.auth().add_plain_registry(user("a", "b")).unwrap();
        let endpoint = site.server.last_endpoint().unwrap();
        let client = ClientBuilder::new().mechanism(user("a", "b")).with_ctx(ctx.handle()).unwrap();
        client.connect(&endpoint).unwrap();
        greet(&site.server, &client);
        client.set_mechanism(user("a", "wrong")).unwrap();
        cause(client.connect_and_wait(&endpoint, LONG));
        // The first connection still works, and the second one is closed.
        for _ in 0..10 {
            greet(&site.server, &client);
        }
        client.disconnect(&endpoint).unwrap();
        assert!(client.disconnect(&endpoint).is_err());
    }

    let ctx = context();
    let client = Client::with_ctx(ctx.handle()).unwrap();
    let endpoint = Transport::Inproc.nowhere();
    cause(client.connect_and_wait(endpoint.as_str(), Duration::from_millis(20)));
    assert!(client.disconnect(endpoint.as_str()).is_err());
    // A socket that binds later gets no connection of an abandoned attempt.
    let server = ServerBuilder::new().bind(endpoint.as_str()).with_ctx(ctx.handle()).unwrap();
    assert_eq!(client.try_send("to nobody").unwrap_err().kind(), ErrorKind::WouldBlock);
    client.connect_and_wait(endpoint.as_str(), LONG).unwrap();
    greet(&server, &client);
}

#[test]
fn threads_connect_one_socket_at_once() {
    let _watchdog = watchdog();
    let ctx = context();
    let servers: Vec<_> = (0..4)
        .map(|_| ServerBuilder::new().bind("tcp://127.0.0.1:*").with_ctx(ctx.handle()).unwrap())
        .collect();
    let client = Client::with_ctx(ctx.handle()).unwrap();
    let monitor = client.monitor(EventSet::HANDSHAKE_SUCCEEDED).unwrap();
    let nowhere = Transport::Tcp.nowhere();
    thread::scope(|scope| {
        for server in &servers {
            let (client, nowhere) = (&client, &nowhere);
            scope.spawn(move || {
                for _ in 0..5 {
                    client.connect_and_wait(server.last_endpoint().unwrap(), LONG).unwrap();
                    let limit = Duration::from_millis(20);
                    let (kind, _) = cause(client.connect_and_wait(nowhere.as_str(), limit));
                    assert_eq!(kind, ErrorKind::HostUnreachable);
                }
            });
        }
    });
    for _ in 0..20 {
        assert_eq!(monitor.recv().unwrap().kind(), EventKind::HandshakeSucceeded);
    }
}

#[test]
fn connect_and_wait_refuses_what_it_cannot_wait_for() {
    let _watchdog = watchdog();
    let ctx = context();
    let radio = Radio::with_ctx(ctx.handle()).unwrap();
    let error = radio.connect_and_wait("udp://127.0.0.1:5555", LONG).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Unsupported(_)), "{error}");
    let client = Client::with_ctx(ctx.handle()).unwrap();
    assert!(client.connect_and_wait("tcp://nowhere", LONG).is_err());
    assert!(client.connect_and_wait("tcp://*:80", LONG).is_err());

    // A socket that makes no second connection would report no event.
    let router = RouterBuilder::new().bind("tcp://127.0.0.1:*").with_ctx(ctx.handle()).unwrap();
    let dealer = Dealer::with_ctx(ctx.handle()).unwrap();
    dealer.connect_and_wait(router.last_endpoint().unwrap(), LONG).unwrap();
    let error = dealer.connect_and_wait(router.last_endpoint().unwrap(), LONG).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::InvalidInput(_)), "{error}");

    ctx.shutdown();
    let error = client.connect_and_wait("tcp://127.0.0.1:80", LONG).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidCtx);
}

#[test]
fn shutdown_ends_connect_and_wait() {
    let _watchdog = watchdog();
    for _ in 0..20 {
        let ctx = context();
        let client = Client::with_ctx(ctx.handle()).unwrap();
        let monitor = client.monitor(EventSet::CONNECT_RETRIED).unwrap();
        let waiting = thread::spawn(move || {
            client.connect_and_wait(Transport::Tcp.nowhere(), Infinite).unwrap_err().kind()
        });
        monitor.recv().unwrap();
        drop(monitor);
        ctx.shutdown();
        assert_eq!(waiting.join().unwrap(), ErrorKind::InvalidCtx);
        crate::common::retry({
            let mut ctx = Some(ctx);
            move || match ctx.take()?.terminate() {
                Ok(()) => Some(()),
                Err(mut error) => {
                    ctx = error.take();
                    None
                }
            }
        });
    }
}

#[test]
fn monitor_reports_why_the_handler_refused() {
    let _watchdog = watchdog();
    let site = Site::of(Mechanism::PlainServer);
    let auth = site.auth();
    auth.set_authenticator(|request| match request.plain().unwrap().username() {
        "locked" => AuthAnswer::deny("the account is locked\n"),
        "early" => AuthAnswer::later("not yet"),
        _ => panic!("on purpose"),
    })
    .unwrap();
    auth.add_plain_registry(user("known", "own")).unwrap();
    let monitor = site.server.monitor(EventSet::HANDSHAKE_FAILED_AUTH).unwrap();
    for (name, status, why) in [
        ("locked", 400, "the account is locked\n"),
        ("early", 300, "not yet"),
        ("other", 500, "the authenticator panicked"),
        ("known", 400, "the user name or the password is wrong"),
    ] {
        let client = ClientBuilder::new()
            .mechanism(user(name, "wrong"))
            .option(opt::ReconnectInterval, None)
            .with_ctx(site.ctx.handle())
            .unwrap();
        let theirs = client.monitor(EventSet::HANDSHAKE_FAILED_AUTH).unwrap();
        client.connect(site.server.last_endpoint().unwrap()).unwrap();
        let event = monitor.recv().unwrap();
        assert_eq!(event.kind(), EventKind::HandshakeFailedAuth(status));
        assert_eq!(event.refusal(), Some(why));
        let text = event.to_string();
        assert!(text.contains(why.trim()) && !text.contains('\n'), "{text}");
        assert!(!text.contains("wrong") || name == "known", "{text}");
        if status != 300 {
            let event = theirs.recv().unwrap();
            assert_eq!(event.kind(), EventKind::HandshakeFailedAuth(status));
            assert_eq!(event.refusal(), None);
        }
    }
}

#[cfg(feature = "tokio")]
mod awaited {
    use super::*;

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn connect_and_wait_is_awaited() {
        let _watchdog = watchdog();
        for &transport in Transport::EVERY {
            let ctx = context();
            let server =
                ServerBuilder::new().bind(transport.anywhere()).with_ctx(ctx.handle()).unwrap();
            let endpoint = server.last_endpoint().unwrap();
            let client = Async::new(Client::with_ctx(ctx.handle()).unwrap()).unwrap();
            client.connect_and_wait(&endpoint, LONG).await.unwrap();
            client.connect_and_wait(&endpoint, Infinite).await.unwrap();
            let nowhere = transport.nowhere();
            let (kind, _) = cause(client.connect_and_wait(nowhere.as_str(), SHORT).await);
            assert_eq!(kind, ErrorKind::HostUnreachable);

            let dealer = Async::new(Dealer::with_ctx(ctx.handle()).unwrap()).unwrap();
            let router =
                RouterBuilder::new().bind(transport.anywhere()).with_ctx(ctx.handle()).unwrap();
            dealer.connect_and_wait(router.last_endpoint().unwrap(), LONG).await.unwrap();
            assert!(client.connect_and_wait("tcp://nowhere", LONG).await.is_err());
        }
    }

    #[tokio::test]
    async fn refusal_is_awaited() {
        let _watchdog = watchdog();
        let site = Site::of(Mechanism::PlainServer);
        let _auth = site.auth();
        let client =
            ClientBuilder::new().mechanism(user("a", "b")).with_ctx(site.ctx.handle()).unwrap();
        let client = Async::new(client).unwrap();
        let endpoint = site.server.last_endpoint().unwrap();
        let (kind, why) = cause(client.connect_and_wait(&endpoint, LONG).await);
        assert!(is_refused(kind));
        assert_eq!(why, ConnectError::Refused(400));
    }

    #[tokio::test]
    async fn dropped_connect_and_wait_gives_the_connection_up() {
        let _watchdog = watchdog();
        let ctx = context();
        let client = Async::new(Client::with_ctx(ctx.handle()).unwrap()).unwrap();
        let nowhere = Transport::Tcp.nowhere();
        for _ in 0..10 {
            let waiting = client.connect_and_wait(nowhere.as_str(), Infinite);
            assert!(tokio::time::timeout(Duration::from_millis(10), waiting).await.is_err());
        }
        assert!(client.get_ref().disconnect(nowhere.as_str()).is_err());
    }
}

/// Attempts begin, succeed, time out and end with their socket, while monitors and binds use the
/// same endpoints.
#[test]
fn attempts_race_with_binds_monitors_and_the_end_of_the_socket() {
    const TIMES: usize = 60;

    let _watchdog = watchdog();
    for &transport in Transport::EVERY {
        let ctx = context();
        let place = match transport {
            Transport::Tcp | Transport::Ws => {
                let held =
                    ServerBuilder::new().bind(transport.apart()).with_ctx(ctx.handle()).unwrap();
                held.last_endpoint().unwrap().to_string()
            }
            _ => transport.nowhere(),
        };
        let client = ClientBuilder::new()
            .reconnect_interval(Duration::from_millis(1))
            .with_ctx(ctx.handle())
            .unwrap();
        thread::scope(|scope| {
            for _ in 0..3 {
                scope.spawn(|| {
                    for number in 0..TIMES as u64 {
                        let limit = Duration::from_millis(number % 7);
                        match client.connect_and_wait(place.as_str(), limit) {
                            Ok(()) => drop(client.disconnect(place.as_str())),
                            Err(error) => assert!(
                                matches!(
                                    error.kind(),
                                    ErrorKind::HostUnreachable | ErrorKind::Refused(_)
                                ),
                                "{error}"
                            ),
                        }
                    }
                });
            }
            scope.spawn(|| {
                for _ in 0..TIMES {
                    let monitor = client.monitor(EventSet::ALL).unwrap();
                    let _ = monitor.try_recv();
                }
            });
            scope.spawn(|| {
                for _ in 0..TIMES {
                    let bound = ServerBuilder::new().bind(place.as_str()).with_ctx(ctx.handle());
                    thread::sleep(Duration::from_millis(1));
                    drop(bound);
                }
            });
        });
        drop(client);
        ctx.terminate().unwrap();
    }
}
