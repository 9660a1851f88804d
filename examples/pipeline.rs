//! Work for several workers and what came of it: a ventilator hands out tasks, workers do them, a
//! sink collects the results.
//!
//! The guide explains it in its chapter "Which socket?".
//!
//! `cargo run --example pipeline`

use std::{thread, time::Duration};

use libzmq::{monitor::EventSet, prelude::*};

const WORKERS: usize = 3;
const TASKS: u64 = 30;

fn main() -> Result<(), anyhow::Error> {
    let ctx = Ctx::new();
    let ventilator = PushBuilder::new().bind("tcp://127.0.0.1:*").with_ctx(ctx.handle())?;
    let mut connections = ventilator.monitor(EventSet::HANDSHAKE_SUCCEEDED)?;
    let sink = PullBuilder::new()
        .bind("tcp://127.0.0.1:*")
        .recv_timeout(Duration::from_secs(10))
        .with_ctx(ctx.handle())?;

    let workers: Vec<_> = (0..WORKERS)
        .map(|worker| {
            let tasks =
                PullBuilder::new().connect(ventilator.last_endpoint()?).with_ctx(ctx.handle())?;
            let results =
                PushBuilder::new().connect(sink.last_endpoint()?).with_ctx(ctx.handle())?;
            // A socket of this type belongs to one thread at a time: these go to the worker.
            Ok(thread::spawn(move || work(worker, &tasks, &results)))
        })
        .collect::<Result<_, libzmq::Error>>()?;

    // Tasks go round the workers that are there: had it not waited for all, the first might have
    // had all the work.
    connections
        .by_ref()
        .take(WORKERS)
        .for_each(|connection| println!("a worker has come: {connection}"));
    for number in 1..=TASKS {
        ventilator.send(number.to_string())?;
    }

    let mut sum = 0;
    for _ in 0..TASKS {
        let result = sink.recv_multipart()?;
        println!("worker {} made {} of it", result[0].to_str()?, result[1].to_str()?);
        sum += result[1].to_str()?.parse::<u64>()?;
    }
    println!("all together: {sum}");

    // Ends the workers, which wait for more.
    ctx.shutdown();
    for worker in workers {
        worker.join().unwrap_or_else(|_| Err(anyhow::anyhow!("a worker panicked")))?;
    }
    Ok(())
}

/// Squares numbers until the context is shut down. A result has two parts: whose it is, and the
/// number.
fn work(worker: usize, tasks: &Pull, results: &Push) -> Result<(), anyhow::Error> {
    loop {
        let task = match tasks.recv_msg() {
            Ok(task) => task,
            Err(error) if error.kind() == ErrorKind::InvalidCtx => return Ok(()),
            Err(error) => return Err(error.into()),
        };
        let number: u64 = task.to_str()?.parse()?;
        results.send_multipart([worker.to_string(), (number * number).to_string()])?;
    }
}
