//! `Peer`: routing ids, and how long each is valid.

use libzmq::prelude::*;

use crate::{
    common::{Transport, retry, until, watchdog},
    sockets::link::ms,
};

fn peer(ctx: &Ctx) -> Peer {
    PeerBuilder::new().linger(ms(0)).with_ctx(ctx.handle()).unwrap()
}

fn peer_at(ctx: &Ctx, endpoint: &str) -> Peer {
    // A name that was bound a moment ago may not be free yet.
    retry(|| PeerBuilder::new().linger(ms(0)).bind(endpoint).with_ctx(ctx.handle()).ok())
}

#[test]
fn peer_routes_to_an_endpoint_that_is_bound_later() {
    let _watchdog = watchdog();
    for transport in Transport::COMMON.iter().copied() {
        let ctx = Ctx::new();
        let endpoint = transport.nowhere();
        let early = peer(&ctx);
        let id = early.connect_peer(&*endpoint).unwrap();
        early.route("first", id).unwrap();
        early.try_route("second", id).unwrap();

        let late = peer_at(&ctx, &endpoint);
        let first = late.recv_msg().unwrap();
        assert_eq!(
            (&first, late.recv_msg().unwrap()),
            (&"first".into(), "second".into()),
            "{transport:?}"
        );
        late.route("reply", first.routing_id().unwrap()).unwrap();
        let reply = early.recv_msg().unwrap();
        assert_eq!((reply.routing_id(), reply), (Some(id), "reply".into()));
    }
}

#[test]
fn peer_connections_have_distinct_routing_ids() {
    let _watchdog = watchdog();
    for transport in Transport::COMMON.iter().copied() {
        let ctx = Ctx::new();
        let here = peer(&ctx);
        let there = [(); 2].map(|()| peer_at(&ctx, &transport.anywhere()));
        let endpoints = there.each_ref().map(|peer| peer.last_endpoint().unwrap());
        let ids = [&endpoints[0], &endpoints[1], &endpoints[0]]
            .map(|endpoint| here.connect_peer(endpoint).unwrap());
        assert!(ids[0] != ids[1] && ids[1] != ids[2] && ids[0] != ids[2]);
        for (id, text) in ids.into_iter().zip(["a", "b", "c"]) {
            here.route(text, id).unwrap();
        }
        let mut first = [there[0].recv_msg().unwrap(), there[0].recv_msg().unwrap()];
        first.sort_by_key(|msg| msg.as_bytes().to_vec());
        assert_eq!(first, ["a", "c"], "{transport:?}");
        assert_ne!(first[0].routing_id(), first[1].routing_id());
        assert_eq!(there[1].recv_msg().unwrap(), "b");
        for msg in first {
            there[0].route(msg.as_bytes(), msg.routing_id().unwrap()).unwrap();
            let back = here.recv_msg().unwrap();
            let expected = if back == "a" { ids[0] } else { ids[2] };
            assert_eq!(back.routing_id(), Some(expected));
        }
    }
}

/// Over tcp and ipc a routing id from `connect_peer` belongs to the endpoint: messages that are
/// sent while no peer is bound there go to the next one.
#[test]
fn peer_routing_id_survives_a_reconnect() {
    let _watchdog = watchdog();
    for &transport in Transport::BETWEEN_PROCESSES {
        let ctx = Ctx::new();
        let endpoint = transport.nowhere();
        let there = peer_at(&ctx, &endpoint);
        let here = PeerBuilder::new().hiccup("gone").linger(ms(0)).with_ctx(ctx.handle()).unwrap();
        let id = here.connect_peer(&*endpoint).unwrap();
        here.route("to the first", id).unwrap();
        let first = there.recv_msg().unwrap();
        assert_eq!(first, "to the first");

        drop(there);
        assert_eq!(here.recv_msg().unwrap(), "gone");
        here.route("to the next", id).unwrap();
        let next = peer_at(&ctx, &endpoint);
        let msg = next.recv_msg().unwrap();
        assert_eq!(msg, "to the next", "{transport:?}");
        next.route("I am another", msg.routing_id().unwrap()).unwrap();
        let reply = here.recv_msg().unwrap();
        assert_eq!((reply.routing_id(), reply), (Some(id), "I am another".into()));
    }
}

/// Over inproc there is no reconnecting: the id ends with the peer.
#[test]
fn peer_routing_id_over_inproc_ends_with_the_peer() {
    let _watchdog = watchdog();
    let ctx = Ctx::new();
    let endpoint = Transport::Inproc.anywhere();
    let there = peer_at(&ctx, &endpoint);
    let here = peer(&ctx);
    let id = here.connect_peer(&*endpoint).unwrap();
    here.route("hello", id).unwrap();
    assert_eq!(there.recv_msg().unwrap(), "hello");
    drop(there);
    let next = peer_at(&ctx, &endpoint);
    until(|| {
        here.route("still there?", id)
            .is_err_and(|error| error.kind() == ErrorKind::HostUnreachable)
    });
    let id = here.connect_peer(&*endpoint).unwrap();
    here.route("hello again", id).unwrap();
    assert_eq!(next.recv_msg().unwrap(), "hello again");
}

/// The id of a peer that has connected ends with its connection, and it comes back with another.
#[test]
fn peer_that_connects_again_has_a_new_routing_id() {
    let _watchdog = watchdog();
    for transport in Transport::COMMON.iter().copied() {
        let ctx = Ctx::new();
        let host = peer_at(&ctx, &transport.anywhere());
        let endpoint = host.last_endpoint().unwrap();
        let visit = || {
            let guest = peer(&ctx);
            let id = guest.connect_peer(&endpoint).unwrap();
            guest.route("hello", id).unwrap();
            (guest, host.recv_msg().unwrap().routing_id().unwrap())
        };
        let (guest, old) = visit();
        drop(guest);
        let (guest, new) = visit();
        assert_ne!(old, new);
        until(|| {
            host.route("still there?", old)
                .is_err_and(|error| error.kind() == ErrorKind::HostUnreachable)
        });
        host.route("welcome back", new).unwrap();
        assert_eq!(guest.recv_msg().unwrap(), "welcome back", "{transport:?}");
    }
}

#[test]
fn peer_route_to_a_full_queue_is_would_block() {
    let _watchdog = watchdog();
    for transport in Transport::COMMON.iter().copied() {
        let ctx = Ctx::new();
        let here = PeerBuilder::new().send_hwm(3).linger(ms(0)).with_ctx(ctx.handle()).unwrap();
        let id = here.connect_peer(transport.nowhere().as_str()).unwrap();
        // Over inproc the default mark of the missing peer adds to it.
        let sent = (0..)
            .take_while(|number| here.try_route(number.to_string(), id).is_ok())
            .take(3000)
            .count();
        assert!((3..3000).contains(&sent), "{transport:?}: {sent}");
        let mut error = here.try_route("full", id).unwrap_err();
        assert_eq!((error.kind(), error.take().unwrap()), (ErrorKind::WouldBlock, "full".into()));
        here.set_send_timeout(ms(10)).unwrap();
        assert_eq!(here.route("full", id).unwrap_err().kind(), ErrorKind::WouldBlock);
    }
}

#[test]
fn peer_refuses_immediate_bad_endpoints_and_unknown_routing_ids() {
    let _watchdog = watchdog();
    let here = PeerBuilder::new().immediate(true).build().unwrap();
    let error = here.connect_peer("tcp://127.0.0.1:1").unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::InvalidInput(_)), "{error}");

    let here = Peer::new().unwrap();
    for endpoint in ["nonsense", "tcp://127.0.0.1:none"] {
        let error = here.connect_peer(endpoint).unwrap_err();
        assert!(
            matches!(error.kind(), ErrorKind::InvalidInput(_))
                && error.to_string().contains(endpoint),
            "{error}"
        );
    }
    assert!(matches!(
        here.connect_peer("udp://127.0.0.1:5555").unwrap_err().kind(),
        ErrorKind::Unsupported(_)
    ));
    // An unknown routing id, and a message without one.
    let stranger = RoutingId::try_from(7).unwrap();
    let mut error = here.route("anybody?", stranger).unwrap_err();
    assert_eq!(
        (error.kind(), error.take().unwrap()),
        (ErrorKind::HostUnreachable, "anybody?".into())
    );
    assert_eq!(here.send("anybody?").unwrap_err().kind(), ErrorKind::HostUnreachable);
}
