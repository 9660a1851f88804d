//! Many messages in one call: they arrive in order, and one that fails loses none of the others.

use std::{
    iter,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Mutex,
    thread,
};

use libzmq::{prelude::*, *};

use super::link::{Link, link, ms};
use crate::common::{Transport, pair, until, watchdog};

fn numbers(numbers: impl IntoIterator<Item = usize>) -> Vec<Msg> {
    numbers.into_iter().map(|number| Msg::from(number.to_string())).collect()
}

fn routed(content: impl Into<Msg>, id: RoutingId) -> Msg {
    let mut msg = content.into();
    msg.set_routing_id(id);
    msg
}

fn grouped(content: impl Into<Msg>) -> Msg {
    let mut msg = content.into();
    msg.set_group(Group::new("a").unwrap());
    msg
}

/// Receives so many messages, a few with each call.
fn receive(socket: &impl RecvMsg, count: usize) -> Vec<Msg> {
    const FEW: usize = 70;

    let mut msgs = Vec::new();
    while msgs.len() < count {
        let limit = FEW.min(count - msgs.len());
        let before = msgs.len();
        let received = socket.recv_many(&mut msgs, limit).unwrap();
        assert!((1..=limit).contains(&received));
        assert_eq!(msgs.len() - before, received);
    }
    msgs
}

fn messages_arrive_in_order<R: RecvMsg, S: SendMsg>(receiver: &Builder<R>, sender: &Builder<S>) {
    const COUNT: usize = 500;

    for &transport in Transport::COMMON {
        let Link { bound, connected, ctx: _ctx } = link(transport, receiver, sender);
        connected.send("first").unwrap();
        assert_eq!(bound.recv_msg().unwrap(), "first");
        assert_eq!(connected.send_many(numbers(0..COUNT)).unwrap(), COUNT);
        assert_eq!(receive(&bound, COUNT), numbers(0..COUNT));
        assert_eq!(connected.send_many(iter::empty::<Msg>()).unwrap(), 0);
        assert_eq!(bound.try_recv_many(&mut Vec::new(), 0).unwrap(), 0);
    }
}

#[test]
fn messages_of_one_call_arrive_in_order() {
    let _watchdog = watchdog();
    messages_arrive_in_order(&ServerBuilder::new(), &ClientBuilder::new());
    messages_arrive_in_order(&GatherBuilder::new(), &ScatterBuilder::new());
    messages_arrive_in_order(&ChannelBuilder::new(), &ChannelBuilder::new());
    messages_arrive_in_order(&PullBuilder::new(), &PushBuilder::new());
    messages_arrive_in_order(&PairBuilder::new(), &PairBuilder::new());
    messages_arrive_in_order(&DealerBuilder::new(), &DealerBuilder::new());
}

#[test]
fn server_and_peer_send_many_to_the_routing_id_of_each_message() {
    let _watchdog = watchdog();
    let pair = pair(Transport::Inproc);
    let id = pair.greet();
    let replies = numbers(0..100).into_iter().map(|msg| routed(msg, id));
    assert_eq!(pair.server.send_many(replies).unwrap(), 100);
    assert_eq!(receive(&pair.client, 100), numbers(0..100));
}

#[test]
fn send_many_to_an_unknown_peer_gives_that_message_and_the_later_ones_back() {
    let _watchdog = watchdog();
    let pair = pair(Transport::Inproc);
    let id = pair.greet();
    let unknown = RoutingId::new(id.get() ^ 1).unwrap();
    let replies = [("one", id), ("two", unknown), ("three", id)];
    let replies = replies.map(|(text, id)| routed(text, id));
    let mut error = pair.server.send_many(replies).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::HostUnreachable);
    let unsent = error.take().unwrap();
    assert_eq!((unsent.sent(), unsent.msgs()), (1, &[Msg::from("two"), Msg::from("three")][..]));
    assert_eq!(unsent.msgs()[0].routing_id(), Some(unknown));
    assert_eq!(receive(&pair.client, 1), ["one"]);
}

fn full_queue_gives_the_rest_back<R: RecvMsg + Sync, S: SendMsg>(
    receiver: &Builder<R>,
    sender: &Builder<S>,
) {
    const COUNT: usize = 300;

    let Link { bound, connected, ctx: _ctx } = link(Transport::Inproc, receiver, sender);
    let mut error = connected.try_send_many(numbers(0..COUNT)).unwrap_err();
    assert!(error.is_would_block() && !error.is_timeout());
    let unsent = error.take().unwrap();
    let sent = unsent.sent();
    assert!((1..COUNT).contains(&sent));
    assert_eq!(unsent.msgs(), numbers(sent..COUNT));

    connected.set_send_timeout(ms(20)).unwrap();
    let mut error = connected.send_many(unsent.into_msgs()).unwrap_err();
    assert!(error.is_timeout());
    let unsent = error.take().unwrap();
    assert_eq!((unsent.sent(), unsent.msgs()), (0, &numbers(sent..COUNT)[..]));

    // A call that may wait sends the rest as the receiver makes room.
    connected.set_send_timeout(Infinite).unwrap();
    thread::scope(|scope| {
        let receiver = scope.spawn(|| receive(&bound, COUNT));
        assert_eq!(connected.send_many(unsent.into_msgs()).unwrap(), COUNT - sent);
        assert_eq!(receiver.join().unwrap(), numbers(0..COUNT));
    });
}

#[test]
fn send_many_to_a_full_queue_gives_the_rest_back_and_waits_as_told() {
    let _watchdog = watchdog();
    full_queue_gives_the_rest_back(
        ServerBuilder::new().recv_hwm(30),
        ClientBuilder::new().send_hwm(70),
    );
    full_queue_gives_the_rest_back(
        GatherBuilder::new().recv_hwm(30),
        ScatterBuilder::new().send_hwm(70),
    );
}

#[test]
fn send_many_on_a_single_threaded_socket_gives_the_rest_back() {
    let _watchdog = watchdog();
    let Link { bound, connected, ctx: _ctx } = link(
        Transport::Inproc,
        PullBuilder::new().recv_hwm(3),
        PushBuilder::new().send_hwm(2).send_timeout(ms(20)),
    );
    let mut error = connected.send_many(numbers(0..9)).unwrap_err();
    assert!(error.is_timeout());
    let unsent = error.take().unwrap();
    assert_eq!((unsent.sent(), unsent.msgs()), (5, &numbers(5..9)[..]));
    assert_eq!(receive(&bound, 5), numbers(0..5));
}

#[test]
fn recv_many_of_an_empty_queue_would_block() {
    let _watchdog = watchdog();
    let mut msgs = numbers(0..1);
    let pair = pair(Transport::Inproc);
    assert!(pair.server.try_recv_many(&mut msgs, 5).unwrap_err().is_would_block());
    pair.server.set_recv_timeout(ms(10)).unwrap();
    assert!(pair.server.recv_many(&mut msgs, 5).unwrap_err().is_timeout());
    let pull = PullBuilder::new().recv_timeout(ms(10)).with_ctx(pair.ctx.handle()).unwrap();
    assert!(pull.try_recv_many(&mut msgs, 5).unwrap_err().is_would_block());
    assert!(pull.recv_many(&mut msgs, 5).unwrap_err().is_timeout());
    assert_eq!(msgs, ["0"]);
}

#[test]
fn recv_many_ends_before_a_multipart_message_and_the_next_call_tells_of_it() {
    let _watchdog = watchdog();
    let Link { bound, connected, ctx: _ctx } =
        link(Transport::Inproc, &PullBuilder::new(), &PushBuilder::new());
    let send = || {
        connected.send("one").unwrap();
        connected.send_multipart(["two", "parts"]).unwrap();
        connected.send("three").unwrap();
    };
    let next: [fn(&Pull) -> ErrorKind; 3] = [
        |pull| pull.recv_msg().unwrap_err().kind(),
        |pull| pull.try_recv(&mut Msg::new()).unwrap_err().kind(),
        |pull| pull.recv_many(&mut Vec::new(), 9).unwrap_err().kind(),
    ];
    for next in next {
        send();
        let mut msgs = Vec::new();
        assert_eq!(bound.recv_many(&mut msgs, 9).unwrap(), 1);
        assert_eq!(next(&bound), ErrorKind::Multipart);
        assert_eq!(bound.recv_multipart().unwrap(), ["two", "parts"]);
        assert_eq!(bound.recv_many(&mut msgs, 9).unwrap(), 1);
        assert_eq!(msgs, ["one", "three"]);
    }

    send();
    assert_eq!(bound.recv_many(&mut Vec::new(), 9).unwrap(), 1);
    assert_eq!(bound.recv_multipart().unwrap(), ["two", "parts"]);

    // A caller that was told and asks for one part again does not want it.
    send();
    assert_eq!(bound.recv_msg().unwrap(), "three");
    assert_eq!(bound.recv_many(&mut Vec::new(), 9).unwrap(), 1);
    assert_eq!(next[0](&bound), ErrorKind::Multipart);
    assert_eq!(bound.recv_msg().unwrap(), "three");
}

#[test]
fn recv_many_keeps_a_multipart_message_whole_at_every_place() {
    let _watchdog = watchdog();
    let Link { bound, connected, ctx: _ctx } =
        link(Transport::Inproc, &PullBuilder::new(), &PushBuilder::new());
    for place in 0..70 {
        connected.send_many(numbers(0..place)).unwrap();
        connected.send_multipart(["two", "parts"]).unwrap();
        connected.send_many(numbers(place..place + 3)).unwrap();
        let mut msgs = receive(&bound, place);
        let told = bound.recv_many(&mut msgs, 100).unwrap_err();
        assert_eq!(told.kind(), ErrorKind::Multipart);
        assert_eq!(bound.recv_multipart().unwrap(), ["two", "parts"]);
        msgs.extend(receive(&bound, 3));
        assert_eq!(msgs, numbers(0..place + 3));
    }
}

#[test]
fn recv_many_tells_xpub_of_each_subscription() {
    let _watchdog = watchdog();
    let Link { bound, connected, ctx: _ctx } =
        link(Transport::Inproc, &XPubBuilder::new(), &SubBuilder::new());
    connected.subscribe("one").unwrap();
    connected.subscribe("two").unwrap();
    assert_eq!(receive(&bound, 2), ["\u{1}one", "\u{1}two"]);
}

#[test]
#[cfg(zmq_has = "patches")]
fn stop_ends_recv_many_and_try_recv_many_empties_the_queue() {
    let _watchdog = watchdog();
    let pair = pair(Transport::Inproc);
    thread::scope(|scope| {
        let receiver = scope.spawn(|| pair.server.recv_many(&mut Vec::new(), 9));
        pair.server.stop_receiving().unwrap();
        assert_eq!(receiver.join().unwrap().unwrap_err().kind(), ErrorKind::Stopped);
    });
    pair.client.send_many(["one", "two"]).unwrap();
    let mut msgs = Vec::new();
    assert_eq!(pair.server.recv_many(&mut msgs, 9).unwrap_err().kind(), ErrorKind::Stopped);
    let stopped = loop {
        match pair.server.try_recv_many(&mut msgs, 9) {
            Ok(_) => (),
            Err(error) => break error.kind(),
        }
    };
    assert_eq!((stopped, &msgs[..]), (ErrorKind::Stopped, &[Msg::from("one"), "two".into()][..]));
}

#[test]
fn shutdown_ends_send_many_and_recv_many() {
    let _watchdog = watchdog();
    let pair = pair(Transport::Inproc);
    let client = ClientBuilder::new().with_ctx(pair.ctx.handle()).unwrap();
    thread::scope(|scope| {
        let sender = scope.spawn(|| client.send_many(["one", "two"]));
        let receiver = scope.spawn(|| pair.server.recv_many(&mut Vec::new(), 9));
        // In most runs the calls block by then. They end in the same way if not.
        thread::sleep(ms(20));
        pair.ctx.shutdown();
        assert_eq!(receiver.join().unwrap().unwrap_err().kind(), ErrorKind::InvalidCtx);
        let mut error = sender.join().unwrap().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidCtx);
        assert_eq!(error.take().unwrap().into_msgs(), ["one", "two"]);
    });
}

#[test]
fn iterator_that_panics_sends_nothing_and_leaves_the_socket_usable() {
    let _watchdog = watchdog();
    let pair = pair(Transport::Inproc);
    let three = (0..5).map(|number| if number < 3 { number.to_string() } else { panic!("enough") });
    assert!(catch_unwind(AssertUnwindSafe(|| pair.client.send_many(three))).is_err());
    thread::scope(|scope| {
        scope.spawn(|| pair.client.send("after it").unwrap());
    });
    assert_eq!(receive(&pair.server, 1), ["after it"]);
}

#[test]
fn iterator_may_use_the_socket() {
    let _watchdog = watchdog();
    let pair = pair(Transport::Inproc);
    let msgs = (0..3).map(|number| {
        thread::scope(|scope| {
            scope.spawn(|| pair.client.send("within").unwrap());
        });
        number.to_string()
    });
    assert_eq!(pair.client.send_many(msgs).unwrap(), 3);
    assert_eq!(receive(&pair.server, 6), ["within", "within", "within", "0", "1", "2"]);
}

#[test]
fn owner_of_a_dropped_message_may_use_the_socket() {
    /// Sends to the radio when it is dropped.
    struct Sends(Radio);

    impl AsRef<[u8]> for Sends {
        fn as_ref(&self) -> &[u8] {
            &[7; 100]
        }
    }

    impl Drop for Sends {
        fn drop(&mut self) {
            let radio = self.0.clone();
            thread::spawn(move || radio.transmit("farewell", Group::new("a").unwrap()).unwrap())
                .join()
                .unwrap();
        }
    }

    let _watchdog = watchdog();
    let ctx = crate::common::context();
    let radio = RadioBuilder::new().build_in(&ctx).unwrap();
    // Without a dish each message is dropped.
    let msgs = (0..3).map(|_| grouped(Msg::from_owner(Sends(radio.clone()))));
    assert_eq!(radio.send_many(msgs).unwrap(), 3);
}

#[test]
fn many_threads_send_and_receive_many_without_loss() {
    const THREADS: usize = 4;
    const CALLS: usize = 100;
    const EACH: usize = 100;
    const ALL: usize = THREADS * CALLS * EACH;

    let _watchdog = watchdog();
    let pair = pair(Transport::Inproc);
    let seen = Mutex::new(vec![false; ALL]);
    let left = || seen.lock().unwrap().iter().filter(|seen| !**seen).count();
    thread::scope(|scope| {
        for first in (0..ALL).step_by(CALLS * EACH) {
            let client = &pair.client;
            scope.spawn(move || {
                for first in (first..first + CALLS * EACH).step_by(EACH) {
                    assert_eq!(client.send_many(numbers(first..first + EACH)).unwrap(), EACH);
                }
            });
        }
        for _ in 0..THREADS {
            scope.spawn(|| {
                let mut msgs = Vec::new();
                while pair.server.recv_many(&mut msgs, 50).is_ok() {
                    let mut seen = seen.lock().unwrap();
                    for msg in msgs.drain(..) {
                        let number: usize = msg.to_str().unwrap().parse().unwrap();
                        assert!(!std::mem::replace(&mut seen[number], true), "{number} came twice");
                    }
                }
            });
        }
        until(|| left() == 0);
        pair.ctx.shutdown();
    });
}

#[test]
fn datagram_that_is_too_large_ends_send_many() {
    let _watchdog = watchdog();
    let ctx = crate::common::context();
    let radio = RadioBuilder::new()
        .connect(&crate::common::vacant_udp()[..])
        .with_ctx(ctx.handle())
        .unwrap();
    let msgs = [10, 9000, 10].map(|size| grouped(vec![0; size]));
    let mut error = radio.send_many(msgs).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::InvalidInput(_)));
    let unsent = error.take().unwrap();
    assert_eq!((unsent.sent(), unsent.msgs().len()), (1, 2));
}
