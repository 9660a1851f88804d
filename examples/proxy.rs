//! A proxy between clients and workers: both connect to it, and come and go at any time. Each
//! request goes to the next free worker.
//!
//! The guide explains it in its chapter "Reliable publish-subscribe".
//!
//! `cargo run --example proxy`

use std::thread;

use anyhow::anyhow;
use libzmq::prelude::*;

const WORKERS: usize = 3;
const QUESTIONS: u64 = 5;

fn main() -> Result<(), anyhow::Error> {
    let ctx = Ctx::new();
    let frontend = RouterBuilder::new().bind("tcp://127.0.0.1:*").with_ctx(ctx.handle())?;
    let backend = DealerBuilder::new().bind("tcp://127.0.0.1:*").with_ctx(ctx.handle())?;
    let (to_ask, to_work) = (frontend.last_endpoint()?, backend.last_endpoint()?);
    let handle = Proxy::new(frontend, backend).spawn()?;

    let mut workers = Vec::new();
    for worker in 0..WORKERS {
        let rep = RepBuilder::new().connect(&to_work).with_ctx(ctx.handle())?;
        workers.push(thread::spawn(move || work(&rep, worker)));
    }

    let mut askers = Vec::new();
    for asker in 0..2 {
        let req = ReqBuilder::new().connect(&to_ask).with_ctx(ctx.handle())?;
        askers.push(thread::spawn(move || ask(&req, asker)));
    }
    for asker in askers {
        asker.join().map_err(|_| anyhow!("an asker panicked"))??;
    }
    println!("{} messages came from clients", handle.statistics().frontend_received.messages);

    // Returns the two sockets.
    drop(handle.stop()?);
    // Ends the calls that the workers are blocked in.
    ctx.shutdown();
    workers
        .into_iter()
        .try_for_each(|worker| worker.join().map_err(|_| anyhow!("a worker panicked")))
}

fn ask(req: &Req, asker: u64) -> Result<(), anyhow::Error> {
    for number in 0..QUESTIONS {
        req.send((asker * QUESTIONS + number).to_string())?;
        println!("asker {asker} reads: {}", req.recv_msg()?.to_str()?);
    }
    Ok(())
}

/// Works until the context is shut down.
fn work(rep: &Rep, worker: usize) {
    while let Ok(request) = rep.recv_msg() {
        let answer = match request.to_str().map(str::parse::<u64>) {
            Ok(Ok(number)) => {
                format!("{number} squared is {}, says worker {worker}", number * number)
            }
            _ => "that is no number".into(),
        };
        if rep.send(answer).is_err() {
            return;
        }
    }
}
