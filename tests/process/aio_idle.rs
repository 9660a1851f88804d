//! Sockets of all types that are awaited use no CPU, in both runtimes at once. Alone in its
//! process, whose time and wakeups it counts.

#![cfg(all(target_os = "linux", any(feature = "tokio", feature = "async-io")))]

#[path = "../common/mod.rs"]
mod common;

use std::{
    any::Any,
    fmt, fs,
    future::poll_fn,
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
        mpsc::{Sender, channel},
    },
    task::Poll,
    thread::{self, JoinHandle},
    time::Duration,
};

use common::{IDLE_SHARE, Transport, until, vacant_udp, watchdog};
use futures::{FutureExt, StreamExt, future::BoxFuture, stream::FuturesUnordered};
use libzmq::{prelude::*, *};

/// How long the process is idle.
const IDLE: Duration = Duration::from_secs(10);

/// An idle thread is hardly woken at all; one that polls each 5 ms is woken 2000 times meanwhile.
const WAKEUPS: u64 = 200;

/// How many tasks wait on each socket.
const TASKS: usize = 4;

/// Tasks that wait until the context is shut down, and return the error.
#[derive(Default)]
struct Waiting {
    tasks: Vec<BoxFuture<'static, ErrorKind>>,
    /// Sockets without a waiting task.
    others: Vec<Box<dyn Any + Send>>,
    /// How many messages the tasks are sent, and how many they have received.
    sent: usize,
    received: Arc<AtomicUsize>,
}

impl Waiting {
    /// Has tasks wait on a socket over and over.
    fn on<S: Socket + Send + 'static, F>(
        &mut self,
        socket: S,
        wait: impl Fn(Arc<Async<S>>) -> F + Copy + Send + 'static,
    ) -> Arc<Async<S>>
    where
        F: Future<Output = Result<(), Error>> + Send + 'static,
    {
        let socket = Arc::new(Async::new(socket).unwrap());
        for _ in 0..TASKS {
            let (socket, received) = (socket.clone(), self.received.clone());
            self.tasks.push(Box::pin(async move {
                loop {
                    match wait(socket.clone()).await {
                        Ok(()) => received.fetch_add(1, Ordering::SeqCst),
                        Err(error) => break error.kind(),
                    };
                }
            }));
        }
        socket
    }

    fn for_one_part<S: RecvMsg + Send + 'static>(&mut self, socket: S) -> Arc<Async<S>> {
        self.on(socket, |socket| async move { socket.recv_msg().await.map(drop) })
    }

    fn for_parts<S: RecvMultipart + Send + 'static>(&mut self, socket: S) -> Arc<Async<S>> {
        self.on(socket, |socket| async move { socket.recv_multipart().await.map(drop) })
    }

    fn for_room<S: SendMsg + Send + 'static>(&mut self, socket: S) {
        self.on(
            socket,
            |socket| async move { socket.send("nobody there").await.map_err(Error::cast) },
        );
    }

    fn for_nothing(&mut self, socket: impl Send + 'static) {
        self.others.push(Box::new(socket));
    }

    /// Has a task on the other side receive a message, so that a signal of its socket is taken.
    fn send<S: Socket, T: fmt::Debug>(
        &mut self,
        socket: &Async<S>,
        call: impl FnOnce(&S) -> Result<(), Error<T>>,
    ) {
        socket.with(call).unwrap();
        self.sent += 1;
    }

    /// Waits for the messages, says so, and waits for the end.
    async fn end(self, all_received: &Sender<()>) {
        let mut tasks: FuturesUnordered<_> = self.tasks.into_iter().collect();
        poll_fn(|cx| {
            assert!(tasks.poll_next_unpin(cx).is_pending());
            match self.received.load(Ordering::SeqCst) {
                received if received == self.sent => Poll::Ready(()),
                _ => Poll::Pending,
            }
        })
        .await;
        all_received.send(()).unwrap();
        while let Some(kind) = tasks.next().await {
            assert_eq!(kind, ErrorKind::InvalidCtx);
        }
    }
}

/// Sockets of all types.
fn sockets(at: CtxHandle) -> Waiting {
    let mut waiting = Waiting::default();

    let (server, client) = joined::<Server, Client>(at);
    client.send("x").unwrap();
    let id = server.recv_msg().unwrap().routing_id().unwrap();
    let (server, client) = (waiting.for_one_part(server), waiting.for_one_part(client));
    waiting.send(&client, |client| client.send("x"));
    waiting.send(&server, |server| server.route("x", id));

    let (bound, connected) = joined::<Channel, Channel>(at);
    connected.send("x").unwrap();
    bound.recv_msg().unwrap();
    let (bound, connected) = (waiting.for_one_part(bound), waiting.for_one_part(connected));
    waiting.send(&connected, |channel| channel.send("x"));
    waiting.send(&bound, |channel| channel.send("x"));

    let bound = PeerBuilder::new().bind(Transport::Tcp.anywhere()).with_ctx(at).unwrap();
    let peer = Peer::with_ctx(at).unwrap();
    let to_bound = peer.connect_peer(bound.last_endpoint().unwrap()).unwrap();
    peer.route("x", to_bound).unwrap();
    let to_peer = bound.recv_msg().unwrap().routing_id().unwrap();
    let (bound, peer) = (waiting.for_one_part(bound), waiting.for_one_part(peer));
    waiting.send(&peer, |peer| peer.route("x", to_bound));
    waiting.send(&bound, |bound| bound.route("x", to_peer));

    let (gather, scatter) = joined::<Gather, Scatter>(at);
    waiting.for_one_part(gather);
    let scatter = Async::new(scatter).unwrap();
    waiting.send(&scatter, |scatter| scatter.send("x"));
    waiting.for_nothing(scatter);
    waiting.for_room(Scatter::with_ctx(at).unwrap());

    let (radio, dish) = joined::<Radio, Dish>(at);
    let group = Group::new("x").unwrap();
    dish.join(&group).unwrap();
    once_heard(&dish, |text| radio.transmit(text, &group).unwrap());
    waiting.for_one_part(dish);
    let radio = Async::new(radio).unwrap();
    waiting.send(&radio, |radio| radio.transmit("x", &group));
    waiting.for_nothing(radio);

    let (bound, connected) = joined::<Pair, Pair>(at);
    connected.send("x").unwrap();
    bound.recv_msg().unwrap();
    let (bound, connected) = (waiting.for_parts(bound), waiting.for_parts(connected));
    waiting.send(&connected, |pair| pair.send("x"));
    waiting.send(&bound, |pair| pair.send("x"));

    let (router, dealer) = joined::<Router, Dealer>(at);
    dealer.send("x").unwrap();
    let (who, _) = router.recv_from().unwrap();
    let (router, dealer) = (waiting.for_parts(router), waiting.for_parts(dealer));
    waiting.send(&dealer, |dealer| dealer.send("x"));
    waiting.send(&router, |router| router.route("x", &who));

    // A REQ that has sent its request waits for the reply.
    let (rep, req) = joined::<Rep, Req>(at);
    req.send("x").unwrap();
    rep.recv_msg().unwrap();
    waiting.for_parts(req);
    waiting.for_nothing(rep);
    let (rep, req) = joined::<Rep, Req>(at);
    waiting.for_parts(rep);
    waiting.for_nothing(req);
    waiting.for_room(Req::with_ctx(at).unwrap());

    let (pull, push) = joined::<Pull, Push>(at);
    waiting.for_parts(pull);
    let push = Async::new(push).unwrap();
    waiting.send(&push, |push| push.send("x"));
    waiting.for_nothing(push);
    waiting.for_room(Push::with_ctx(at).unwrap());

    let (xpub, sub) = joined::<XPub, Sub>(at);
    sub.subscribe("x").unwrap();
    xpub.recv_subscription().unwrap();
    let (xpub, sub) = (waiting.for_parts(xpub), waiting.for_parts(sub));
    waiting.send(&xpub, |xpub| xpub.send("x"));
    waiting.send(&sub, |sub| sub.subscribe("y"));

    let (publisher, xsub) = joined::<Pub, XSub>(at);
    xsub.subscribe("x").unwrap();
    once_heard(&xsub, |text| publisher.send(text).unwrap());
    waiting.for_parts(xsub);
    let publisher = Async::new(publisher).unwrap();
    waiting.send(&publisher, |publisher| publisher.send("x"));
    waiting.for_nothing(publisher);

    let (bound, connected) = joined::<Stream, Stream>(at);
    // Each reports the connection.
    let (bound_to, _) = bound.recv_from().unwrap();
    let (connected_to, _) = connected.recv_from().unwrap();
    let streams = [bound, connected].map(|stream| {
        waiting.on(stream, |stream| async move { stream.recv_from().await.map(drop) })
    });
    waiting.send(&streams[0], |bound| bound.route("x", &bound_to));
    waiting.send(&streams[1], |connected| connected.route("x", &connected_to));

    let endpoint = vacant_udp();
    let dgram = DgramBuilder::new().bind(&*endpoint).with_ctx(at).unwrap();
    let dgram = waiting.on(dgram, |dgram| async move { dgram.recv_from().await.map(drop) });
    // To itself.
    let address: SocketAddr = endpoint.strip_prefix("udp://").unwrap().parse().unwrap();
    waiting.send(&dgram, |dgram| dgram.send_to("x", address));

    waiting
}

fn joined<B: Socket, C: Socket>(at: CtxHandle) -> (B, C) {
    let bound = Builder::<B>::new().bind(Transport::Tcp.anywhere()).with_ctx(at).unwrap();
    let connected =
        Builder::<C>::new().connect(bound.last_endpoint().unwrap()).with_ctx(at).unwrap();
    (bound, connected)
}

/// Sends until something is received, and receives all that was sent.
fn once_heard(receiver: &impl RecvMsg, send: impl Fn(&'static str)) {
    until(|| {
        send("x");
        receiver.try_recv_msg().is_ok()
    });
    send("x, the last");
    while receiver.recv_msg().unwrap() != "x, the last" {}
}

/// A thread on which sockets wait, when they have received what they were sent.
fn wait(
    at: CtxHandle,
    block_on: impl FnOnce(BoxFuture<'_, ()>) + Send + 'static,
) -> JoinHandle<()> {
    let (sender, all_received) = channel();
    let thread = thread::spawn(move || block_on(async { sockets(at).end(&sender).await }.boxed()));
    all_received.recv().unwrap();
    thread
}

#[test]
fn idle_sockets_use_no_cpu() {
    let _watchdog = watchdog();
    let ctx = Ctx::new();
    let runtimes = [
        #[cfg(feature = "tokio")]
        wait(ctx.handle(), |sockets| {
            tokio::runtime::Builder::new_multi_thread()
                .worker_threads(2)
                .enable_all()
                .build()
                .unwrap()
                .block_on(sockets);
        }),
        #[cfg(feature = "async-io")]
        wait(ctx.handle(), |sockets| async_io::block_on(sockets)),
    ];

    let before = Used::now();
    thread::sleep(IDLE);
    let after = Used::now();
    let cpu_time = after.cpu_time - before.cpu_time;
    assert!(cpu_time < IDLE / IDLE_SHARE, "{cpu_time:?} of CPU time in {IDLE:?}");
    let wakeups = after.wakeups.saturating_sub(before.wakeups);
    assert!(wakeups < WAKEUPS, "{wakeups} wakeups in {IDLE:?}");

    ctx.shutdown();
    runtimes.into_iter().for_each(|thread| thread.join().unwrap());
}

/// What the process has used.
struct Used {
    /// User and system time.
    cpu_time: Duration,
    /// How often its threads have slept and been woken.
    wakeups: u64,
}

impl Used {
    fn now() -> Self {
        let stat = fs::read_to_string("/proc/self/stat").unwrap();
        let times = stat.rsplit(')').next().unwrap().split_whitespace().skip(11).take(2);
        // The kernel counts in hundredths of a second.
        let ticks: u64 = times.map(|ticks| ticks.parse::<u64>().unwrap()).sum();
        let statuses = fs::read_dir("/proc/self/task")
            .unwrap()
            .map(|task| fs::read_to_string(task.unwrap().path().join("status")));
        // A thread may have ended since it was listed.
        let wakeups = statuses.flatten().map(|status| {
            let line =
                status.lines().find_map(|line| line.strip_prefix("voluntary_ctxt_switches:"));
            line.unwrap().trim().parse::<u64>().unwrap()
        });
        Self { cpu_time: Duration::from_millis(10 * ticks), wakeups: wakeups.sum() }
    }
}
