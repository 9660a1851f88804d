//! `Async` sockets talk to many of `zmq.asyncio` at once.

use std::{collections::HashMap, sync::Arc, time::Instant};

use libzmq::prelude::*;
use tokio::{sync::mpsc, task::JoinSet};

use super::{
    BOTH, LIMIT,
    content::{COUNT, message},
    folder, start,
};
use crate::common::{context, watchdog};

/// As many sockets ask at once. `peer.py` says the same.
const SOCKETS: usize = 8;
/// So little that tasks have to wait.
const HWM: i32 = 10;

/// A task receives what all of them ask, and for each of them another replies.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pyzmq_dealers_ask_an_async_router() {
    let Some(folder) = folder() else { return };
    for transport in BOTH {
        let _watchdog = watchdog();
        let ctx = context();
        let router = RouterBuilder::new()
            .bind(transport.anywhere())
            .mandatory(true)
            .recv_hwm(HWM)
            .send_hwm(HWM)
            .with_ctx(ctx.handle())
            .unwrap();
        let endpoint = router.last_endpoint().unwrap().to_string();
        let router = Arc::new(Async::new(router).unwrap());

        let mut tasks = JoinSet::new();
        tasks.spawn({
            let router = router.clone();
            async move {
                let mut repliers = HashMap::new();
                let mut replies = JoinSet::new();
                for _ in 0..SOCKETS * COUNT {
                    let (who, parts) = router.recv_from().await.unwrap();
                    let replier = repliers.entry(who.clone()).or_insert_with(|| {
                        let (replier, mut requests) = mpsc::unbounded_channel::<Multipart>();
                        let router = router.clone();
                        replies.spawn(async move {
                            while let Some(parts) = requests.recv().await {
                                router.route(parts, &who).await.unwrap();
                            }
                        });
                        replier
                    });
                    replier.send(parts).unwrap();
                }
                assert_eq!(repliers.len(), SOCKETS);
                drop(repliers);
                while let Some(reply) = replies.join_next().await {
                    reply.unwrap();
                }
            }
        });
        let deadline = Instant::now() + LIMIT;
        let (theirs, _) = start(folder, "DEALER", "connect", &endpoint, "ask_together", deadline);
        let done = tokio::task::spawn_blocking(move || theirs.line(deadline));
        assert_eq!(done.await.unwrap().as_deref(), Some("done"));
        while let Some(task) = tasks.join_next().await {
            task.unwrap();
        }
    }
}

/// Dealers of ours ask one router of theirs, each ahead of its replies.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pyzmq_router_answers_async_dealers() {
    let Some(folder) = folder() else { return };
    for transport in BOTH {
        let _watchdog = watchdog();
        let ctx = context();
        let (_theirs, endpoint) = start(
            folder,
            "ROUTER",
            "bind",
            &transport.anywhere(),
            "echo_async",
            Instant::now() + LIMIT,
        );
        let mut tasks = JoinSet::new();
        for place in 0..SOCKETS {
            let dealer = DealerBuilder::new()
                .connect(endpoint.as_str())
                .recv_hwm(HWM)
                .send_hwm(HWM)
                .with_ctx(ctx.handle())
                .unwrap();
            let dealer = Arc::new(Async::new(dealer).unwrap());
            let own = move |number| {
                let mut parts = Multipart::from(place.to_string());
                parts.extend(message(number));
                parts
            };
            tasks.spawn({
                let dealer = dealer.clone();
                async move {
                    for number in 0..COUNT {
                        dealer.send_multipart(own(number)).await.unwrap();
                    }
                }
            });
            tasks.spawn(async move {
                for number in 0..COUNT {
                    assert_eq!(dealer.recv_multipart().await.unwrap(), *own(number));
                }
            });
        }
        while let Some(task) = tasks.join_next().await {
            task.unwrap();
        }
    }
}
