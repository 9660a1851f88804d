//! `Router`: identities, what it drops, when it blocks, and notifications of its peers.

use std::collections::{BTreeMap, HashMap};

use libzmq::{prelude::*, *};

use crate::{
    common::{Transport, fill_by, retry, until, watchdog},
    sockets::link::{Link, link, ms},
};

fn identity(name: &str) -> Identity {
    Identity::new(name).unwrap()
}

fn named(name: &str) -> DealerBuilder {
    DealerBuilder::new().routing_identity(name).clone()
}

#[test]
fn router_uses_the_identity_of_a_peer_or_generates_one() {
    let _watchdog = watchdog();
    for transport in Transport::COMMON.iter().copied() {
        let pair = link(transport, &RouterBuilder::new(), &named("chosen"));
        pair.connected.send("hello").unwrap();
        let (peer, parts) = pair.bound.recv_from().unwrap();
        assert_eq!((peer.as_bytes(), parts), (&b"chosen"[..], ["hello"].into()));

        let nameless = pair.join(&DealerBuilder::new());
        nameless.send_multipart(["hello", "again"]).unwrap();
        let (peer, parts) = pair.bound.recv_from().unwrap();
        assert_eq!((peer.as_bytes()[0], parts), (0, ["hello", "again"].into()));

        // As C has it, the identity is the first part.
        let mut whole = Multipart::from(["for you"]);
        whole.push_front(peer.as_bytes());
        pair.bound.send_multipart(whole).unwrap();
        assert_eq!(nameless.recv_msg().unwrap(), "for you");
        pair.connected.send("1").unwrap();
        assert_eq!(pair.bound.recv_multipart().unwrap(), ["chosen", "1"]);
    }
}

#[test]
fn router_send_to_unknown_peer_drops_or_is_host_unreachable_if_mandatory() {
    let _watchdog = watchdog();
    let nobody = identity("nobody");
    RouterBuilder::new().build().unwrap().route(["dropped", "silently"], &nobody).unwrap();

    let router = RouterBuilder::new().mandatory(true).build().unwrap();
    for refuse in [Router::route::<[&str; 2], _>, Router::try_route::<[&str; 2], _>] {
        let mut error = refuse(&router, ["come", "back"], &nobody).unwrap_err();
        assert_eq!(
            (error.kind(), error.take().unwrap()),
            (ErrorKind::HostUnreachable, ["come", "back"].into())
        );
    }
    let mut error = router.send_multipart(["nobody", "come back"]).unwrap_err();
    assert_eq!(
        (error.kind(), error.take().unwrap()),
        (ErrorKind::HostUnreachable, ["nobody", "come back"].into())
    );
}

#[test]
fn router_send_to_a_full_queue_drops_or_blocks_if_mandatory() {
    const MANY: usize = 400;

    let _watchdog = watchdog();
    let slow = identity("slow");
    let numbered = |number: usize| [number.to_string(), "x".repeat(50_000)];
    let read = |dealer: &Dealer| {
        dealer.recv_multipart().map(|parts| parts[0].to_str().unwrap().parse::<usize>().unwrap())
    };

    for transport in Transport::COMMON.iter().copied() {
        for mandatory in [false, true] {
            let Link { bound: router, connected: dealer, ctx: _ctx } = link(
                transport,
                RouterBuilder::new().send_hwm(3).mandatory(mandatory),
                named("slow").recv_hwm(3).recv_timeout(ms(100)),
            );
            dealer.send("hello").unwrap();
            router.recv_from().unwrap();
            if !mandatory {
                (0..MANY).for_each(|number| router.route(numbered(number), &slow).unwrap());
                let received: Vec<_> = std::iter::from_fn(|| read(&dealer).ok()).collect();
                assert!(
                    (3..MANY).contains(&received.len()) && received[..3] == [0, 1, 2],
                    "{transport:?}: {received:?}"
                );
                continue;
            }

            let mut sent = fill_by(|sent| {
                router
                    .try_route(numbered(sent), &slow)
                    .inspect_err(|error| assert_eq!(*error.content().unwrap(), numbered(sent)))
            });
            router.set_send_timeout(ms(10)).unwrap();
            let error = loop {
                match router.route(numbered(sent), &slow) {
                    // The kernel has found more room after all.
                    Ok(()) => sent += 1,
                    Err(error) => break error,
                }
            };
            assert_eq!(error.kind(), ErrorKind::WouldBlock);
            (0..sent).for_each(|number| assert_eq!(read(&dealer), Ok(number), "{transport:?}"));
            until(|| router.route(numbered(sent), &slow).is_ok());
            assert_eq!(read(&dealer), Ok(sent));
        }
    }
}

#[test]
fn router_peer_with_a_used_identity_is_refused_or_takes_over_with_handover() {
    let _watchdog = watchdog();
    let twin = identity("twin");
    for transport in Transport::COMMON.iter().copied() {
        for handover in [false, true] {
            let pair = link(transport, RouterBuilder::new().handover(handover), &named("twin"));
            pair.connected.send("first").unwrap();
            assert_eq!(pair.bound.recv_from().unwrap().1, ["first"]);
            let second = pair.join(named("twin").linger(ms(0)));
            second.send("second").unwrap();
            if handover {
                assert_eq!(pair.bound.recv_from().unwrap().1, ["second"], "{transport:?}");
                pair.bound.route("to the second", &twin).unwrap();
                assert_eq!(second.recv_msg().unwrap(), "to the second");
                continue;
            }
            for _ in 0..100 {
                pair.connected.send("still the first").unwrap();
                assert_eq!(pair.bound.recv_from().unwrap().1, ["still the first"], "{transport:?}");
                pair.bound.route("to the first", &twin).unwrap();
                assert_eq!(pair.connected.recv_msg().unwrap(), "to the first");
                assert!(second.try_recv_msg().is_err());
            }
        }
    }
}

#[test]
fn router_notify_reports_connects_and_disconnects() {
    let _watchdog = watchdog();
    for &transport in Transport::BETWEEN_PROCESSES {
        let both = RouterNotify::CONNECT | RouterNotify::DISCONNECT;
        let Link { bound: router, connected: dealer, ctx: _ctx } =
            link(transport, RouterBuilder::new().notify(both), &named("guest"));
        let told = || {
            let (who, what) = router.recv_from().unwrap();
            assert_eq!(who, identity("guest"));
            what
        };
        assert_eq!(router.get(opt::Notify).unwrap(), both);
        assert_eq!(told(), [""]);
        dealer.send("hello").unwrap();
        assert_eq!(told(), ["hello"]);
        drop(dealer);
        assert_eq!(told(), [""]);
    }
}

#[test]
fn probe_router_sends_an_empty_message_on_connect() {
    let _watchdog = watchdog();
    for transport in Transport::COMMON.iter().copied() {
        let Link { bound: router, connected: dealer, ctx } =
            link(transport, &RouterBuilder::new(), named("guest").probe_router(true));
        // It has not said anything.
        assert_eq!(router.recv_multipart().unwrap(), ["guest", ""], "{transport:?}");
        router.route("welcome", identity("guest")).unwrap();
        assert_eq!(dealer.recv_msg().unwrap(), "welcome");

        let prober = RouterBuilder::new()
            .routing_identity("router")
            .probe_router(true)
            .connect(router.last_endpoint().unwrap())
            .with_ctx(ctx.handle())
            .unwrap();
        assert_eq!(router.recv_multipart().unwrap(), ["router", ""], "{transport:?}");
        drop(prober);
    }
}

/// A peer that the router has connected to and named can be routed to before it has said anything.
#[test]
fn router_connect_as_routes_before_the_peer_sends() {
    let _watchdog = watchdog();
    for transport in Transport::COMMON.iter().copied() {
        let ctx = Ctx::new();
        let dealer =
            named("its own name").bind(transport.anywhere()).with_ctx(ctx.handle()).unwrap();
        let router = RouterBuilder::new().mandatory(true).with_ctx(ctx.handle()).unwrap();
        let name = identity("my name for it");
        router.connect_as(dealer.last_endpoint().unwrap(), &name).unwrap();
        router.route("hello", &name).unwrap();
        assert_eq!(dealer.recv_msg().unwrap(), "hello", "{transport:?}");
        dealer.send("who?").unwrap();
        assert_eq!(router.recv_from().unwrap(), (name, ["who?"].into()));
    }
}

#[test]
fn router_connect_as_with_immediate_names_its_own_connection() {
    let _watchdog = watchdog();
    let router = RouterBuilder::new().mandatory(true).immediate(true).build().unwrap();
    // A port that nothing listens at, until the far peer does.
    let reserved = Dealer::new().unwrap();
    reserved.bind("tcp://127.0.0.1:*").unwrap();
    let far_at = reserved.last_endpoint().unwrap();
    drop(reserved);
    let (far, near) = (identity("far"), identity("near"));
    router.connect_as(far_at.clone(), &far).unwrap();
    let near_peer = named("near").bind("tcp://127.0.0.1:*").build().unwrap();
    router.connect(near_peer.last_endpoint().unwrap()).unwrap();
    retry(|| router.route("for near", &near).ok());
    assert_eq!(near_peer.recv_msg().unwrap(), "for near");
    assert_eq!(router.route("lost", &far).unwrap_err().kind(), ErrorKind::HostUnreachable);

    let far_peer = Dealer::new().unwrap();
    retry(|| far_peer.bind(far_at.clone()).ok());
    retry(|| router.route("for far", &far).ok());
    assert_eq!(far_peer.recv_msg().unwrap(), "for far");
}

#[test]
fn failed_router_connect_as_names_no_later_connection() {
    let _watchdog = watchdog();
    for refused in ["nonsense", "udp://127.0.0.1:1", "tcp://127.0.0.1"] {
        let router = RouterBuilder::new().mandatory(true).build().unwrap();
        let given = identity("given");
        assert!(router.connect_as(refused, &given).is_err(), "{refused}");
        let peer = named("peer").bind("tcp://127.0.0.1:*").build().unwrap();
        router.connect(peer.last_endpoint().unwrap()).unwrap();
        retry(|| router.route("hello", identity("peer")).ok());
        assert_eq!(router.route("lost", &given).unwrap_err().kind(), ErrorKind::HostUnreachable);
    }
}

#[test]
fn peer_that_restarts_with_another_identity_is_another_peer_to_a_router() {
    let _watchdog = watchdog();
    let router = RouterBuilder::new().mandatory(true).build().unwrap();
    let first = named("first").bind("tcp://127.0.0.1:*").build().unwrap();
    let endpoint = first.last_endpoint().unwrap();
    router.connect(endpoint.clone()).unwrap();
    retry(|| router.route("hello", identity("first")).ok());
    assert_eq!(first.recv_msg().unwrap(), "hello");
    drop(first);

    let second = named("second").build().unwrap();
    retry(|| second.bind(endpoint.clone()).ok());
    retry(|| router.route("for second", identity("second")).ok());
    assert_eq!(second.recv_msg().unwrap(), "for second");
    let error = router.route("for first", identity("first")).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::HostUnreachable);
}

/// Routers talk to routers: each needs the other's identity first.
#[test]
fn router_exchanges_messages_with_a_router() {
    let _watchdog = watchdog();
    for transport in Transport::COMMON.iter().copied() {
        let Link { bound, connected, ctx: _ctx } = link(
            transport,
            RouterBuilder::new().routing_identity("bound").mandatory(true),
            RouterBuilder::new().routing_identity("connected").mandatory(true),
        );
        until(|| connected.route("hello", identity("bound")).is_ok());
        assert_eq!(
            bound.recv_from().unwrap(),
            (identity("connected"), ["hello"].into()),
            "{transport:?}"
        );
        bound.route(["and", "hello"], identity("connected")).unwrap();
        assert_eq!(connected.recv_from().unwrap(), (identity("bound"), ["and", "hello"].into()));
    }
}

#[test]
fn identity_of_0_or_256_bytes_is_an_error() {
    for (size, fine) in [(0, false), (1, true), (255, true), (256, false)] {
        assert_eq!(Identity::new(vec![1; size]).is_ok(), fine, "{size}");
        assert_eq!(
            DealerBuilder::new().routing_identity(vec![1; size]).build().is_ok(),
            fine,
            "{size}"
        );
    }
}

#[test]
fn map_keyed_by_identity_is_searched_by_bytes() {
    let name = |size| vec![size as u8; size];
    let kept: HashMap<Identity, usize> =
        (1..=255).map(|size| (Identity::new(name(size)).unwrap(), size)).collect();
    let sorted: BTreeMap<Identity, usize> = kept.clone().into_iter().collect();
    for size in 1..=255 {
        assert_eq!((kept.get(&*name(size)), sorted.get(&*name(size))), (Some(&size), Some(&size)));
    }
    assert!(sorted.values().is_sorted());
}
