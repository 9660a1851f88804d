//! Many tasks on one `Async<Server>` answer clients in Node.

use std::{collections::HashSet, iter, sync::Arc, time::Instant};

use libzmq::prelude::*;

use super::{
    LIMIT,
    content::{Content, reply},
    over_ipc, program,
};

const CLIENTS: u32 = 2;
/// How many requests each client asks.
const REQUESTS: u32 = 2_000;
const TASKS: usize = 8;

/// Clients in Node ask our server at once, each something else, so that the answer to one is wrong
/// for another. `answering` starts tasks that answer in some runtime, and waits for them once the
/// clients have ended.
fn clients(endpoint: &str, answering: fn(Server) -> Box<dyn FnOnce()>) {
    let Some(folder) = program::folder() else { return };
    let deadline = Instant::now() + LIMIT;
    let ctx = Ctx::new();
    let server = ServerBuilder::new().bind(endpoint).with_ctx(ctx.handle()).unwrap();
    let bound = server.last_endpoint().unwrap().to_string();
    let answered = answering(server);

    let ranges = (0..CLIENTS).map(|client| client * REQUESTS..(client + 1) * REQUESTS);
    let started: Vec<_> = ranges
        .map(|range| {
            let [first, end] = [range.start, range.end].map(|number| number.to_string());
            (range, program::start(folder, &["client.js", &bound, &first, &end, "unordered"]))
        })
        .collect();
    for (range, client) in started {
        let answered: HashSet<u32> =
            iter::from_fn(|| client.line(deadline)).map(|line| line.parse().unwrap()).collect();
        assert!(answered == range.collect(), "{} requests were answered", answered.len());
    }
    ctx.shutdown();
    answered();
}

/// Answers until the context is shut down.
async fn answer(server: Async<Server>, content: Arc<Content>) {
    loop {
        let request = match server.recv_msg().await {
            Ok(request) => request,
            Err(error) => break assert_eq!(error.kind(), ErrorKind::InvalidCtx),
        };
        content.check(&request);
        server.route(reply(&request), request.routing_id().unwrap()).await.unwrap();
    }
}

#[cfg(feature = "tokio")]
fn in_tokio(server: Server) -> Box<dyn FnOnce()> {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let tasks: Vec<_> = {
        let _entered = runtime.enter();
        let server = Async::new(server).unwrap();
        let content = Arc::new(Content::new());
        (0..TASKS).map(|_| tokio::spawn(answer(server.clone(), content.clone()))).collect()
    };
    Box::new(move || tasks.into_iter().for_each(|task| runtime.block_on(task).unwrap()))
}

#[cfg(feature = "async-io")]
fn in_async_io(server: Server) -> Box<dyn FnOnce()> {
    let server = Async::new(server).unwrap();
    let content = Arc::new(Content::new());
    let threads: Vec<_> = (0..TASKS)
        .map(|_| {
            let task = answer(server.clone(), content.clone());
            std::thread::spawn(|| async_io::block_on(task))
        })
        .collect();
    Box::new(|| threads.into_iter().for_each(|thread| thread.join().unwrap()))
}

#[cfg(feature = "tokio")]
#[test]
fn node_clients_ask_tasks_in_tokio() {
    clients("tcp://127.0.0.1:*", in_tokio);
    over_ipc("tokio", |endpoint| clients(endpoint, in_tokio));
}

#[cfg(feature = "async-io")]
#[test]
fn node_clients_ask_tasks_on_async_io() {
    clients("tcp://127.0.0.1:*", in_async_io);
    over_ipc("async-io", |endpoint| clients(endpoint, in_async_io));
}
