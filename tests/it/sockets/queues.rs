//! The mute state: which types block, which drop, and that a message that is not sent comes back.

use libzmq::{prelude::*, *};

use crate::{
    common::{
        Transport, context, fill_by, listener, timed, until, watchdog,
        zmtp::{RawPeer, last},
    },
    sockets::link::{Link, link, ms},
};

const SIZE: usize = 50_000;

fn numbered(number: usize) -> Vec<u8> {
    let mut bytes = vec![0; SIZE];
    bytes[..8].copy_from_slice(&number.to_le_bytes());
    bytes
}

/// The same in the group of the dish, which the other types ignore.
fn news(number: usize) -> Msg {
    let mut msg = Msg::from(numbered(number));
    msg.set_group(Group::new("news").unwrap());
    msg
}

fn number(msg: &[u8]) -> usize {
    assert_eq!(msg.len(), SIZE);
    usize::from_le_bytes(*msg.first_chunk().unwrap())
}

/// Sends numbered messages until the queue is full. The message that is refused comes back.
fn fill<S: SendMsg, M: Into<Msg>>(socket: &S, numbered: impl Fn(usize) -> M) -> usize {
    fill_by(|sent| {
        socket
            .try_send(numbered(sent))
            .inspect_err(|error| assert_eq!(number(error.content().unwrap()), sent))
    })
}

/// At its high water mark the sender blocks, and drops nothing.
fn blocks<S, R>(mut sender: Builder<S>, mut receiver: Builder<R>)
where
    S: SendMsg,
    R: RecvMsg,
    opt::SendHwm: option::TakenBy<S>,
    opt::RecvHwm: option::TakenBy<R>,
{
    for transport in Transport::COMMON.iter().copied() {
        let receiver = receiver.recv_hwm(3);
        let Link { bound, connected, ctx: _ctx } = link(transport, receiver, sender.send_hwm(3));
        let mut sent = fill(&connected, numbered);
        assert!(sent >= 3, "{transport:?}");

        connected.set_send_timeout(ms(20)).unwrap();
        let (error, waited) = loop {
            match timed(|| connected.send(numbered(sent))) {
                // The kernel has found more room after all.
                (Ok(()), _) => sent += 1,
                (Err(error), waited) => break (error, waited),
            }
        };
        assert_eq!(error.kind(), ErrorKind::WouldBlock);
        assert_eq!(number(error.content().unwrap()), sent);
        assert!(waited >= ms(20), "{waited:?}");

        for expected in 0..sent {
            assert_eq!(number(&bound.recv_msg().unwrap()), expected, "{transport:?}");
        }
        // Its queue has space again.
        connected.set_send_timeout(Infinite).unwrap();
        connected.send(numbered(sent)).unwrap();
        assert_eq!(number(&bound.recv_msg().unwrap()), sent);
        assert_eq!(bound.try_recv_msg().unwrap_err().kind(), ErrorKind::WouldBlock);
    }
}

#[test]
fn push_blocks_at_its_high_water_mark() {
    let _watchdog = watchdog();
    blocks(PushBuilder::new(), PullBuilder::new());
}

#[test]
fn scatter_blocks_at_its_high_water_mark() {
    let _watchdog = watchdog();
    blocks(ScatterBuilder::new(), GatherBuilder::new());
}

#[test]
fn pair_blocks_at_its_high_water_mark() {
    let _watchdog = watchdog();
    blocks(PairBuilder::new(), PairBuilder::new());
}

#[test]
fn channel_blocks_at_its_high_water_mark() {
    let _watchdog = watchdog();
    blocks(ChannelBuilder::new(), ChannelBuilder::new());
}

#[test]
fn dealer_blocks_at_its_high_water_mark() {
    let _watchdog = watchdog();
    blocks(DealerBuilder::new(), DealerBuilder::new());
}

/// Without a peer there is no queue.
fn blocks_without_a_peer<S: SendMsg>(alone: &S) {
    let mut error = alone.try_send("to nobody").unwrap_err();
    assert_eq!((error.kind(), error.take().unwrap()), (ErrorKind::WouldBlock, "to nobody".into()));
    alone.set_send_timeout(ms(10)).unwrap();
    assert_eq!(alone.send("to nobody").unwrap_err().kind(), ErrorKind::WouldBlock);
}

/// Over tcp and ipc a connection has a queue before it is established, except with `immediate`.
fn queues_before_the_peer_is_there<S: SendMsg>(mut builder: Builder<S>) {
    for &transport in Transport::BETWEEN_PROCESSES {
        let ctx = context();
        let nowhere = transport.nowhere();
        let socket = builder.linger(ms(0)).connect(&*nowhere).with_ctx(ctx.handle()).unwrap();
        socket.try_send("for whoever comes").unwrap();
        let socket =
            builder.clone().immediate(true).connect(&*nowhere).with_ctx(ctx.handle()).unwrap();
        assert_eq!(socket.try_send("now or never").unwrap_err().kind(), ErrorKind::WouldBlock);
    }
}

#[test]
fn send_without_a_peer_blocks() {
    let _watchdog = watchdog();
    blocks_without_a_peer(&Push::new().unwrap());
    blocks_without_a_peer(&Scatter::new().unwrap());
    blocks_without_a_peer(&Pair::new().unwrap());
    blocks_without_a_peer(&Channel::new().unwrap());
    blocks_without_a_peer(&Dealer::new().unwrap());
    blocks_without_a_peer(&Req::new().unwrap());
    queues_before_the_peer_is_there(PushBuilder::new());
    queues_before_the_peer_is_there(ScatterBuilder::new());
    queues_before_the_peer_is_there(DealerBuilder::new());
}

/// A publisher sends each subscriber the messages that fit into its queue, from the first on, and
/// drops the others. With `no_drop` it blocks instead.
fn publishes<P, S>(
    transport: Transport,
    mut publisher: Builder<P>,
    mut subscriber: Builder<S>,
    subscribed: impl Fn(&P, &S),
) where
    P: SendMsg,
    S: RecvMsg,
    opt::NoDrop: option::TakenBy<P>,
    opt::SendHwm: option::TakenBy<P>,
    opt::RecvHwm: option::TakenBy<S>,
{
    const MANY: usize = 500;

    let subscriber = subscriber.recv_hwm(3).recv_timeout(ms(100));
    let Link { bound, connected, ctx } = link(transport, publisher.send_hwm(3), subscriber);
    subscribed(&bound, &connected);
    (0..MANY).for_each(|number| bound.send(news(number)).unwrap());
    let mut received = Vec::new();
    while let Ok(msg) = connected.recv_msg() {
        received.push(number(&msg));
    }
    assert!(received.len() < MANY, "{transport:?}: {} of {MANY}", received.len());
    // How many fit depends on how many of the messages before the publisher knows to have been
    // read.
    assert_eq!(received.first(), Some(&0), "{transport:?}: {received:?}");
    drop((bound, connected, ctx));

    let Link { bound, connected, ctx: _ctx } = link(transport, publisher.no_drop(), subscriber);
    subscribed(&bound, &connected);
    let sent = fill(&bound, news);
    for expected in 0..sent {
        assert_eq!(number(&connected.recv_msg().unwrap()), expected, "{transport:?}");
    }
    until(|| bound.try_send(news(0)).is_ok());
}

#[test]
fn xpub_drops_at_its_high_water_mark_or_blocks_with_no_drop() {
    let _watchdog = watchdog();
    for transport in Transport::COMMON.iter().copied() {
        publishes(
            transport,
            XPubBuilder::new(),
            SubBuilder::new().subscribe("").clone(),
            |publisher, _| {
                assert_eq!(
                    publisher.recv_subscription().unwrap(),
                    Subscription::Subscribe("".into())
                );
            },
        );
    }
}

#[test]
fn pub_drops_at_its_high_water_mark_or_blocks_with_no_drop() {
    let _watchdog = watchdog();
    for transport in Transport::COMMON.iter().copied() {
        publishes(
            transport,
            PubBuilder::new(),
            SubBuilder::new().subscribe("").clone(),
            |publisher, subscriber| {
                until(|| {
                    publisher.send("anybody there?").unwrap();
                    subscriber.recv_msg().is_ok()
                });
                while subscriber.recv_msg().is_ok() {}
            },
        );
    }
}

#[test]
fn radio_drops_at_its_high_water_mark_or_blocks_with_no_drop() {
    let _watchdog = watchdog();
    let news = Group::new("news").unwrap();
    for transport in Transport::COMMON.iter().copied() {
        publishes(
            transport,
            RadioBuilder::new(),
            DishBuilder::new().join([&news]).clone(),
            |radio, dish| {
                until(|| {
                    radio.transmit("anybody there?", &news).unwrap();
                    dish.recv_msg().is_ok()
                });
                while dish.recv_msg().is_ok() {}
            },
        );
    }
}

#[test]
fn radio_no_drop_reads_back() {
    let radio = Radio::new().unwrap();
    assert!(!radio.no_drop().unwrap());
    radio.set_no_drop(true).unwrap();
    assert!(radio.no_drop().unwrap());
    assert!(RadioBuilder::new().no_drop().build().unwrap().no_drop().unwrap());
}

/// With a small buffer in the kernel a large batch is written in several pieces.
#[test]
fn dropped_socket_sends_all_to_a_peer_that_reads_slowly() {
    const COUNT: usize = 2000;

    let _watchdog = watchdog();
    let all: Vec<u8> = (0..COUNT).flat_map(|number| last(format!("{number:>100}"))).collect();
    for run in 0..3 {
        let listener = listener();
        let push = PushBuilder::new()
            .send_hwm(0)
            .send_buffer(1)
            .out_batch_size(1 << 20)
            .connect(TcpAddr::new(listener.local_addr().unwrap()))
            .build()
            .unwrap();
        let mut peer = RawPeer::accept(&listener, "PULL");
        for number in 0..COUNT {
            push.send(format!("{number:>100}")).unwrap();
        }
        drop(push);
        let received = peer.read_slowly();
        assert!(received.ends_with(&all), "run {run}: of {} bytes {}", all.len(), received.len());
    }
}
