//! Many tasks on one socket, and futures that are dropped at any moment: nothing is lost, and
//! nothing waits in vain.

use std::{
    future::Future,
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Poll, Waker},
    time::Duration,
};

use libzmq::prelude::*;
use tokio::task::JoinSet;

use crate::common::{Transport, watchdog};

/// How many messages; fewer where nothing is optimised.
const COUNT: usize = if cfg!(debug_assertions) { 200_000 } else { 2_000_000 };
const PRODUCERS: usize = 2;
const CONSUMERS: usize = 8;

/// Each number that a producer sends comes once, whichever consumer gets it.
async fn none_lost<P, C>(producers: Vec<Arc<Async<P>>>, consumer: Arc<Async<C>>)
where
    P: SendMsg + Send + 'static,
    C: RecvMsg + Send + 'static,
{
    let mut tasks = JoinSet::new();
    for (place, producer) in producers.into_iter().enumerate() {
        tasks.spawn(async move {
            for number in (place..COUNT).step_by(PRODUCERS) {
                producer.send(&number.to_ne_bytes()[..]).await.unwrap();
            }
            (0, 0)
        });
    }
    let received = Arc::new(AtomicUsize::new(0));
    let (all, done) = tokio::sync::watch::channel(false);
    let all = Arc::new(all);
    for _ in 0..CONSUMERS {
        let (consumer, received, all, mut done) =
            (consumer.clone(), received.clone(), all.clone(), done.clone());
        tasks.spawn(async move {
            let (mut count, mut sum) = (0, 0);
            loop {
                let msg = tokio::select! {
                    biased;
                    msg = consumer.recv_msg() => msg.unwrap(),
                    _ = done.wait_for(|done| *done) => break (count, sum),
                };
                count += 1;
                sum += usize::from_ne_bytes(msg.as_bytes().try_into().unwrap());
                if received.fetch_add(1, Ordering::Relaxed) + 1 == COUNT {
                    all.send(true).unwrap();
                }
            }
        });
    }
    let (mut count, mut sum) = (0, 0);
    while let Some(result) = tasks.join_next().await {
        let (more, part) = result.unwrap();
        count += more;
        sum += part;
    }
    assert_eq!((count, sum), (COUNT, COUNT * (COUNT - 1) / 2));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn async_clients_lose_no_message_to_a_server() {
    let _watchdog = watchdog();
    for transport in [Transport::Inproc, Transport::Tcp] {
        let ctx = Ctx::new();
        let server =
            ServerBuilder::new().bind(transport.anywhere()).with_ctx(ctx.handle()).unwrap();
        let client = || {
            ClientBuilder::new()
                .connect(server.last_endpoint().unwrap())
                .with_ctx(ctx.handle())
                .unwrap()
        };
        let clients = (0..PRODUCERS).map(|_| Arc::new(Async::new(client()).unwrap())).collect();
        none_lost(clients, Arc::new(Async::new(server.clone()).unwrap())).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn async_pushes_lose_no_message_to_a_pull() {
    let _watchdog = watchdog();
    for transport in [Transport::Inproc, Transport::Tcp] {
        let ctx = Ctx::new();
        let pull = PullBuilder::new().bind(transport.anywhere()).with_ctx(ctx.handle()).unwrap();
        let endpoint = pull.last_endpoint().unwrap();
        let push = || PushBuilder::new().connect(&endpoint).with_ctx(ctx.handle()).unwrap();
        let pushes = (0..PRODUCERS).map(|_| Arc::new(Async::new(push()).unwrap())).collect();
        none_lost(pushes, Arc::new(Async::new(pull).unwrap())).await;
    }
}

/// Several tasks send on one socket, with small queues, so that they wait most of the time.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn async_senders_on_one_socket_lose_no_message() {
    let _watchdog = watchdog();
    const EACH: usize = if cfg!(debug_assertions) { 5_000 } else { 25_000 };

    for transport in [Transport::Inproc, Transport::Tcp] {
        let ctx = Ctx::new();
        let pull = PullBuilder::new()
            .bind(transport.anywhere())
            .recv_hwm(3)
            .with_ctx(ctx.handle())
            .unwrap();
        let push = PushBuilder::new()
            .connect(pull.last_endpoint().unwrap())
            .send_hwm(3)
            .with_ctx(ctx.handle())
            .unwrap();
        let (pull, push) = (Async::new(pull).unwrap(), Arc::new(Async::new(push).unwrap()));
        let mut tasks = JoinSet::new();
        for _ in 0..CONSUMERS {
            let push = push.clone();
            tasks.spawn(async move {
                for _ in 0..EACH {
                    push.send("x").await.unwrap();
                }
            });
        }
        for _ in 0..CONSUMERS * EACH {
            pull.recv_msg().await.unwrap();
        }
        while let Some(result) = tasks.join_next().await {
            result.unwrap();
        }
    }
}

/// Two tasks of one router wait for room for two peers: neither is forgotten when the signal of the
/// one reaches the other.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn async_router_blocked_on_two_full_peers_is_woken_for_both() {
    let _watchdog = watchdog();
    const EACH: usize = 2_000;

    let ctx = Ctx::new();
    let router = RouterBuilder::new()
        .bind(Transport::Inproc.anywhere())
        .mandatory(true)
        .send_hwm(2)
        .with_ctx(ctx.handle())
        .unwrap();
    let endpoint = router.last_endpoint().unwrap();
    let router = Arc::new(Async::new(router).unwrap());
    let mut tasks = JoinSet::new();
    for name in ["one", "two", "three"] {
        let dealer = DealerBuilder::new()
            .routing_identity(name)
            .recv_hwm(2)
            .connect(&endpoint)
            .with_ctx(ctx.handle())
            .unwrap();
        dealer.send("ready").unwrap();
        let dealer = Async::new(dealer).unwrap();
        tasks.spawn(async move {
            for number in 0..EACH {
                assert_eq!(dealer.recv_msg().await.unwrap(), *number.to_string());
            }
        });
        let (peer, _) = router.recv_from().await.unwrap();
        let router = router.clone();
        tasks.spawn(async move {
            for number in 0..EACH {
                router.route(number.to_string(), &peer).await.unwrap();
            }
        });
    }
    while let Some(result) = tasks.join_next().await {
        result.unwrap();
    }
}

/// How many futures each test drops.
const DROPPED: usize = 100_000;

/// Numbers without a pattern, from Marsaglia's xorshift.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }
}

/// Polls the future a few times and then drops it, unless it is ready before.
async fn some_polls<T>(random: &mut Random, future: impl Future<Output = T>) -> Option<T> {
    let mut future = pin!(future);
    match random.below(4) {
        // As `select!` does with a branch that loses.
        0 => match future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(value) => Some(value),
            Poll::Pending => None,
        },
        1 => tokio::select! {
            biased;
            value = &mut future => Some(value),
            () = tokio::task::yield_now() => None,
        },
        2 => tokio::select! {
            () = tokio::task::yield_now() => None,
            value = &mut future => Some(value),
        },
        // The timer has its own pace, too slow for each time.
        _ if random.below(100) == 0 => {
            tokio::time::timeout(Duration::from_micros(random.below(100)), future).await.ok()
        }
        _ => {
            let mut left = random.below(3);
            std::future::poll_fn(|cx| match future.as_mut().poll(cx) {
                Poll::Ready(value) => Poll::Ready(Some(value)),
                Poll::Pending if left == 0 => Poll::Ready(None),
                Poll::Pending => {
                    left -= 1;
                    cx.waker().wake_by_ref();
                    Poll::Pending
                }
            })
            .await
        }
    }
}

/// Calls again and again, and drops what is not ready soon, until it was ready.
macro_rules! at_last {
    ($random:expr, $dropped:expr, $call:expr) => {
        loop {
            match some_polls($random, $call).await {
                Some(value) => break value.unwrap(),
                None => $dropped += 1,
            }
        }
    };
}

/// One side sends numbers in order and the other receives them, each dropping futures as it goes.
/// Each number arrives, in order and once.
async fn in_order<S, R>(sender: Async<S>, receiver: Async<R>)
where
    S: SendMsg + Send + 'static,
    R: RecvMsg + Send + 'static,
{
    let stop = Arc::new(AtomicUsize::new(usize::MAX));
    let last = stop.clone();
    let send = tokio::spawn(async move {
        let (mut random, mut dropped, mut number) = (Random(0x2545_f491_4f6c_dd1d), 0, 0);
        // Both sides must drop their share; the receiver says when it has.
        while dropped < DROPPED / 2 || last.load(Ordering::Relaxed) == usize::MAX {
            at_last!(&mut random, dropped, sender.send(number.to_string()));
            number += 1;
        }
        sender.send("end").await.unwrap();
        (sender, number)
    });
    let (mut random, mut dropped, mut number) = (Random(0x9e37_79b9_7f4a_7c15), 0, 0);
    loop {
        let msg = at_last!(&mut random, dropped, receiver.recv_msg());
        if dropped >= DROPPED / 2 {
            stop.store(number, Ordering::Relaxed);
        }
        if msg == "end" {
            break;
        }
        assert_eq!(msg, *number.to_string());
        number += 1;
    }
    assert_eq!(send.await.unwrap().1, number);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn dropped_futures_of_client_and_server_lose_no_message() {
    let _watchdog = watchdog();
    for transport in [Transport::Inproc, Transport::Tcp] {
        let ctx = Ctx::new();
        let server = ServerBuilder::new()
            .bind(transport.anywhere())
            .recv_hwm(3)
            .with_ctx(ctx.handle())
            .unwrap();
        let client = ClientBuilder::new()
            .connect(server.last_endpoint().unwrap())
            .send_hwm(3)
            .with_ctx(ctx.handle())
            .unwrap();
        in_order(Async::new(client).unwrap(), Async::new(server).unwrap()).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn dropped_futures_of_push_and_pull_lose_no_message() {
    let _watchdog = watchdog();
    for transport in [Transport::Inproc, Transport::Tcp] {
        let ctx = Ctx::new();
        let pull = PullBuilder::new()
            .bind(transport.anywhere())
            .recv_hwm(3)
            .with_ctx(ctx.handle())
            .unwrap();
        let push = PushBuilder::new()
            .connect(pull.last_endpoint().unwrap())
            .send_hwm(3)
            .with_ctx(ctx.handle())
            .unwrap();
        in_order(Async::new(push).unwrap(), Async::new(pull).unwrap()).await;
    }
}

/// Requests and replies, whose order the sockets themselves watch: a future that did half would end
/// in the wrong state.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn dropped_futures_of_req_and_rep_lose_no_message() {
    let _watchdog = watchdog();
    for transport in [Transport::Inproc, Transport::Tcp] {
        let ctx = Ctx::new();
        let rep = RepBuilder::new().bind(transport.anywhere()).with_ctx(ctx.handle()).unwrap();
        let req =
            ReqBuilder::new().connect(rep.last_endpoint().unwrap()).with_ctx(ctx.handle()).unwrap();
        let (rep, req) = (Async::new(rep).unwrap(), Async::new(req).unwrap());
        let replies = tokio::spawn(async move {
            let (mut random, mut dropped) = (Random(0x2545_f491_4f6c_dd1d), 0);
            loop {
                let request = at_last!(&mut random, dropped, rep.recv_msg());
                let end = request == "end";
                at_last!(&mut random, dropped, rep.send(&request));
                if end {
                    break dropped;
                }
            }
        });
        let (mut random, mut dropped, mut number) = (Random(0x9e37_79b9_7f4a_7c15), 0, 0);
        while dropped < DROPPED / 2 {
            at_last!(&mut random, dropped, req.send(number.to_string()));
            assert_eq!(at_last!(&mut random, dropped, req.recv_msg()), *number.to_string());
            number += 1;
        }
        req.send("end").await.unwrap();
        assert_eq!(req.recv_msg().await.unwrap(), "end");
        replies.await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn dropped_futures_of_dealer_and_router_lose_no_message() {
    let _watchdog = watchdog();
    for transport in [Transport::Inproc, Transport::Tcp] {
        let ctx = Ctx::new();
        let router = RouterBuilder::new()
            .bind(transport.anywhere())
            .mandatory(true)
            .recv_hwm(3)
            .send_hwm(3)
            .with_ctx(ctx.handle())
            .unwrap();
        let dealer = DealerBuilder::new()
            .recv_hwm(3)
            .send_hwm(3)
            .connect(router.last_endpoint().unwrap())
            .with_ctx(ctx.handle())
            .unwrap();
        let (router, dealer) = (Async::new(router).unwrap(), Arc::new(Async::new(dealer).unwrap()));
        let echo = tokio::spawn(async move {
            let (mut random, mut dropped) = (Random(0x2545_f491_4f6c_dd1d), 0);
            loop {
                let (peer, parts) = at_last!(&mut random, dropped, router.recv_from());
                let end = parts[0] == "end";
                at_last!(&mut random, dropped, router.route(parts.clone(), &peer));
                if end {
                    break dropped;
                }
            }
        });
        let enough = Arc::new(AtomicUsize::new(0));
        let send = tokio::spawn({
            let (dealer, enough) = (dealer.clone(), enough.clone());
            async move {
                let (mut random, mut dropped, mut number) =
                    (Random(0xd1b5_4a32_d192_ed03), 0, 0_usize);
                while enough.load(Ordering::Relaxed) == 0 {
                    at_last!(
                        &mut random,
                        dropped,
                        dealer.send_multipart([number.to_string(), "more".to_owned()])
                    );
                    number += 1;
                }
                dealer.send("end").await.unwrap();
                (number, dropped)
            }
        });
        let (mut random, mut dropped, mut number) = (Random(0x9e37_79b9_7f4a_7c15), 0, 0_usize);
        loop {
            let parts = at_last!(&mut random, dropped, dealer.recv_multipart());
            if dropped >= DROPPED / 2 {
                enough.store(1, Ordering::Relaxed);
            }
            if parts[0] == "end" {
                break;
            }
            assert_eq!(parts, [&*number.to_string(), "more"]);
            number += 1;
        }
        assert_eq!(send.await.unwrap().0, number);
        echo.await.unwrap();
    }
}
