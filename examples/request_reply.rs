//! Requests and replies: one `Client` and one `Server`, each shared by four threads.
//!
//! The guide explains it in its chapter "Getting started".
//!
//! `cargo run --example request_reply`

use std::{thread, time::Duration};

use anyhow::anyhow;
use libzmq::prelude::*;

const THREADS: u64 = 4;
const REQUESTS: u64 = 5;

fn main() -> Result<(), anyhow::Error> {
    let ctx = Ctx::new();

    // At a port that the system chooses.
    let server = ServerBuilder::new().bind("tcp://127.0.0.1:*").with_ctx(ctx.handle())?;
    let endpoint = server.last_endpoint()?;
    println!("the server is bound to {endpoint}");

    let client = ClientBuilder::new()
        .connect(endpoint)
        .recv_timeout(Duration::from_secs(10))
        .with_ctx(ctx.handle())?;

    let asked = thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| answer(&server));
        }
        let askers: Vec<_> = (0..THREADS)
            .map(|asker| {
                let client = &client;
                scope.spawn(move || ask(client, asker))
            })
            .collect();
        let asked = askers
            .into_iter()
            .try_for_each(|asker| asker.join().map_err(|_| anyhow!("a thread panicked"))?);

        // Ends the calls that the threads of the server are blocked in.
        ctx.shutdown();
        asked
    });
    asked?;
    println!("{} requests were answered", THREADS * REQUESTS);

    // Blocks until the queued messages are sent.
    drop((server, client));
    ctx.terminate()?;
    Ok(())
}

/// Sends some numbers, then receives as many replies. A reply goes to any of the threads that share
/// the client, so each reply repeats its request.
fn ask(client: &Client, asker: u64) -> Result<(), anyhow::Error> {
    for number in asker * REQUESTS..(asker + 1) * REQUESTS {
        client.send(number.to_string())?;
    }
    for _ in 0..REQUESTS {
        println!("thread {asker} receives: {}", client.recv_msg()?.to_str()?);
    }
    Ok(())
}

/// Answers until the context is shut down.
fn answer(server: &Server) -> Result<(), anyhow::Error> {
    loop {
        let request = server.recv_msg()?;
        let Some(id) = request.routing_id() else { continue };
        let reply = match request.to_str()?.parse::<u64>() {
            Ok(number) => format!("the square of {number} is {}", number * number),
            Err(error) => format!("{request:?} cannot be squared: {error}"),
        };
        server.route(reply, id)?;
    }
}
