//! A socket that a poll reports as readable has a message.

use std::{
    io::Write,
    thread,
    time::{Duration, Instant},
};

use crate::{wire, zmq::*};

/// Receives the next message, and checks meanwhile that there is one whenever the socket is
/// readable.
fn next(socket: Sock) -> Vec<Vec<u8>> {
    eventually("a message", || {
        (socket.get(ZMQ_EVENTS) & ZMQ_POLLIN as i32 != 0).then(|| {
            let mut parts = vec![socket.recv(DONTWAIT).expect("a message").body().to_vec()];
            while socket.get(ZMQ_RCVMORE) == 1 {
                parts.push(socket.recv(DONTWAIT).expect("the next part").body().to_vec());
            }
            parts
        })
    })
}

/// Checks for a while that there is a message whenever the socket is readable.
fn nothing(socket: Sock) {
    let start = Instant::now();
    while start.elapsed() < QUIET {
        if socket.get(ZMQ_EVENTS) & ZMQ_POLLIN as i32 != 0 {
            assert_eq!(socket.recv(DONTWAIT).err(), None);
        }
        thread::sleep(Duration::from_millis(1));
    }
}

fn send(socket: Sock, parts: &[&[u8]]) {
    for (place, part) in parts.iter().enumerate() {
        let flags = if place + 1 < parts.len() { SNDMORE } else { 0 };
        assert_eq!(socket.send(part, flags), Ok(part.len()));
    }
}

/// A peer in the same process sends several parts to a type that receives one.
fn is_not_readable_for_several_parts(kind: u32) {
    let ctx = Ctx::new();
    let (receiver, dealer) = (ctx.socket(kind), ctx.socket(ZMQ_DEALER));
    assert_eq!(receiver.bind("inproc://x"), Ok(0));
    assert_eq!(dealer.connect("inproc://x"), Ok(0));
    for good in [b"1", b"2"] {
        send(dealer, &[b"a", b"b", b"c"]);
        send(dealer, &[b"d", b"e"]);
        nothing(receiver);
        send(dealer, &[good]);
        assert_eq!(next(receiver), [good]);
        // The others count as read.
        receiver.set(ZMQ_RCVTIMEO, 0);
        assert_eq!(receiver.recv(0).err(), Some(EAGAIN));
    }
    // Blocked, and not polled.
    send(dealer, &[b"a", b"b"]);
    send(dealer, &[b"last"]);
    assert_eq!(receiver.multipart(), [b"last"]);
}

cases! {
    fn server_is_not_readable_for_a_message_of_several_parts() {
        is_not_readable_for_several_parts(ZMQ_SERVER);
    }

    fn client_is_not_readable_for_a_message_of_several_parts() {
        is_not_readable_for_several_parts(ZMQ_CLIENT);
    }

    fn gather_is_not_readable_for_a_message_of_several_parts() {
        is_not_readable_for_several_parts(ZMQ_GATHER);
    }

    fn channel_is_not_readable_for_a_message_of_several_parts() {
        is_not_readable_for_several_parts(ZMQ_CHANNEL);
    }

    fn peer_is_not_readable_for_a_message_of_several_parts() {
        is_not_readable_for_several_parts(ZMQ_PEER);
    }

    fn rep_is_not_readable_for_a_request_without_a_delimiter() {
        let ctx = Ctx::new();
        let rep = ctx.socket(ZMQ_REP);
        let endpoint = rep.bound("tcp://127.0.0.1:*");
        let mut peer = wire::introduced(&endpoint, &wire::hello("DEALER"), b"REP");
        for good in [b"1", b"2"] {
            let bad = [
                wire::frame(0, b"bad"),
                wire::frame(0, b""),
                wire::frame(wire::MORE, b"label"),
                wire::frame(0, b"bad"),
                wire::frame(wire::MORE, b"label"),
                wire::frame(0, b""),
            ];
            peer.write_all(&bad.concat()).expect("taken");
            nothing(rep);
            let request = [
                wire::frame(wire::MORE, b"label"),
                wire::frame(wire::MORE, b""),
                wire::frame(wire::MORE, b"first"),
                wire::frame(0, good),
            ];
            peer.write_all(&request.concat()).expect("taken");
            assert_eq!(next(rep), [&b"first"[..], good]);
            eprintln!("B");
            assert_eq!(rep.send(b"reply", 0), Ok(5));
            let reply = [
                wire::frame(wire::MORE, b"label"),
                wire::frame(wire::MORE, b""),
                wire::frame(0, b"reply"),
            ];
            wire::read_until(&mut peer, &reply.concat());
        }
    }

    fn req_is_not_readable_for_what_is_not_the_reply() {
        for correlates in [false, true] {
            let ctx = Ctx::new();
            let (req, router, other) =
                (ctx.socket(ZMQ_REQ), ctx.socket(ZMQ_ROUTER), ctx.socket(ZMQ_DEALER));
            req.set(ZMQ_REQ_CORRELATE, i32::from(correlates));
            assert_eq!(router.bind("inproc://x"), Ok(0));
            assert_eq!(req.connect("inproc://x"), Ok(0));
            assert_eq!(req.bind("inproc://y"), Ok(0));
            for request in [b"1", b"2"] {
                assert_eq!(req.send(request, 0), Ok(1));
                let envelope = router.multipart();
                let mut envelope: Vec<_> = envelope.iter().map(Vec::as_slice).collect();
                assert_eq!(envelope.pop(), Some(&request[..]));
                assert_eq!(other.connect("inproc://y"), Ok(0));
                send(other, &[b"", b"from another peer"]);
                send(router, &[envelope[0], b"bad"]);
                send(router, &[envelope[0], b"bad", b"", b"bad"]);
                nothing(req);
                envelope.extend([&b"first"[..], b"reply"]);
                send(router, &envelope);
                assert_eq!(next(req), [&b"first"[..], b"reply"]);
                assert_eq!(other.disconnect("inproc://y"), Ok(0));
            }
        }
    }
}
