//! A server that works on thousands of requests at once, each in a task of its own, and the clients
//! that send them. All share two sockets and the two threads of a tokio runtime.
//!
//! The guide explains it in its chapter "Waiting".
//!
//! ```text
//! cargo run --release --features tokio --example async_server [requests]
//! ```

use std::{
    collections::HashMap,
    env,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use libzmq::prelude::*;
use tokio::{
    sync::oneshot,
    task::JoinSet,
    time::{sleep, timeout},
};

/// How long a request takes, such as a query of a database.
const WORK: Duration = Duration::from_millis(200);

#[tokio::main(worker_threads = 2)]
async fn main() -> Result<(), anyhow::Error> {
    let requests = env::args().nth(1).map_or(Ok(5000), |arg| arg.parse())?;
    let ctx = Ctx::new();
    let server = ServerBuilder::new()
        .bind("tcp://127.0.0.1:*")
        .recv_hwm(0)
        .send_hwm(0)
        .with_ctx(ctx.handle())?;
    let client = ClientBuilder::new()
        .connect(server.last_endpoint()?)
        .recv_hwm(0)
        .send_hwm(0)
        .with_ctx(ctx.handle())?;

    let most = Arc::new(AtomicUsize::new(0));
    let serving = tokio::spawn(serve(Async::new(server)?, most.clone()));
    let asker = Asker::new(Async::new(client)?);

    let start = Instant::now();
    let mut tasks = JoinSet::new();
    for number in 0..requests {
        let asker = asker.clone();
        tasks.spawn(async move {
            let answer = timeout(Duration::from_secs(30), asker.ask(number)).await??;
            anyhow::ensure!(answer == number * number, "{number} squared is not {answer}");
            Ok(())
        });
    }
    while let Some(done) = tasks.join_next().await {
        done??;
    }
    let most = most.load(Ordering::Relaxed);
    println!(
        "{requests} requests of {WORK:?} each took {:?}; {most} of them were in hand at once",
        start.elapsed()
    );

    // Pending futures complete with an error.
    ctx.shutdown();
    serving.await?;
    Ok(())
}

/// Answers each request in a task of its own, until the context is shut down.
async fn serve(server: Async<Server>, most: Arc<AtomicUsize>) {
    let in_hand = Arc::new(AtomicUsize::new(0));
    while let Ok(request) = server.recv_msg().await {
        most.fetch_max(in_hand.fetch_add(1, Ordering::Relaxed) + 1, Ordering::Relaxed);
        let (server, in_hand) = (server.clone(), in_hand.clone());
        tokio::spawn(async move {
            sleep(WORK).await;
            if let (Some(id), Some((tag, number))) = (request.routing_id(), numbers(&request)) {
                // A client that has gone needs no answer.
                let _ = server.route(format!("{tag} {}", number * number), id).await;
            }
            in_hand.fetch_sub(1, Ordering::Relaxed);
        });
    }
}

/// Sends the requests of many tasks on one client. Answers come in any order, so each request has a
/// number that its answer repeats.
#[derive(Clone)]
struct Asker {
    client: Async<Client>,
    waiting: Arc<Mutex<HashMap<u64, oneshot::Sender<u64>>>>,
}

impl Asker {
    fn new(client: Async<Client>) -> Self {
        let asker = Self { client, waiting: Arc::default() };
        let answers = asker.clone();
        tokio::spawn(async move {
            while let Ok(answer) = answers.client.recv_msg().await {
                let Some((tag, number)) = numbers(&answer) else { continue };
                let waiting =
                    answers.waiting.lock().unwrap_or_else(PoisonError::into_inner).remove(&tag);
                if let Some(waiting) = waiting {
                    // The task may have ended.
                    let _ = waiting.send(number);
                }
            }
        });
        asker
    }

    async fn ask(&self, number: u64) -> Result<u64, anyhow::Error> {
        let (answer, answered) = oneshot::channel();
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).insert(number, answer);
        self.client.send(format!("{number} {number}")).await?;
        Ok(answered.await?)
    }
}

/// Reads a message such as `7 49`.
fn numbers(msg: &Msg) -> Option<(u64, u64)> {
    let (tag, number) = msg.to_str().ok()?.split_once(' ')?;
    Some((tag.parse().ok()?, number.parse().ok()?))
}
