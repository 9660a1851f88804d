//! A pool of worker threads behind a service, for CPU-bound requests. The worker threads need no
//! runtime. The clients are tasks that share one requester.
//!
//! ```text
//! cargo run --release --features service --example service_workers [requests]
//! ```

use std::{env, thread, time::Duration};

use libzmq::service::*;
use tokio::task::JoinSet;

const WORKERS: usize = 4;

#[tokio::main]
async fn main() -> Result<(), anyhow::Error> {
    let requests: u64 = env::args().nth(1).map_or(Ok(200), |arg| arg.parse())?;
    // The service runs on its own thread. When too many requests are queued for the workers, it
    // stops reading, and the clients wait.
    let handle =
        Service::builder().bind("tcp://127.0.0.1:*").incoming_total(1000).build()?.spawn()?;
    let workers: Vec<_> = (0..WORKERS)
        .map(|_| {
            let handle = handle.blocking();
            thread::spawn(move || work(&handle))
        })
        .collect();

    let requester = Requester::builder()
        .connect(&handle.endpoints()[0])
        .timeout(Duration::from_secs(30))
        .delivery(Delivery::AtLeastOnce)
        .build()?;
    let mut tasks = JoinSet::new();
    for number in 0..requests {
        let requester = requester.clone();
        tasks.spawn(async move {
            let reply = requester.request(number.to_string()).await?;
            anyhow::ensure!(reply.to_str()?.parse::<u64>()? == collatz(number));
            Ok(())
        });
    }
    while let Some(done) = tasks.join_next().await {
        done??;
    }

    let report = handle.stop(Duration::from_secs(10)).await;
    anyhow::ensure!(report.is_complete(), "{report:?}");
    let mut done = 0;
    for worker in workers {
        done += worker.join().map_err(|_| anyhow::anyhow!("a worker has panicked"))?;
    }
    let stats = handle.stats();
    println!(
        "{done} requests by {WORKERS} workers; they waited {:?} in the mean, and the replies took \
         {:?} at most",
        stats.waiting.mean(),
        stats.replying.max()
    );
    Ok(())
}

/// Receives and answers requests until the service has ended. Returns the number of replies.
fn work(handle: &BlockingHandle) -> usize {
    let mut done = 0;
    for event in handle.events() {
        let Event::Message(request) = event else { continue };
        let number = request.body().to_str().ok().and_then(|text| text.parse().ok());
        let reply = number.map_or("?".into(), |number| collatz(number).to_string());
        // An error means that the client has left.
        if handle.reply(request.reply_to(), reply).is_ok() {
            done += 1;
        }
    }
    done
}

/// Returns the number of Collatz steps from a number to one.
fn collatz(mut number: u64) -> u64 {
    let mut steps = 0;
    while number > 1 {
        number = if number % 2 == 0 { number / 2 } else { 3 * number + 1 };
        steps += 1;
    }
    steps
}
