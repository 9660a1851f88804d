//! Multipart messages that are partly sent or received when their peer disconnects.

use std::{thread, time::Duration};

use crate::{udp, zmq::*};

/// Sends the first part to a peer that then closes, and the next parts until the socket refuses
/// one: it must refuse the others too, and then send a whole message to another peer.
fn refuses_the_rest(sender: Sock, ctx: Ctx, endpoint: &str, peer: impl Into<i64> + Copy) {
    let endpoint = sender.bound(endpoint);
    let gone = ctx.socket(peer);
    assert_eq!(gone.connect(&endpoint), Ok(0));
    eventually("the first part", || sender.send(b"1", SNDMORE | DONTWAIT).ok());
    gone.close();
    let refusal = eventually("a refusal", || sender.send(b"2", SNDMORE | DONTWAIT).err());
    assert_eq!(refusal, libc::ECONNRESET);
    for (part, flags) in [(b"3", SNDMORE), (b"4", SNDMORE), (b"5", 0)] {
        assert_eq!(sender.send(part, flags), Err(libc::ECONNRESET));
    }
    eventually("no peer", || (sender.get(ZMQ_EVENTS) & ZMQ_POLLOUT as i32 == 0).then_some(()));
    // A PAIR refuses another peer until the last trace of the first one is gone.
    let stays = eventually("the next message", || {
        let stays = ctx.socket(peer);
        assert_eq!(stays.connect(&endpoint), Ok(0));
        for _ in 0..100 {
            if sender.send(b"a", SNDMORE | DONTWAIT).is_ok() {
                return Some(stays);
            }
            thread::sleep(Duration::from_millis(1));
        }
        stays.close();
        None
    });
    assert_eq!(sender.send(b"b", 0), Ok(1));
    assert_eq!(stays.multipart(), [b"a", b"b"]);
}

fn refuses_the_rest_everywhere(kind: impl Into<i64> + Copy, peer: impl Into<i64> + Copy) {
    for endpoint in ["inproc://x", "tcp://127.0.0.1:*"] {
        let ctx = Ctx::new();
        refuses_the_rest(ctx.socket(kind), ctx, endpoint, peer);
    }
}

/// Three peers, to which the socket connects, in the order of its list of pipes.
fn three_peers(ctx: Ctx, socket: Sock, kind: impl Into<i64> + Copy) -> [Sock; 3] {
    ["inproc://a", "inproc://b", "inproc://c"].map(|endpoint| {
        let peer = ctx.socket(kind);
        assert_eq!(peer.bind(endpoint), Ok(0));
        assert_eq!(socket.connect(endpoint), Ok(0));
        peer
    })
}

/// Has all threads process the end of a connection, which takes several commands to and fro.
fn process_end(sockets: &[Sock]) {
    for _ in 0..5 {
        settle_briefly();
        for socket in sockets {
            socket.process();
        }
    }
}

/// Reads a part of a message, or has the socket read it, disconnects, and reads the rest.
fn reads_the_rest(
    kind: impl Into<i64> + Copy,
    peer: impl Into<i64> + Copy,
    endpoint: &str,
    settles: bool,
) {
    let ctx = Ctx::new();
    let (reader, writer) = (ctx.socket(kind), ctx.socket(peer));
    if kind.into() == i64::from(ZMQ_SUB) {
        assert_eq!(reader.try_set(ZMQ_SUBSCRIBE, b""), Ok(0));
    }
    let endpoint = writer.bound(endpoint);
    assert_eq!(reader.connect(&endpoint), Ok(0));
    if kind.into() == i64::from(ZMQ_XSUB) {
        assert_eq!(reader.send(b"\x01", 0), Ok(1));
    }
    // Until the peer, or its subscription, has arrived.
    eventually("a readable socket", || {
        for (part, flags) in
            [(b"", SNDMORE), (b"2", SNDMORE), (b"3", SNDMORE), (b"4", 0)] as [(&[u8], _); 4]
        {
            if writer.send(part, flags | DONTWAIT).is_err() {
                return None;
            }
        }
        settle_briefly();
        (reader.get(ZMQ_EVENTS) & ZMQ_POLLIN as i32 != 0).then_some(())
    });
    let mut parts = Vec::new();
    if kind.into() == i64::from(ZMQ_ROUTER) {
        reader.recv(DONTWAIT).expect("the identity");
    }
    // The others have read it to see whether it is for them.
    let prefetch = [ZMQ_SUB, ZMQ_XSUB, ZMQ_REP, ZMQ_ROUTER].map(i64::from);
    if !prefetch.contains(&kind.into()) {
        parts.push(reader.recv(DONTWAIT).expect("the first part").body().to_vec());
    }
    assert_eq!(reader.disconnect(&endpoint), Ok(0));
    if settles {
        process_end(&[writer, reader]);
    }
    parts.extend(reader.multipart());
    let whole: [&[u8]; 4] = [b"", b"2", b"3", b"4"];
    let envelope = usize::from(kind.into() == i64::from(ZMQ_REP));
    assert_eq!(parts, whole[envelope..]);
}

fn reads_the_rest_everywhere(kind: impl Into<i64> + Copy, peer: impl Into<i64> + Copy) {
    for endpoint in ["inproc://x", "tcp://127.0.0.1:*"] {
        for settles in [false, true] {
            reads_the_rest(kind, peer, endpoint, settles);
        }
    }
}

cases! {
    fn push_refuses_the_rest_of_a_message_whose_peer_has_gone() {
        refuses_the_rest_everywhere(ZMQ_PUSH, ZMQ_PULL);
    }

    fn dealer_refuses_the_rest_of_a_message_whose_peer_has_gone() {
        refuses_the_rest_everywhere(ZMQ_DEALER, ZMQ_DEALER);
    }

    fn req_refuses_the_rest_of_a_request_whose_peer_has_gone() {
        refuses_the_rest_everywhere(ZMQ_REQ, ZMQ_REP);
    }

    fn pair_refuses_the_rest_of_a_message_whose_peer_has_gone() {
        refuses_the_rest_everywhere(ZMQ_PAIR, ZMQ_PAIR);
    }

    fn mandatory_router_refuses_the_rest_of_a_message_whose_peer_has_gone() {
        for endpoint in ["inproc://x", "tcp://127.0.0.1:*"] {
            let ctx = Ctx::new();
            let (router, dealer) = (ctx.socket(ZMQ_ROUTER), ctx.socket(ZMQ_DEALER));
            router.set(ZMQ_ROUTER_MANDATORY, 1);
            assert_eq!(dealer.try_set(ZMQ_ROUTING_ID, b"me"), Ok(0));
            let endpoint = router.bound(endpoint);
            assert_eq!(dealer.connect(&endpoint), Ok(0));
            eventually("the peer", || router.send(b"me", SNDMORE | DONTWAIT).ok());
            assert_eq!(router.send(b"1", SNDMORE | DONTWAIT), Ok(1));
            dealer.close();
            let refusal = eventually("a refusal", || router.send(b"2", SNDMORE | DONTWAIT).err());
            assert_eq!(refusal, EHOSTUNREACH);
            assert_eq!(router.send(b"3", SNDMORE), Err(EHOSTUNREACH));
            assert_eq!(router.send(b"4", 0), Err(EHOSTUNREACH));
            assert_eq!(router.send(b"me", SNDMORE), Err(EHOSTUNREACH));
        }
    }

    fn push_sends_the_rest_of_a_message_where_it_sent_the_first_part() {
        let ctx = Ctx::new();
        let push = ctx.socket(ZMQ_PUSH);
        let peers = three_peers(ctx, push, ZMQ_PULL);
        for (part, flags) in [(b"a", 0), (b"b", 0), (b"1", SNDMORE)] {
            assert_eq!(push.send(part, flags), Ok(1));
        }
        assert_eq!(peers[1].multipart(), [b"b"]);
        assert_eq!(push.disconnect("inproc://b"), Ok(0));
        process_end(&[peers[1], push]);
        assert_eq!(push.send(b"2", 0), Ok(1));
        assert_eq!(peers[2].multipart(), [b"1", b"2"]);
        assert_eq!(peers[0].multipart(), [b"a"]);
        assert_eq!(peers[0].recv(DONTWAIT).err(), Some(EAGAIN));
    }

    fn pull_receives_the_rest_of_a_message_from_where_the_first_part_came() {
        let ctx = Ctx::new();
        let pull = ctx.socket(ZMQ_PULL);
        let peers = three_peers(ctx, pull, ZMQ_PUSH);
        for peer in [peers[0], peers[1], peers[0], peers[1]] {
            assert_eq!(peer.send(b"x", 0), Ok(1));
        }
        assert_eq!(peers[2].send(b"1", SNDMORE), Ok(1));
        assert_eq!(peers[2].send(b"2", 0), Ok(1));
        for expected in [b"x", b"x", b"1"] {
            assert_eq!(pull.recv(0).map(|part| part.body().to_vec()), Ok(expected.to_vec()));
        }
        assert_eq!(pull.disconnect("inproc://b"), Ok(0));
        process_end(&[peers[1], pull]);
        assert_eq!(pull.multipart(), [b"2"]);
        assert_eq!(pull.multipart(), [b"x"]);
    }

    fn sub_receives_the_rest_of_a_message_after_a_disconnect() {
        reads_the_rest_everywhere(ZMQ_SUB, ZMQ_PUB);
    }

    fn xsub_receives_the_rest_of_a_message_after_a_disconnect() {
        reads_the_rest_everywhere(ZMQ_XSUB, ZMQ_XPUB);
    }

    fn router_receives_the_rest_of_a_message_after_a_disconnect() {
        reads_the_rest_everywhere(ZMQ_ROUTER, ZMQ_DEALER);
    }

    fn rep_receives_the_rest_of_a_message_after_a_disconnect() {
        reads_the_rest_everywhere(ZMQ_REP, ZMQ_DEALER);
    }

    fn pull_receives_the_rest_of_a_message_after_a_disconnect() {
        reads_the_rest_everywhere(ZMQ_PULL, ZMQ_PUSH);
    }

    fn dealer_receives_the_rest_of_a_message_after_a_disconnect() {
        reads_the_rest_everywhere(ZMQ_DEALER, ZMQ_DEALER);
    }

    fn pair_receives_the_rest_of_a_message_after_a_disconnect() {
        reads_the_rest_everywhere(ZMQ_PAIR, ZMQ_PAIR);
    }

    fn dgram_receives_the_rest_of_a_message_after_an_unbind() {
        let ctx = Ctx::new();
        let dgram = ctx.socket(ZMQ_DGRAM);
        let endpoint = udp::free();
        assert_eq!(dgram.bind(&endpoint), Ok(0));
        let sender = std::net::UdpSocket::bind("127.0.0.1:0").expect("a socket");
        let address = endpoint.trim_start_matches("udp://");
        let from = eventually("a datagram", || {
            sender.send_to(b"body", address).ok()?;
            dgram.recv_within(Duration::from_millis(50)).ok()
        });
        assert!(from.body().starts_with(b"127.0.0.1:"));
        assert_eq!(dgram.unbind(&endpoint), Ok(0));
        process_end(&[dgram]);
        assert_eq!(dgram.multipart(), [b"body"]);
    }
}
