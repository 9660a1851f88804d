//! Monitors whose events are awaited, in each kind of runtime.

use std::thread;

use futures::{FutureExt, StreamExt, poll, stream, stream::FusedStream};
use libzmq::{aio::AsyncMonitor, monitor::*, prelude::*};

use crate::common::watchdog;

const fn task_safe<T: Send + Sync + 'static>() {}

const _: () = task_safe::<AsyncMonitor>();

/// Has each of these run in each kind of runtime.
macro_rules! in_each_runtime {
    ($($(#[$attribute:meta])* async fn $name:ident() $body:block)*) => {
        $(
            $(#[$attribute])*
            async fn $name() $body
        )*

        #[cfg(feature = "tokio")]
        mod in_tokio {
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $name() {
                    let _watchdog = super::watchdog();
                    tokio::spawn(super::$name()).await.unwrap();
                }
            )*
        }

        #[cfg(feature = "async-io")]
        mod in_async_io {
            $(
                #[test]
                fn $name() {
                    let _watchdog = super::watchdog();
                    async_io::block_on(super::$name());
                }
            )*
        }
    };
}

fn monitored(ctx: &Ctx, events: EventSet) -> (Router, AsyncMonitor) {
    let router = Router::with_ctx(ctx.handle()).unwrap();
    let monitor = AsyncMonitor::new(router.monitor(events).unwrap()).unwrap();
    (router, monitor)
}

in_each_runtime! {
    async fn event_stream_yields_every_event_and_ends_with_the_socket() {
        let ctx = Ctx::new();
        let (router, mut events) = monitored(&ctx, EventSet::ALL);
        router.bind("tcp://127.0.0.1:*").unwrap();
        assert_eq!(events.next().await.unwrap().kind(), EventKind::Listening);
        let dealer = DealerBuilder::new()
            .connect(router.last_endpoint().unwrap())
            .with_ctx(ctx.handle())
            .unwrap();
        assert_eq!(events.next().await.unwrap().kind(), EventKind::Accepted);
        assert_eq!(events.next().await.unwrap().kind(), EventKind::HandshakeSucceeded);
        drop(dealer);
        assert_eq!(events.next().await.unwrap().kind(), EventKind::Disconnected);

        let waiting = thread::spawn(move || drop(router));
        assert_eq!(events.next().await.unwrap().kind(), EventKind::Closed);
        assert!(!events.is_terminated());
        assert_eq!(events.next().await, None);
        assert!(events.is_terminated());
        assert_eq!(events.next().await, None);
        waiting.join().unwrap();
    }

    async fn dropped_future_takes_no_event() {
        let ctx = Ctx::new();
        let (router, monitor) = monitored(&ctx, EventSet::LISTENING);
        for _ in 0..100 {
            assert_eq!(monitor.recv().now_or_never(), None);
            let mut receiving = Box::pin(monitor.recv());
            assert!(poll!(&mut receiving).is_pending());
            router.bind("tcp://127.0.0.1:*").unwrap();
            drop(receiving);
            assert_eq!(
                monitor.recv().await.unwrap().local().unwrap(),
                router.last_endpoint().unwrap()
            );
        }
        router.stop_monitor().unwrap();
        assert_eq!(monitor.recv().await.unwrap().kind(), EventKind::Stopped);
        assert!(matches!(monitor.recv().await.unwrap_err().kind(), ErrorKind::NotFound(_)));
    }

    async fn event_and_shutdown_wake_a_waiting_task() {
        for _ in 0..100 {
            let ctx = Ctx::new();
            let (router, mut events) = monitored(&ctx, EventSet::LISTENING);
            let mut receiving = Box::pin(events.recv());
            // Twice, because before it waits a task lets others have their turn.
            assert!(poll!(&mut receiving).is_pending());
            assert!(poll!(&mut receiving).is_pending());
            let other = thread::spawn(move || {
                router.bind("tcp://127.0.0.1:*").unwrap();
                router
            });
            assert_eq!(receiving.await.unwrap().kind(), EventKind::Listening);
            let _router = other.join().unwrap();

            let mut next = events.next();
            assert!(poll!(&mut next).is_pending());
            assert!(poll!(&mut next).is_pending());
            let other = thread::spawn(move || {
                ctx.shutdown();
                ctx
            });
            assert_eq!(next.await, None);
            assert_eq!(events.recv().await.unwrap_err().kind(), ErrorKind::InvalidCtx);
            drop(other.join().unwrap());
        }
    }

    async fn event_streams_of_many_sockets_merge_into_one() {
        const SOCKETS: usize = 10;

        let ctx = Ctx::new();
        let (routers, monitors): (Vec<_>, Vec<_>) =
            (0..SOCKETS).map(|_| monitored(&ctx, EventSet::LISTENING)).unzip();
        let events = stream::select_all(monitors);
        let binding = thread::spawn(move || {
            for router in routers {
                router.bind("tcp://127.0.0.1:*").unwrap();
                router.bind("tcp://127.0.0.1:*").unwrap();
            }
        });
        assert_eq!(
            events.map(|event| assert_eq!(event.kind(), EventKind::Listening)).count().await,
            2 * SOCKETS
        );
        binding.join().unwrap();
    }

    async fn what_was_lost_is_counted() {
        const TIMES: usize = 12_000;

        let ctx = Ctx::new();
        let taken = RouterBuilder::new().bind("tcp://127.0.0.1:*").with_ctx(ctx.handle()).unwrap();
        let (router, mut events) = monitored(&ctx, EventSet::BIND_FAILED);
        for _ in 0..TIMES {
            router.bind(taken.last_endpoint().unwrap()).unwrap_err();
        }
        drop(router);
        let read = events.by_ref().count().await;
        assert!(read < TIMES);
        assert_eq!(read as u64 + events.missed().unwrap(), TIMES as u64);
    }

    async fn a_monitor_goes_from_one_kind_of_call_to_the_other() {
        let ctx = Ctx::new();
        let router = Router::with_ctx(ctx.handle()).unwrap();
        let monitor = router.monitor(EventSet::LISTENING).unwrap();
        for _ in 0..3 {
            router.bind("tcp://127.0.0.1:*").unwrap();
        }
        assert_eq!(monitor.recv().unwrap().kind(), EventKind::Listening);
        let awaited = AsyncMonitor::new(monitor).unwrap();
        assert_eq!(awaited.recv().await.unwrap().kind(), EventKind::Listening);
        let monitor = awaited.into_inner();
        assert_eq!(monitor.recv().unwrap().kind(), EventKind::Listening);
        drop(router);
        assert_eq!(monitor.into_iter().next(), None);
    }
}
