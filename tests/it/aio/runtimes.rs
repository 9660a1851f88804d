//! `Async` without tokio: on the reactor of `async-io`, with an executor on each of some threads.

use std::{sync::Arc, thread, time::Duration};

use async_io::{Timer, block_on};
use futures::{StreamExt, future};
use libzmq::prelude::*;

use crate::common::{Transport, watchdog};

/// How long a future stays pending, so that the reactor waits for its socket.
const PENDING: Duration = Duration::from_millis(10);

const COUNT: usize = if cfg!(debug_assertions) { 20_000 } else { 200_000 };

/// Threads that receive on one socket and send on one other, which has little room, each with an
/// executor of its own.
fn shared_by_threads<S, R>(sender: S, receiver: R)
where
    S: SendMsg + Send + 'static,
    R: RecvMsg + Send + 'static,
{
    const THREADS: usize = 4;

    let (sender, receiver) =
        (Arc::new(Async::new(sender).unwrap()), Arc::new(Async::new(receiver).unwrap()));
    let sends: Vec<_> = (0..THREADS)
        .map(|place| {
            let sender = sender.clone();
            thread::spawn(move || {
                block_on(async {
                    for number in (place..COUNT).step_by(THREADS) {
                        sender.send(&number.to_ne_bytes()[..]).await.unwrap();
                    }
                });
            })
        })
        .collect();
    let receives: Vec<_> = (0..THREADS)
        .map(|_| {
            let receiver = receiver.clone();
            thread::spawn(move || {
                block_on(async {
                    let mut sum = 0;
                    for _ in 0..COUNT / THREADS {
                        let msg = receiver.recv_msg().await.unwrap();
                        sum += usize::from_ne_bytes(msg.as_bytes().try_into().unwrap());
                    }
                    sum
                })
            })
        })
        .collect();
    sends.into_iter().for_each(|thread| thread.join().unwrap());
    let sum: usize = receives.into_iter().map(|thread| thread.join().unwrap()).sum();
    assert_eq!(sum, COUNT * (COUNT - 1) / 2);
}

#[test]
fn async_io_client_and_server_shared_by_threads_lose_no_message() {
    let _watchdog = watchdog();
    for transport in [Transport::Inproc, Transport::Tcp] {
        let ctx = Ctx::new();
        let server = ServerBuilder::new()
            .bind(transport.anywhere())
            .recv_hwm(10)
            .with_ctx(ctx.handle())
            .unwrap();
        let client = ClientBuilder::new()
            .connect(server.last_endpoint().unwrap())
            .send_hwm(10)
            .with_ctx(ctx.handle())
            .unwrap();
        shared_by_threads(client, server);
    }
}

#[test]
fn async_io_push_and_pull_shared_by_threads_lose_no_message() {
    let _watchdog = watchdog();
    for transport in [Transport::Inproc, Transport::Tcp] {
        let ctx = Ctx::new();
        let pull = PullBuilder::new()
            .bind(transport.anywhere())
            .recv_hwm(10)
            .with_ctx(ctx.handle())
            .unwrap();
        let push = PushBuilder::new()
            .connect(pull.last_endpoint().unwrap())
            .send_hwm(10)
            .with_ctx(ctx.handle())
            .unwrap();
        shared_by_threads(push, pull);
    }
}

#[test]
fn async_io_future_may_be_dropped_and_shutdown_ends_a_stream() {
    let _watchdog = watchdog();
    let ctx = Ctx::new();
    let pull = Async::new(
        PullBuilder::new().bind(Transport::Tcp.anywhere()).with_ctx(ctx.handle()).unwrap(),
    )
    .unwrap();
    let push = PushBuilder::new()
        .connect(pull.with(|pull| pull.last_endpoint()).unwrap())
        .with_ctx(ctx.handle())
        .unwrap();
    block_on(async {
        let late = future::select(Box::pin(pull.recv_msg()), Timer::after(PENDING)).await;
        assert!(matches!(late, future::Either::Right(_)));
        drop(late);
        push.send("one").unwrap();
        assert_eq!(pull.recv_msg().await.unwrap(), "one");

        let shutdown = async {
            Timer::after(PENDING).await;
            ctx.shutdown();
        };
        let (rest, ()) = future::join(pull.messages().collect::<Vec<_>>(), shutdown).await;
        assert_eq!(rest.len(), 1);
        assert_eq!(rest[0].as_ref().unwrap_err().kind(), ErrorKind::InvalidCtx);
    });
}

/// With both features the runtime decides; here each has a side.
#[cfg(feature = "tokio")]
#[test]
fn tokio_and_async_io_work_in_one_process() {
    let _watchdog = watchdog();
    let ctx = Ctx::new();
    let server =
        ServerBuilder::new().bind(Transport::Inproc.anywhere()).with_ctx(ctx.handle()).unwrap();
    let client = ClientBuilder::new()
        .connect(server.last_endpoint().unwrap())
        .with_ctx(ctx.handle())
        .unwrap();
    let tokio = thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let server = Async::new(server).unwrap();
            for _ in 0..1000 {
                let request = server.recv_msg().await.unwrap();
                let id = request.routing_id().unwrap();
                server.route(request, id).await.unwrap();
            }
        });
    });
    block_on(async {
        let client = Async::new(client).unwrap();
        for number in 0..1000 {
            client.send(number.to_string()).await.unwrap();
            assert_eq!(client.recv_msg().await.unwrap(), *number.to_string());
        }
    });
    tokio.join().unwrap();
}
