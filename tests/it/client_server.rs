//! Client and server: what they exchange, how long they wait, and what they answer when the other
//! is gone.

#![allow(clippy::type_complexity, reason = "a test")]

use std::{collections::HashSet, error::Error as _, io, net::TcpListener, thread, time::Duration};

use libzmq::{prelude::*, *};

use crate::common::{
    SOON, Transport,
    blocked::spawn_blocked,
    context, fill, greet, pair, pair_with, retry, timed, until, watchdog,
    zmtp::{RawPeer, last, part},
};

const fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

#[test]
fn client_and_server_send_many_messages_without_a_reply() {
    let _watchdog = watchdog();
    for &transport in Transport::EVERY {
        let pair = pair(transport);
        let id = pair.greet();
        for number in 0..500_u32 {
            pair.server.route(number.to_le_bytes(), id).unwrap();
        }
        for number in 0..500_u32 {
            let msg = pair.client.recv_msg().unwrap();
            assert_eq!(msg, &number.to_le_bytes()[..], "{transport:?}");
            assert_eq!(msg.routing_id(), None);
            pair.client.send(msg).unwrap();
        }
        let mut msg = Msg::new();
        for number in 0..500_u32 {
            pair.server.recv(&mut msg).unwrap();
            assert_eq!(msg, &number.to_le_bytes()[..], "{transport:?}");
            assert_eq!(msg.routing_id(), Some(id));
        }
    }
}

#[test]
fn messages_of_all_sizes_arrive_whole() {
    let _watchdog = watchdog();
    for &transport in Transport::EVERY {
        let pair = pair(transport);
        for size in [0, 1, 32, 33, 34, 255, 256, 8191, 8192, 8193, 100_000, 5_000_000] {
            let sent: Vec<u8> = (0..size).map(|place| (place * 7 + place / 256) as u8).collect();
            pair.client.send(&sent).unwrap();
            let request = pair.server.recv_msg().unwrap();
            assert!(request.as_bytes() == sent, "{size} bytes over {transport:?}");
            pair.server.route(request.clone(), request.routing_id().unwrap()).unwrap();
            assert!(
                pair.client.recv_msg().unwrap().as_bytes() == sent,
                "{size} bytes back over {transport:?}"
            );
        }
    }
}

#[test]
fn server_routes_each_reply_to_its_client() {
    let _watchdog = watchdog();
    for &transport in Transport::EVERY {
        let ctx = context();
        let server =
            ServerBuilder::new().bind(transport.anywhere()).with_ctx(ctx.handle()).unwrap();
        let clients: Vec<Client> = (0..10)
            .map(|_| {
                ClientBuilder::new()
                    .connect(server.last_endpoint().unwrap())
                    .with_ctx(ctx.handle())
                    .unwrap()
            })
            .collect();
        for (number, client) in clients.iter().enumerate() {
            client.send(number.to_string()).unwrap();
        }
        let requests: Vec<Msg> = clients.iter().map(|_| server.recv_msg().unwrap()).collect();
        let ids: HashSet<RoutingId> =
            requests.iter().map(|request| request.routing_id().unwrap()).collect();
        assert_eq!(ids.len(), clients.len());
        // In another order than they came.
        for request in requests.iter().rev() {
            server.route(request.to_str().unwrap(), request.routing_id().unwrap()).unwrap();
        }
        for (number, client) in clients.iter().enumerate() {
            assert_eq!(client.recv_msg().unwrap(), number.to_string().as_str());
        }
    }
}

#[test]
fn client_of_two_servers_sends_round_robin() {
    let _watchdog = watchdog();
    let servers = [Server::new().unwrap(), Server::new().unwrap()];
    let client = Client::new().unwrap();
    for server in &servers {
        server.bind(Transport::Inproc.anywhere()).unwrap();
        client.connect(server.last_endpoint().unwrap()).unwrap();
    }
    for _ in 0..10 {
        client.send("your turn").unwrap();
    }
    for server in &servers {
        for _ in 0..5 {
            server.recv_msg().unwrap();
        }
        assert_eq!(server.try_recv_msg().unwrap_err().kind(), ErrorKind::WouldBlock);
    }
}

#[test]
fn client_connects_before_its_server_binds() {
    let _watchdog = watchdog();
    for &transport in Transport::EVERY {
        let endpoint = transport.nowhere();
        let ctx = context();
        let client =
            ClientBuilder::new().connect(endpoint.as_str()).with_ctx(ctx.handle()).unwrap();
        if transport != Transport::Inproc {
            client.send("queued").unwrap();
        }
        let server = ServerBuilder::new().bind(endpoint.as_str()).with_ctx(ctx.handle()).unwrap();
        if transport == Transport::Inproc {
            client.send("queued").unwrap();
        }
        assert_eq!(server.recv_msg().unwrap(), "queued", "{transport:?}");
    }
}

#[test]
fn client_reconnects_to_a_new_server_at_the_endpoint() {
    let _watchdog = watchdog();
    let ctx = context();
    let first = ServerBuilder::new().bind(Transport::Tcp.apart()).with_ctx(ctx.handle()).unwrap();
    let endpoint = first.last_endpoint().unwrap();
    let client = ClientBuilder::new()
        .connect(&endpoint)
        .reconnect_interval(ms(10))
        .with_ctx(ctx.handle())
        .unwrap();
    let old = greet(&first, &client);
    drop(first);
    let second = retry(|| {
        ServerBuilder::new().bind(&endpoint).recv_timeout(ms(50)).with_ctx(ctx.handle()).ok()
    });
    // What was queued for the old connection may be lost with it.
    let request = retry(|| {
        client.send("are you there?").unwrap();
        second.recv_msg().ok()
    });
    second.route("yes", request.routing_id().unwrap()).unwrap();
    client.set_recv_timeout(Infinite).unwrap();
    assert_eq!(client.recv_msg().unwrap(), "yes");
    assert_eq!(
        second.route("who?", RoutingId::new(old.get() ^ 1 << 30).unwrap()).unwrap_err().kind(),
        ErrorKind::HostUnreachable
    );
}

#[test]
fn server_send_to_no_or_unknown_routing_id_is_host_unreachable() {
    let _watchdog = watchdog();
    let pair = pair(Transport::Tcp);
    let id = pair.greet();

    let mut error = pair.server.send("to nobody").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::HostUnreachable);
    assert_eq!(error.take().unwrap(), "to nobody");
    assert!(error.take().is_none());

    let stranger = RoutingId::new(id.get().wrapping_add(1000)).unwrap();
    let content = Msg::from(vec![9; 1000]);
    let mut error = pair.server.try_route(content.clone(), stranger).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::HostUnreachable);
    let back = error.take_content().unwrap();
    assert_eq!(back, content);
    assert_eq!(back.routing_id(), Some(stranger));

    // It is as good as new.
    pair.server.route(back, id).unwrap();
    assert_eq!(pair.client.recv_msg().unwrap(), content);
}

/// How a client goes away.
#[derive(Clone, Copy, Debug)]
enum Leaves {
    /// Its socket is dropped.
    Drops,
    /// It disconnects and stays.
    Disconnects,
    /// Its context is dropped too, where it has one of its own.
    WithContext,
}

/// A `route` that waits at the high water mark when the peer goes away answers soon; so does every
/// later one.
#[test]
fn server_route_to_a_peer_that_disconnects_is_host_unreachable() {
    let _watchdog = watchdog();
    for &transport in Transport::COMMON {
        for leaves in [Leaves::Drops, Leaves::Disconnects, Leaves::WithContext] {
            for unread in [0, 5] {
                for blocked in [true, false] {
                    let case =
                        format!("{transport:?}, {leaves:?}, {unread} unread, blocked: {blocked}");
                    peer_goes_away(transport, leaves, unread, blocked, &case);
                }
            }
        }
    }
}

fn peer_goes_away(transport: Transport, leaves: Leaves, unread: usize, blocked: bool, case: &str) {
    let ctx = context();
    let mut server = ServerBuilder::new();
    let server = server
        .bind(transport.anywhere())
        .send_hwm(10)
        .send_timeout(Duration::from_secs(20))
        .with_ctx(ctx.handle())
        .unwrap();
    let theirs = if transport == Transport::Inproc { None } else { Some(context()) };
    let their_handle = theirs.as_ref().map_or(ctx.handle(), Ctx::handle);
    let endpoint = server.last_endpoint().unwrap();
    let client = ClientBuilder::new()
        .connect(&endpoint)
        .recv_hwm(10)
        .linger(ms(500))
        .with_ctx(their_handle)
        .unwrap();
    let id = greet(&server, &client);
    for _ in 0..unread {
        client.send("unread").unwrap();
    }
    let msg = Msg::from(vec![1; 100_000]);
    if blocked {
        fill(&server, id, &msg);
    }

    let waiting = blocked.then(|| {
        let (server, msg) = (server.clone(), msg.clone());
        spawn_blocked(move || timed(|| server.route(msg, id)))
    });
    let mut client = Some(client);
    let mut theirs = theirs;
    match leaves {
        Leaves::Drops => client = None,
        Leaves::Disconnects => {
            client.iter().for_each(|client| client.disconnect(&endpoint).unwrap())
        }
        Leaves::WithContext => {
            client = None;
            theirs = None;
        }
    }
    if let Some(waiting) = waiting {
        // A socket that disconnects is done with it only when it is used again.
        until(|| {
            client.iter().for_each(|client| assert!(client.try_recv_msg().is_err()));
            waiting.is_finished()
        });
        let (done, took) = waiting.join().unwrap();
        // There may have been room for one more on the way.
        if let Err(error) = done {
            assert_eq!(error.kind(), ErrorKind::HostUnreachable, "{case}: {error} after {took:?}");
            assert_eq!(error.content(), Some(&msg), "{case}");
        }
    }
    // A message may still be taken and lost until the news has arrived, then it is certain.
    let (error, took) = timed(|| {
        retry(|| {
            client.iter().for_each(|client| assert!(client.try_recv_msg().is_err()));
            server.try_route(&msg, id).err().filter(|error| error.kind() != ErrorKind::WouldBlock)
        })
    });
    assert_eq!(error.kind(), ErrorKind::HostUnreachable, "{case} after {took:?}");
    assert!(took < SOON, "{case}: {took:?}");
    assert_eq!(server.try_route("x", id).unwrap_err().kind(), ErrorKind::HostUnreachable, "{case}");
    // What it had sent is still there.
    for _ in 0..unread {
        assert_eq!(server.recv_msg().unwrap(), "unread", "{case}");
    }
    drop((client, theirs));
}

#[test]
fn send_and_recv_time_out_after_their_period() {
    let _watchdog = watchdog();
    for &transport in Transport::COMMON {
        let (send_for, recv_for) = (ms(150), ms(100));
        let mut server = ServerBuilder::new();
        server.send_hwm(2).send_timeout(send_for).recv_timeout(recv_for);
        let mut client = ClientBuilder::new();
        client.send_hwm(2).recv_hwm(2).send_timeout(send_for).recv_timeout(recv_for);
        let pair = pair_with(transport, &mut server, &mut client);
        let id = pair.greet();
        let in_time = |what: &str, kind: ErrorKind, took: Duration, period: Duration| {
            assert_eq!(kind, ErrorKind::WouldBlock, "{what}");
            assert!(
                took >= period && took < period + SOON,
                "{what} over {transport:?} took {took:?}"
            );
        };

        for _ in 0..3 {
            let (error, took) = timed(|| pair.client.recv_msg().unwrap_err());
            in_time("client.recv", error.kind(), took, recv_for);
            let (error, took) = timed(|| pair.server.recv_msg().unwrap_err());
            in_time("server.recv", error.kind(), took, recv_for);
        }

        let large = Msg::from(vec![1; 200_000]);
        fill(&pair.server, id, &large);
        for _ in 0..3 {
            // Under load the kernel may make room for one more, late.
            let (error, took) = retry(|| {
                let (done, took) = timed(|| pair.server.route(&large, id));
                done.err().map(|error| (error, took))
            });
            in_time("server.route", error.kind(), took, send_for);
            assert_eq!(error.content(), Some(&large));
        }
        // The server reads nothing, so at some time the queue to it is full.
        let (error, took) = retry(|| {
            let (done, took) = timed(|| pair.client.send(&large));
            done.err().map(|error| (error, took))
        });
        in_time("client.send", error.kind(), took, send_for);

        // Zero is "do not wait", and the periods can be changed at any time.
        pair.client.set_send_timeout(Duration::ZERO).unwrap();
        pair.client.set_recv_timeout(Duration::ZERO).unwrap();
        pair.server.set_send_timeout(Duration::ZERO).unwrap();
        let (_, took) = timed(|| {
            assert_eq!(pair.client.send(&large).unwrap_err().kind(), ErrorKind::WouldBlock);
            assert_eq!(pair.server.route(&large, id).unwrap_err().kind(), ErrorKind::WouldBlock);
        });
        assert!(took < SOON, "{took:?}");
    }
}

#[test]
fn client_send_without_a_server_blocks_until_one_connects() {
    let _watchdog = watchdog();
    let client = ClientBuilder::new().send_timeout(ms(100)).build().unwrap();
    let (error, took) = timed(|| client.send("x").unwrap_err());
    assert_eq!(error.kind(), ErrorKind::WouldBlock);
    assert!(took >= ms(100) && took < ms(100) + SOON, "{took:?}");
    assert_eq!(client.try_send("x").unwrap_err().kind(), ErrorKind::WouldBlock);
    assert_eq!(client.try_recv_msg().unwrap_err().kind(), ErrorKind::WouldBlock);

    client.set_send_timeout(Infinite).unwrap();
    let server = ServerBuilder::new().bind(Transport::Inproc.anywhere()).build().unwrap();
    let sending = thread::spawn({
        let client = client.clone();
        move || client.send("at last").unwrap()
    });
    client.connect(server.last_endpoint().unwrap()).unwrap();
    sending.join().unwrap();
    assert_eq!(server.recv_msg().unwrap(), "at last");
}

/// libzmq looks at what its peers did at most once a millisecond or so, and says "would block" of a
/// queue that has room.
#[test]
fn try_send_succeeds_once_the_peer_has_read() {
    const HWM: usize = 10;

    let _watchdog = watchdog();
    let mut server = ServerBuilder::new();
    let mut client = ClientBuilder::new();
    let pair = pair_with(
        Transport::Inproc,
        server.send_hwm(HWM as i32).recv_hwm(HWM as i32),
        client.send_hwm(HWM as i32).recv_hwm(HWM as i32),
    );
    let id = pair.greet();

    for round in 0..200 {
        let mut sent = 0;
        while pair.client.try_send("x").is_ok() {
            sent += 1;
        }
        assert!(sent >= HWM, "{sent} in round {round}");
        for _ in 0..sent {
            pair.server.recv_msg().unwrap();
        }
        pair.client
            .try_send("room")
            .unwrap_or_else(|error| panic!("client, round {round}: {error}"));
        assert_eq!(pair.server.recv_msg().unwrap(), "room");
    }
    for round in 0..200 {
        let mut sent = 0;
        while pair.server.try_route("x", id).is_ok() {
            sent += 1;
        }
        for _ in 0..sent {
            pair.client.recv_msg().unwrap();
        }
        pair.server
            .try_route("room", id)
            .unwrap_or_else(|error| panic!("server, round {round}: {error}"));
        assert_eq!(pair.client.recv_msg().unwrap(), "room");
    }
    // So does a blocking call that may not wait.
    pair.client.set_send_timeout(Duration::ZERO).unwrap();
    pair.server.set_send_timeout(Duration::ZERO).unwrap();
    for round in 0..200 {
        let mut sent = 0;
        while pair.client.send("x").is_ok() {
            sent += 1;
        }
        for _ in 0..sent {
            pair.server.recv_msg().unwrap();
        }
        pair.client
            .send("room")
            .unwrap_or_else(|error| panic!("client.send, round {round}: {error}"));
        assert_eq!(pair.server.recv_msg().unwrap(), "room");
    }
}

#[test]
fn hello_message_arrives_first() {
    let _watchdog = watchdog();
    for &transport in Transport::EVERY {
        let mut server = ServerBuilder::new();
        let mut client = ClientBuilder::new();
        let pair =
            pair_with(transport, server.hello("from the server"), client.hello("from the client"));
        assert_eq!(pair.client.recv_msg().unwrap(), "from the server", "{transport:?}");
        let hello = pair.server.recv_msg().unwrap();
        assert_eq!(hello, "from the client", "{transport:?}");
        pair.server.route("known", hello.routing_id().unwrap()).unwrap();
        assert_eq!(pair.client.recv_msg().unwrap(), "known");

        // The next client as well.
        let next = ClientBuilder::new()
            .connect(pair.server.last_endpoint().unwrap())
            .with_ctx(pair.ctx.handle())
            .unwrap();
        assert_eq!(next.recv_msg().unwrap(), "from the server", "{transport:?}");
    }
}

#[test]
fn disconnect_message_arrives_after_the_last_message() {
    let _watchdog = watchdog();
    for &transport in Transport::EVERY {
        let ctx = context();
        let mut server = ServerBuilder::new();
        let server = server
            .bind(transport.anywhere())
            .disconnect_message("bye")
            .with_ctx(ctx.handle())
            .unwrap();
        let clients: Vec<Client> = (0..4)
            .map(|_| {
                ClientBuilder::new()
                    .connect(server.last_endpoint().unwrap())
                    .with_ctx(ctx.handle())
                    .unwrap()
            })
            .collect();
        for client in clients {
            thread::spawn(move || {
                for _ in 0..200 {
                    client.send("data").unwrap();
                }
            });
        }
        let mut counts = std::collections::HashMap::new();
        let mut gone = HashSet::new();
        while gone.len() < 4 {
            let msg = server.recv_msg().unwrap();
            let id = msg.routing_id().unwrap();
            assert!(!gone.contains(&id), "{transport:?}: {msg:?} after the end");
            if msg == "bye" {
                assert_eq!(counts.get(&id), Some(&200), "{transport:?}");
                gone.insert(id);
            } else {
                *counts.entry(id).or_insert(0) += 1;
            }
        }
    }
}

#[test]
fn hiccup_message_reports_a_lost_connection() {
    let _watchdog = watchdog();
    for &transport in Transport::EVERY.iter().filter(|&&transport| transport != Transport::Inproc) {
        let mut client = ClientBuilder::new();
        let pair = pair_with(transport, &mut ServerBuilder::new(), client.hiccup("lost you"));
        pair.greet();
        drop(pair.server);
        assert_eq!(pair.client.recv_msg().unwrap(), "lost you", "{transport:?}");
    }
}

#[test]
fn options_of_new_connections_are_invalid_input_after_bind() {
    let server = ServerBuilder::new().bind("tcp://127.0.0.1:*").build().unwrap();
    for mut late in
        [ServerBuilder::new(), ServerBuilder::new(), ServerBuilder::new(), ServerBuilder::new()]
            .iter_mut()
            .zip(0..)
            .map(|(builder, number)| match number {
                0 => builder.hello("late").clone(),
                1 => builder.disconnect_message("late").clone(),
                2 => builder.send_hwm(1).clone(),
                _ => builder.recv_hwm(1).clone(),
            })
    {
        let error = late.apply(&server).unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::InvalidInput(_)), "{error}");
        assert!(late.send_timeout(ms(1)).apply(&server).is_err());
    }
    assert!(matches!(server.set_send_hwm(5).unwrap_err().kind(), ErrorKind::InvalidInput(_)));
    assert!(matches!(server.set_recv_hwm(5).unwrap_err().kind(), ErrorKind::InvalidInput(_)));
    assert_eq!((server.send_hwm().unwrap(), server.recv_hwm().unwrap()), (1000, 1000));

    let fresh = Client::new().unwrap();
    fresh.set_send_hwm(5).unwrap();
    fresh.set_recv_hwm(6).unwrap();
    assert_eq!((fresh.send_hwm().unwrap(), fresh.recv_hwm().unwrap()), (5, 6));
}

fn raw_client(server: &Server) -> RawPeer {
    RawPeer::connect(&server.last_endpoint().unwrap(), "CLIENT")
}

#[test]
fn peer_that_announces_an_oversized_message_is_disconnected() {
    let _watchdog = watchdog();
    let server = ServerBuilder::new().bind("tcp://127.0.0.1:*").build().unwrap();
    // The handshake is right: a small message arrives.
    let mut raw = raw_client(&server);
    raw.send(last("hello"));
    assert_eq!(server.recv_msg().unwrap(), "hello");
    // Two gibibytes, and a number that no memory holds.
    for size in [2_u64 << 30, u64::MAX >> 1] {
        let mut raw = raw_client(&server);
        raw.send([&[2][..], &size.to_be_bytes()].concat());
        assert!(raw.was_disconnected(), "{size}");
    }
    let mut raw = raw_client(&server);
    raw.send(last("still"));
    assert_eq!(server.recv_msg().unwrap(), "still");

    // Just at the limit is fine, one above is not.
    let server = ServerBuilder::new().bind("tcp://127.0.0.1:*").max_msg_size(100).build().unwrap();
    let mut raw = raw_client(&server);
    raw.send(last([1; 100]));
    assert_eq!(server.recv_msg().unwrap(), &[1; 100][..]);
    raw.send(last([1; 101]));
    assert!(raw.was_disconnected());
}

#[test]
fn server_drops_multipart_messages() {
    let _watchdog = watchdog();
    let server = ServerBuilder::new().bind("tcp://127.0.0.1:*").build().unwrap();
    let mut raw = raw_client(&server);
    raw.send([part("part"), part("part"), last("last"), last("whole")].concat());
    assert_eq!(server.recv_msg().unwrap(), "whole");
}

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

    let mut cases: Vec<(Error, fn(ErrorKind) -> bool, io::ErrorKind, &str)> = vec![
        // An address of the documentation's, that no machine has.
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
fn disconnected_client_sends_nothing_until_it_connects_again() {
    let _watchdog = watchdog();
    for &transport in Transport::EVERY {
        let pair = pair(transport);
        pair.greet();
        let endpoint = pair.server.last_endpoint().unwrap();
        pair.client.disconnect(&endpoint).unwrap();
        until(|| pair.client.try_send("x").is_err());
        assert!(
            matches!(pair.client.disconnect(&endpoint).unwrap_err().kind(), ErrorKind::NotFound(_)),
            "{transport:?}"
        );
        pair.client.connect(&endpoint).unwrap();
        pair.client.send("again").unwrap();
        until(|| pair.server.recv_msg().unwrap() == "again");
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

#[test]
fn socket_clones_are_equal_and_the_last_one_closes_the_socket() {
    let client = Client::new().unwrap();
    assert_eq!(client, client.clone());
    assert_ne!(client, Client::new().unwrap());
    // It closes with its last clone.
    let server = ServerBuilder::new().bind(Transport::Tcp.apart()).build().unwrap();
    let endpoint = server.last_endpoint().unwrap();
    let clone = server.clone();
    drop(server);
    assert_eq!(Server::new().unwrap().bind(&endpoint).unwrap_err().kind(), ErrorKind::AddrInUse);
    drop(clone);
    retry(|| Server::new().unwrap().bind(&endpoint).ok());
}
