//! Which tasks are woken, and when. The futures are polled by hand, and the reactor never has a
//! turn in between: what wakes a task here is a call that another future made.

use std::{
    future::Future,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::{Pin, pin},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    task::{Context, Poll, Wake, Waker},
    time::Duration,
};

use futures::{Sink, SinkExt, Stream, StreamExt};
use libzmq::{aio::AsyncMonitor, monitor::EventSet, prelude::*, *};

use crate::common::{Transport, watchdog};

/// Counts how often it was woken.
#[derive(Default)]
struct Counts(AtomicUsize);

impl Wake for Counts {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

/// A future with a task of its own.
struct Task<'f, T> {
    future: Pin<Box<dyn Future<Output = T> + 'f>>,
    counts: Arc<Counts>,
}

impl<'f, T> Task<'f, T> {
    fn new(future: impl Future<Output = T> + 'f) -> Self {
        Self { future: Box::pin(future), counts: Arc::default() }
    }

    /// Polls until it waits for the socket, and not only for its next turn.
    fn waiting(mut self) -> Self {
        loop {
            assert!(self.poll().is_pending());
            if self.wakes() == 0 {
                return self;
            }
        }
    }

    fn poll(&mut self) -> Poll<T> {
        let waker = Waker::from(self.counts.clone());
        self.future.as_mut().poll(&mut Context::from_waker(&waker))
    }

    /// How often it was woken since this was asked last.
    fn wakes(&self) -> usize {
        self.counts.0.swap(0, Ordering::SeqCst)
    }

    /// The result, for which it need only be polled when it is woken.
    fn finish(mut self) -> T {
        loop {
            assert!(self.wakes() > 0, "a task that can go on was not woken");
            if let Poll::Ready(done) = self.poll() {
                return done;
            }
        }
    }
}

/// Polls once, and drops the future.
fn poll_once<T>(future: impl Future<Output = T>) -> Poll<T> {
    pin!(future).poll(&mut Context::from_waker(Waker::noop()))
}

/// A dealer with a full queue to one peer, and nothing to receive.
struct Full {
    dealer: Async<Dealer>,
    peer: Dealer,
    _ctx: Ctx,
}

fn full(transport: Transport) -> Full {
    let ctx = Ctx::new();
    let peer = DealerBuilder::new()
        .recv_hwm(2)
        .send_hwm(2)
        .bind(transport.anywhere())
        .with_ctx(ctx.handle())
        .unwrap();
    let dealer = DealerBuilder::new()
        .recv_hwm(2)
        .send_hwm(2)
        .connect(peer.last_endpoint().unwrap())
        .with_ctx(ctx.handle())
        .unwrap();
    while dealer.try_send("fill").is_ok() {}
    Full { dealer: Async::new(dealer).unwrap(), peer, _ctx: ctx }
}

type Attempt = fn(&Async<Dealer>) -> bool;

/// Attempts that have to wait on a socket with a full queue, each polled once and dropped.
const SENDS: &[(&str, Attempt)] = &[
    ("send", |dealer| poll_once(dealer.send("more")).is_pending()),
    ("send_multipart", |dealer| poll_once(dealer.send_multipart(["a", "b"])).is_pending()),
    ("writable", |dealer| poll_once(dealer.writable()).is_pending()),
    ("sink", |dealer| {
        let mut sink = dealer.sink();
        sink.start_send_unpin("more".into()).unwrap();
        let mut cx = Context::from_waker(Waker::noop());
        Pin::new(&mut sink).poll_flush(&mut cx).is_pending()
    }),
    ("twice", |dealer| {
        // The second time it enters the list of those that wait.
        let mut future = pin!(dealer.send("more"));
        let mut cx = Context::from_waker(Waker::noop());
        future.as_mut().poll(&mut cx).is_pending() && future.as_mut().poll(&mut cx).is_pending()
    }),
    ("with", |dealer| dealer.with(|dealer| dealer.try_send("more").is_err())),
    ("panic", |dealer| {
        catch_unwind(AssertUnwindSafe(|| {
            dealer.with(|dealer| {
                dealer.try_send("more").unwrap_err();
                panic!("within a call")
            })
        }))
        .is_err()
    }),
];

#[tokio::test]
async fn receiver_is_woken_by_a_send_that_took_its_signal() {
    let _watchdog = watchdog();
    for (name, send) in SENDS {
        for receiver in ["recv_msg", "recv_multipart", "readable", "stream", "multiparts"] {
            let Full { dealer, peer, _ctx } = full(Transport::Inproc);
            let mut stream = dealer.messages();
            let mut multiparts = dealer.multiparts();
            let task = match receiver {
                "recv_msg" => Task::new(async { dealer.recv_msg().await.map(drop) }),
                "recv_multipart" => Task::new(async { dealer.recv_multipart().await.map(drop) }),
                "readable" => Task::new(dealer.readable()),
                "stream" => Task::new(async { stream.next().await.unwrap().map(drop) }),
                _ => Task::new(async { multiparts.next().await.unwrap().map(drop) }),
            }
            .waiting();
            peer.send("answer").unwrap();
            assert!(send(&dealer), "{name} did not have to wait");
            assert!(task.counts.0.load(Ordering::SeqCst) > 0, "{receiver} sleeps after {name}");
            task.finish().unwrap();
        }
    }
}

type Receive = fn(&Async<Dealer>) -> bool;

/// The same for a socket with nothing to receive.
const RECEIVES: &[(&str, Receive)] = &[
    ("recv_msg", |dealer| poll_once(dealer.recv_msg()).is_pending()),
    ("recv_multipart", |dealer| poll_once(dealer.recv_multipart()).is_pending()),
    ("recv_many", |dealer| poll_once(dealer.recv_many(&mut Vec::new(), 5)).is_pending()),
    ("readable", |dealer| poll_once(dealer.readable()).is_pending()),
    ("stream", |dealer| {
        let mut cx = Context::from_waker(Waker::noop());
        Pin::new(&mut dealer.messages()).poll_next(&mut cx).is_pending()
    }),
];

#[tokio::test]
async fn sender_is_woken_by_a_receive_that_took_its_signal() {
    let _watchdog = watchdog();
    for (name, receive) in RECEIVES {
        for sender in ["send", "send_multipart", "writable", "sink", "multipart_sink"] {
            let Full { dealer, peer, _ctx } = full(Transport::Inproc);
            let mut sink = dealer.sink();
            let mut multipart_sink = dealer.multipart_sink();
            let task = match sender {
                "send" => Task::new(async { dealer.send("more").await.map_err(Error::cast) }),
                "send_multipart" => Task::new(async {
                    dealer.send_multipart(["a", "b"]).await.map_err(Error::cast)
                }),
                "writable" => Task::new(dealer.writable()),
                "sink" => {
                    Task::new(async { sink.send("more".into()).await.map_err(Error::<Msg>::cast) })
                }
                _ => Task::new(async {
                    let parts = Multipart::from(["a", "b"]);
                    multipart_sink.send(parts).await.map_err(Error::<Multipart>::cast)
                }),
            }
            .waiting();
            while peer.try_recv_msg().is_ok() {}
            assert!(receive(&dealer), "{name} did not have to wait");
            assert!(task.counts.0.load(Ordering::SeqCst) > 0, "{sender} sleeps after {name}");
            task.finish().unwrap();
        }
    }
}

#[tokio::test]
async fn receiver_is_woken_by_another_receive_that_took_its_signal() {
    let _watchdog = watchdog();
    let Full { dealer, peer, _ctx } = full(Transport::Inproc);
    let first = Task::new(dealer.recv_msg()).waiting();
    let second = Task::new(dealer.recv_msg()).waiting();
    for answer in ["one", "two"] {
        peer.send(answer).unwrap();
    }
    // It takes the signal of both.
    assert!(poll_once(dealer.readable()).is_ready());
    assert_eq!(first.finish().unwrap(), "one");
    assert_eq!(second.finish().unwrap(), "two");
}

#[tokio::test]
async fn sender_to_one_peer_is_woken_although_another_peer_has_a_full_queue() {
    let _watchdog = watchdog();
    let ctx = Ctx::new();
    let router = RouterBuilder::new()
        .mandatory(true)
        .send_hwm(2)
        .bind(Transport::Inproc.anywhere())
        .with_ctx(ctx.handle())
        .unwrap();
    let [one, other] = ["one", "other"].map(|name| {
        let dealer = DealerBuilder::new()
            .routing_identity(name)
            .recv_hwm(2)
            .connect(router.last_endpoint().unwrap())
            .with_ctx(ctx.handle())
            .unwrap();
        let name = Identity::new(name).unwrap();
        crate::common::until(|| router.has_room_for(&name).is_ok());
        while router.try_route("fill", &name).is_ok() {}
        (name, dealer)
    });
    let router = Async::new(router).unwrap();
    let sends = Task::new(router.route("more", &one.0)).waiting();
    while one.1.try_recv_multipart().is_ok() {}
    assert!(poll_once(router.route("more", &other.0)).is_pending());
    crate::common::until(|| sends.counts.0.load(Ordering::SeqCst) > 0);
    sends.finish().unwrap();
}

#[tokio::test]
async fn event_wakes_its_receiver_beside_other_futures_of_the_monitor() {
    let _watchdog = watchdog();
    let server = Server::new().unwrap();
    let mut monitor = AsyncMonitor::new(server.monitor(EventSet::LISTENING).unwrap()).unwrap();
    {
        let task = Task::new(monitor.recv()).waiting();
        let other = Task::new(monitor.recv()).waiting();
        server.bind("tcp://127.0.0.1:*").unwrap();
        server.bind("tcp://127.0.0.1:*").unwrap();
        let third = poll_once(monitor.recv());
        assert!(third.is_ready());
        task.finish().unwrap();
        drop(other);
    }
    server.bind("tcp://127.0.0.1:*").unwrap();
    monitor.next().await.unwrap();
}

/// A waker that keeps its task, as some executors have it: with its drop goes a future of the same
/// socket.
struct Keeps(#[allow(dead_code, reason = "its drop is what counts")] Mutex<Option<Kept>>);

type Kept = Pin<Box<dyn Future<Output = Result<Msg, Error>> + Send>>;

impl Wake for Keeps {
    fn wake(self: Arc<Self>) {}
}

/// A waker that holds a future that waits for the socket.
fn keeper(dealer: &Arc<Async<Dealer>>) -> Waker {
    let dealer = dealer.clone();
    let mut future: Kept = Box::pin(async move { dealer.recv_msg().await });
    let mut cx = Context::from_waker(Waker::noop());
    for _ in 0..2 {
        assert!(future.as_mut().poll(&mut cx).is_pending());
    }
    Waker::from(Arc::new(Keeps(Mutex::new(Some(future)))))
}

#[tokio::test]
async fn waker_whose_drop_drops_a_future_of_the_same_socket_does_not_deadlock() {
    let _watchdog = watchdog();
    let Full { dealer, peer, _ctx } = full(Transport::Inproc);
    let dealer = Arc::new(dealer);
    // Replaced by another waker, then left with the future.
    let mut future = Box::pin(dealer.recv_msg());
    for _ in 0..3 {
        let waker = keeper(&dealer);
        for _ in 0..2 {
            assert!(future.as_mut().poll(&mut Context::from_waker(&waker)).is_pending());
        }
    }
    drop(future);
    // Woken.
    let mut future = Box::pin(dealer.recv_msg());
    let waker = keeper(&dealer);
    for _ in 0..2 {
        assert!(future.as_mut().poll(&mut Context::from_waker(&waker)).is_pending());
    }
    drop(waker);
    peer.send("answer").unwrap();
    dealer.with(|_| ());
    assert!(future.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_ready());
    // Left by a future that is ready.
    let mut future = Box::pin(dealer.recv_msg());
    let waker = keeper(&dealer);
    for _ in 0..2 {
        assert!(future.as_mut().poll(&mut Context::from_waker(&waker)).is_pending());
    }
    drop(waker);
    peer.send("answer").unwrap();
    assert!(future.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_ready());
}

/// A waker that panics when it is woken or dropped, once it is armed.
#[derive(Default)]
struct Panics {
    woken: AtomicBool,
    dropped: AtomicBool,
}

impl Wake for Panics {
    fn wake(self: Arc<Self>) {
        assert!(!self.woken.load(Ordering::SeqCst), "woken");
    }
}

impl Drop for Panics {
    fn drop(&mut self) {
        assert!(!self.dropped.load(Ordering::SeqCst), "dropped");
    }
}

/// Has the future wait for its socket, with that waker.
fn wait_with<F: Future>(future: &mut Pin<Box<F>>, panics: &Arc<Panics>) {
    let waker = Waker::from(panics.clone());
    for _ in 0..2 {
        assert!(future.as_mut().poll(&mut Context::from_waker(&waker)).is_pending());
    }
}

#[tokio::test]
async fn waker_that_panics_does_not_stop_other_tasks() {
    let _watchdog = watchdog();
    for when in ["woken", "dropped"] {
        let Full { dealer, peer, _ctx } = full(Transport::Inproc);
        let before = Task::new(dealer.recv_msg()).waiting();
        let mut future = Box::pin(dealer.recv_msg());
        let panics = Arc::<Panics>::default();
        wait_with(&mut future, &panics);
        let after = Task::new(dealer.recv_msg()).waiting();
        panics.woken.store(when == "woken", Ordering::SeqCst);
        panics.dropped.store(when == "dropped", Ordering::SeqCst);
        if when == "dropped" {
            // The future's clone is the last.
            drop(panics);
        }
        for answer in ["one", "two"] {
            peer.send(answer).unwrap();
        }
        // The attempt that fails wakes all three.
        assert!(poll_once(dealer.send("more")).is_pending());
        assert_eq!(before.finish().unwrap(), "one");
        assert_eq!(after.finish().unwrap(), "two");
    }
}

#[tokio::test]
async fn waker_that_panics_when_it_is_dropped_loses_no_message() {
    let _watchdog = watchdog();
    let Full { dealer, peer, _ctx } = full(Transport::Inproc);
    let mut future = Box::pin(dealer.recv_msg());
    let panics = Arc::<Panics>::default();
    wait_with(&mut future, &panics);
    panics.dropped.store(true, Ordering::SeqCst);
    drop(panics);
    peer.send("answer").unwrap();
    let Poll::Ready(answer) = future.as_mut().poll(&mut Context::from_waker(Waker::noop())) else {
        panic!("there was an answer");
    };
    assert_eq!(answer.unwrap(), "answer");
}

/// A waker that polls another future of the same socket when it is woken.
struct Polls(Mutex<Option<Kept>>, AtomicUsize);

impl Wake for Polls {
    fn wake(self: Arc<Self>) {
        let mut future = self.0.lock().unwrap();
        if let Some(kept) = &mut *future
            && kept.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_ready()
        {
            self.1.fetch_add(1, Ordering::SeqCst);
            *future = None;
        }
    }
}

#[tokio::test]
async fn waker_may_poll_a_future_of_the_same_socket() {
    let _watchdog = watchdog();
    let Full { dealer, peer, _ctx } = full(Transport::Inproc);
    let dealer = Arc::new(dealer);
    let own = dealer.clone();
    let polls = Arc::new(Polls(
        Mutex::new(Some(Box::pin(async move { own.recv_msg().await }))),
        AtomicUsize::new(0),
    ));
    let waker = Waker::from(polls.clone());
    let mut future = Box::pin(dealer.recv_msg());
    for _ in 0..2 {
        assert!(future.as_mut().poll(&mut Context::from_waker(&waker)).is_pending());
    }
    peer.send("answer").unwrap();
    assert!(poll_once(dealer.send("more")).is_pending());
    assert_eq!(polls.1.load(Ordering::SeqCst), 1);
}

/// With the reactor: a message that arrives between its turns wakes the receiver.
#[tokio::test]
async fn receiver_is_woken_although_sends_are_dropped() {
    let _watchdog = watchdog();
    for transport in [Transport::Inproc, Transport::Tcp] {
        let Full { dealer, peer, _ctx } = full(transport);
        for _ in 0..200 {
            let received = dealer.recv_msg();
            tokio::pin!(received);
            assert!(futures::poll!(&mut received).is_pending());
            assert!(futures::poll!(&mut received).is_pending());
            peer.send("answer").unwrap();
            // Gives the reactor a turn.
            tokio::time::sleep(Duration::ZERO).await;
            let _ = poll_once(dealer.send("more"));
            received.await.unwrap();
        }
    }
}
