//! Client and server: the messages that they exchange, and those that report a connection.

use std::{collections::HashSet, thread, time::Duration};

use libzmq::prelude::*;

use crate::common::{
    Transport, context, greet, pair, pair_with, retry, until, watchdog,
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

    // The message can be sent again.
    pair.server.route(back, id).unwrap();
    assert_eq!(pair.client.recv_msg().unwrap(), content);
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
    // The handshake of the raw peer is right: a small message arrives.
    let mut raw = raw_client(&server);
    raw.send(last("hello"));
    assert_eq!(server.recv_msg().unwrap(), "hello");
    // Two gibibytes, and more than any memory.
    for size in [2_u64 << 30, u64::MAX >> 1] {
        let mut raw = raw_client(&server);
        raw.send([&[2][..], &size.to_be_bytes()].concat());
        assert!(raw.was_disconnected(), "{size}");
    }
    let mut raw = raw_client(&server);
    raw.send(last("still"));
    assert_eq!(server.recv_msg().unwrap(), "still");

    // At the limit, and one byte above.
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
