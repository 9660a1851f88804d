//! A pipeline: a ventilator distributes tasks to workers, and a sink collects the results.
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
            // Single-threaded sockets: they move to the thread of the worker.
            Ok(thread::spawn(move || work(worker, &tasks, &results)))
        })
        .collect::<Result<_, libzmq::Error>>()?;

    // A `Push` sends to the connected workers in turn. Without this wait, the first worker to
    // connect could get all tasks.
    connections
        .by_ref()
        .take(WORKERS)
        .for_each(|connection| println!("a worker has connected: {connection}"));
    for number in 1..=TASKS {
        ventilator.send(number.to_string())?;
    }

    let mut sum = 0;
    for _ in 0..TASKS {
        let result = sink.recv_multipart()?;
        println!("worker {}: {}", result[0].to_str()?, result[1].to_str()?);
        sum += result[1].to_str()?.parse::<u64>()?;
    }
    println!("the sum is {sum}");

    // Ends the calls that the workers are blocked in.
    ctx.shutdown();
    for worker in workers {
        worker.join().unwrap_or_else(|_| Err(anyhow::anyhow!("a worker panicked")))?;
    }
    Ok(())
}

/// Squares numbers until the context is shut down. A result has two frames: the number of the
/// worker and the square.
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
