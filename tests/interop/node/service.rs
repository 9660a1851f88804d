//! A service serves clients in Node, one of which dies, beside clients of our own.

use std::{collections::HashSet, iter, sync::Arc, time::Instant};

use libzmq::{prelude::*, service::Service};

use super::{
    LIMIT,
    content::{Content, reply},
    program,
};
use crate::common::retry;

const REQUESTS: u32 = 2_000;

#[test]
fn service_serves_node_clients_one_of_which_dies() {
    let Some(folder) = program::folder() else { return };
    let deadline = Instant::now() + LIMIT;
    let ctx = Ctx::new();
    let service = Service::builder().bind("tcp://127.0.0.1:*").ctx(&ctx).build().unwrap();
    let content = Arc::new(Content::new());
    let handle = service
        .spawn_serving(move |request| {
            let content = content.clone();
            async move {
                tokio::task::yield_now().await;
                content.check(request.body());
                reply(request.body())
            }
        })
        .unwrap();
    let endpoint = handle.endpoints()[0].to_string();
    let start = |first: u32| {
        let [first, end] = [first, first + REQUESTS].map(|number| number.to_string());
        program::start(folder, &["client.js", &endpoint, &first, &end, "unordered"])
    };
    let mut dies = start(0);
    let lives = start(REQUESTS);
    for _ in 0..REQUESTS / 4 {
        dies.line(deadline).expect("a reply");
    }
    dies.kill();

    let ours = ClientBuilder::new().connect(&*endpoint).with_ctx(ctx.handle()).unwrap();
    let content = Content::new();
    for number in 0..100 {
        ours.send(content.request(number)).unwrap();
        assert_eq!(ours.recv_msg().unwrap().as_bytes(), reply(&content.request(number)));
    }

    let answered: HashSet<u32> =
        iter::from_fn(|| lives.line(deadline)).map(|line| line.parse().unwrap()).collect();
    assert!(answered == (REQUESTS..2 * REQUESTS).collect(), "{} were answered", answered.len());
    drop(ours);
    retry(|| (handle.stats().clients == 0).then_some(()));
    let stats = handle.stats();
    assert_eq!((stats.joined, stats.left), (3, 3));
    assert_eq!(stats.received, stats.delivered);
    assert_eq!(stats.accepted, stats.sent + stats.lost);
    ctx.shutdown();
}
