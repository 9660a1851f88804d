//! A peer whose connection ends in the middle of a message: no part of that message is received,
//! and the messages of other peers arrive whole.

use std::{
    net::TcpListener,
    sync::mpsc::{Sender, channel},
    thread,
};

use libzmq::{addr::Endpoint, monitor::*, poll::*, prelude::*, *};

use crate::{
    common::{
        Transport, listener, watchdog,
        zmtp::{RawPeer, last, part},
    },
    sockets::link::ms,
};

/// A type of socket that receives, and how the test uses it.
trait Ours: Socket + Send + 'static {
    /// The type of the peer.
    const THEIRS: &'static str;
    /// What comes before the first part, on the wire.
    const ENVELOPE: &'static [&'static str] = &[];
    const PARTS: Parts = Parts::Received;
    /// Whether there is one peer at a time.
    const EXCLUSIVE: bool = false;

    fn prepare(_builder: &mut Builder<Self>) {}

    fn recv(&self) -> Result<Multipart, Error>;

    fn try_recv(&self) -> Result<Multipart, Error>;

    /// Makes the socket ready for the next message.
    fn done(&self) -> Result<(), Error> {
        Ok(())
    }

    #[cfg(feature = "tokio")]
    fn awaited(ours: &Async<Self>) -> impl Future<Output = Result<Multipart, Error>>;
}

/// What becomes of a message of several parts.
#[derive(PartialEq, Eq)]
enum Parts {
    Received,
    Dropped,
    /// The connection ends, and the socket does not reconnect.
    Refused,
}

macro_rules! ours {
    ($name:ident: $recv:ident, $try_recv:ident, $map:expr; $($rest:tt)*) => {
        impl Ours for $name {
            $($rest)*

            fn recv(&self) -> Result<Multipart, Error> {
                self.$recv().map($map)
            }

            fn try_recv(&self) -> Result<Multipart, Error> {
                self.$try_recv().map($map)
            }

            #[cfg(feature = "tokio")]
            async fn awaited(ours: &Async<Self>) -> Result<Multipart, Error> {
                ours.$recv().await.map($map)
            }
        }
    };
}

macro_rules! of_several_parts {
    ($name:ident: $($rest:tt)*) => {
        ours! { $name: recv_multipart, try_recv_multipart, |parts| parts; $($rest)* }
    };
}

macro_rules! of_one_part {
    ($name:ident: $parts:ident; $($rest:tt)*) => {
        ours! {
            $name: recv_msg, try_recv_msg, Multipart::from;
            const PARTS: Parts = Parts::$parts; $($rest)*
        }
    };
}

of_several_parts! { Pull: const THEIRS: &str = "PUSH"; }
of_several_parts! { Dealer: const THEIRS: &str = "ROUTER"; }
of_several_parts! {
    XSub: const THEIRS: &str = "PUB";
    fn prepare(builder: &mut Builder<Self>) { builder.subscribe(""); }
}
of_several_parts! {
    Sub: const THEIRS: &str = "PUB";
    fn prepare(builder: &mut Builder<Self>) { builder.subscribe(""); }
}
of_several_parts! { XPub: const THEIRS: &str = "SUB"; }
of_several_parts! { Pair: const THEIRS: &str = "PAIR"; const EXCLUSIVE: bool = true; }
of_several_parts! {
    Rep:
    const THEIRS: &str = "REQ";
    const ENVELOPE: &[&str] = &[""];
    fn done(&self) -> Result<(), Error> { self.send("reply").map_err(Error::cast) }
}
ours! { Router: recv_from, try_recv_from, |(_, parts)| parts; const THEIRS: &str = "DEALER"; }
of_one_part! { Server: Dropped; const THEIRS: &str = "CLIENT"; }
of_one_part! { Client: Dropped; const THEIRS: &str = "SERVER"; }
of_one_part! { Gather: Dropped; const THEIRS: &str = "SCATTER"; }
of_one_part! { Channel: Dropped; const THEIRS: &str = "CHANNEL"; const EXCLUSIVE: bool = true; }
of_one_part! { Peer: Dropped; const THEIRS: &str = "PEER"; }
of_one_part! {
    Dish: Refused;
    const THEIRS: &str = "RADIO";
    const ENVELOPE: &[&str] = &[GROUP];
    fn prepare(builder: &mut Builder<Self>) { builder.join([Group::new(GROUP).unwrap()]); }
}

const GROUP: &str = "group";

/// A message that says what it is.
fn message<S: Ours>(name: &str) -> Multipart {
    match S::PARTS {
        Parts::Received => [name, "", "end"].into(),
        Parts::Dropped | Parts::Refused => name.into(),
    }
}

fn wire<S: Ours>(parts: &Multipart) -> Vec<u8> {
    let (end, before) = parts.split_last().unwrap();
    let envelope = S::ENVELOPE.iter().flat_map(part);
    envelope
        .chain(before.iter().flat_map(|msg| part(msg.as_bytes())))
        .chain(last(end.as_bytes()))
        .collect()
}

/// What the last bytes of a peer may be.
fn halves<S: Ours>() -> Vec<Vec<u8>> {
    let envelope: Vec<u8> = S::ENVELOPE.iter().flat_map(part).collect();
    let after = |bytes: &[&[u8]]| [&envelope, &bytes.concat()].map(|bytes| &bytes[..]).concat();
    let long = [7; 100_000];
    // The flags of a frame without its size are the shortest.
    let mut halves = vec![vec![0], envelope.clone(), after(&[&last(long)[..50_000]])];
    if S::PARTS != Parts::Refused {
        halves.extend([
            after(&[&part("half")]),
            after(&[&part("half"), &part(long), &part("")]),
            after(&[&part("half"), &[0]]),
            after(&[&part("half"), &last(long)[..50_000]]),
        ]);
    }
    halves
}

/// How messages are received.
#[derive(Clone, Copy, Debug)]
enum Way {
    Blocking,
    Polled,
    #[cfg(feature = "tokio")]
    Awaited,
}

impl Way {
    const ALL: &[Self] = &[
        Self::Blocking,
        Self::Polled,
        #[cfg(feature = "tokio")]
        Self::Awaited,
    ];

    /// Receives until the context is shut down.
    fn receive<S: Ours>(self, ours: S, received: &Sender<Multipart>) -> Error
    where
        for<'a> &'a S: Into<Pollable<'a>>,
    {
        let take = |parts, ours: &S| {
            received.send(parts).unwrap();
            ours.done()
        };
        match self {
            Self::Blocking => loop {
                if let Err(error) = ours.recv().and_then(|parts| take(parts, &ours)) {
                    break error;
                }
            },
            Self::Polled => {
                let mut poller = Poller::new();
                poller.add(&ours, PollId(0), READABLE).unwrap();
                let mut events = Events::new();
                loop {
                    let polled = poller.poll(&mut events, Infinite);
                    if let Err(error) =
                        polled.and_then(|()| ours.try_recv()).and_then(|parts| take(parts, &ours))
                    {
                        break error;
                    }
                }
            }
            #[cfg(feature = "tokio")]
            Self::Awaited => tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap()
                .block_on(async {
                    let ours = Async::new(ours).unwrap();
                    loop {
                        if let Err(error) = S::awaited(&ours)
                            .await
                            .and_then(|parts| ours.with(|ours| take(parts, ours)))
                        {
                            break error;
                        }
                    }
                }),
        }
    }
}

/// A socket of ours.
struct Stage<S> {
    ours: S,
    peers: Peers,
    monitor: Monitor,
    ctx: Ctx,
}

/// Where the peers of our socket come from.
enum Peers {
    /// They connect.
    To(Endpoint),
    /// They listen, each on its own.
    On([TcpListener; 2]),
}

/// Which of the peers.
#[derive(Clone, Copy)]
enum Who {
    Mortal,
    Other,
}

impl<S: Ours> Stage<S> {
    fn new(bound: bool) -> Self {
        let ctx = Ctx::new();
        let mut builder = Builder::<S>::new();
        S::prepare(&mut builder);
        let ours = builder.reconnect_interval(ms(1)).linger(ms(0)).with_ctx(ctx.handle()).unwrap();
        let monitor = ours.monitor(EventSet::DISCONNECTED).unwrap();
        let peers = if bound {
            ours.bind(Transport::Tcp.apart()).unwrap();
            Peers::To(ours.last_endpoint().unwrap())
        } else {
            let listeners = [listener(), listener()];
            for listener in &listeners[..if S::EXCLUSIVE { 1 } else { 2 }] {
                ours.connect(format!("tcp://{}", listener.local_addr().unwrap())).unwrap();
            }
            Peers::On(listeners)
        };
        Self { ours, peers, monitor, ctx }
    }
}

impl Peers {
    /// One comes, also again.
    fn come<S: Ours>(&self, who: Who) -> RawPeer {
        match self {
            Self::To(endpoint) => RawPeer::connect(endpoint, S::THEIRS),
            Self::On(listeners) => RawPeer::accept(&listeners[who as usize], S::THEIRS),
        }
    }
}

/// A peer disconnects after a message and a half. Another peer sends meanwhile, and so does the one
/// that connects next.
fn not_received<S: Ours>(stage: Stage<S>, way: Way, half: &[u8], end: fn(RawPeer))
where
    for<'a> &'a S: Into<Pollable<'a>>,
{
    let Stage { ours, peers, monitor, ctx } = stage;
    let (sender, received) = channel();
    let receiving = thread::spawn(move || way.receive(ours, &sender));
    let whole = |peer: &mut RawPeer, name: &str, then: &[u8]| {
        let parts = message::<S>(name);
        peer.send([&wire::<S>(&parts), then].concat());
        assert_eq!(received.recv().unwrap(), parts, "{} {way:?}", S::THEIRS);
    };

    let mut mortal = peers.come::<S>(Who::Mortal);
    let mut other = (!S::EXCLUSIVE).then(|| peers.come::<S>(Who::Other));
    whole(&mut mortal, "before", half);
    if let Some(other) = &mut other {
        whole(other, "in between", &[]);
    }
    end(mortal);
    assert_eq!(monitor.recv().unwrap().kind(), EventKind::Disconnected);
    if let Some(other) = &mut other {
        whole(other, "then", &[]);
    }
    // What is bound and has one peer at a time may refuse this one for a while.
    if !S::EXCLUSIVE || matches!(peers, Peers::On(_)) {
        whole(&mut peers.come::<S>(Who::Mortal), "after", &[]);
    }

    ctx.shutdown();
    let error = receiving.join().unwrap();
    assert_eq!(error.kind(), ErrorKind::InvalidCtx, "{error}");
    assert_eq!(received.try_iter().next(), None);
}

/// Whole messages that are queued when their peer disconnects are still received, in order.
fn received_before<S: Ours>(stage: &Stage<S>, half: &[u8]) {
    const COUNT: usize = 100;

    let numbered = |number: usize| message::<S>(&number.to_string());
    let mut mortal = stage.peers.come::<S>(Who::Mortal);
    mortal.send(
        [(0..COUNT).flat_map(|number| wire::<S>(&numbered(number))).collect(), half.to_vec()]
            .concat(),
    );
    mortal.close();
    assert_eq!(stage.monitor.recv().unwrap().kind(), EventKind::Disconnected);
    for number in 0..COUNT {
        assert_eq!(stage.ours.recv().unwrap(), numbered(number));
        stage.ours.done().unwrap();
    }
    assert_eq!(stage.ours.try_recv().unwrap_err().kind(), ErrorKind::WouldBlock);
}

fn half_messages<S: Ours>()
where
    for<'a> &'a S: Into<Pollable<'a>>,
{
    let _watchdog = watchdog();
    for bound in [true, false] {
        for half in halves::<S>() {
            for &way in Way::ALL {
                for end in [RawPeer::close, RawPeer::reset] {
                    not_received(Stage::<S>::new(bound), way, &half, end);
                }
            }
            received_before(&Stage::<S>::new(bound), &half);
        }
    }
}

#[test]
fn half_message_of_a_lost_peer_is_dropped_by_multipart_types() {
    half_messages::<Pull>();
    half_messages::<Router>();
    half_messages::<Dealer>();
    half_messages::<Rep>();
    half_messages::<Pair>();
}

#[test]
fn half_message_of_a_lost_peer_is_dropped_by_subscribers_and_xpub() {
    half_messages::<Sub>();
    half_messages::<XSub>();
    half_messages::<XPub>();
}

#[test]
fn half_message_of_a_lost_peer_is_dropped_by_thread_safe_types() {
    half_messages::<Server>();
    half_messages::<Client>();
    half_messages::<Gather>();
    half_messages::<Channel>();
    half_messages::<Peer>();
    half_messages::<Dish>();
}
