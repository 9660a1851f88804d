//! A client that asks again until there is a reply, and a server that crashes in the meantime.
//!
//! The client is a "lazy pirate": it numbers its requests, waits for a while, asks again, and gives
//! up after some attempts. The server crashes with the third request, comes back at the same
//! endpoint, and ends for good after the sixth. Look at the attempts: no request is lost while a
//! server comes back, and the last one fails in bounded time.
//!
//! The guide explains it in its chapter "Reliable request-reply".
//!
//! `cargo run --example lazy_pirate`

use std::{
    thread,
    time::{Duration, Instant},
};

use libzmq::{addr::Endpoint, prelude::*};

const PATIENCE: Duration = Duration::from_millis(300);
const ATTEMPTS: usize = 4;

fn main() -> Result<(), anyhow::Error> {
    let (server, endpoint) = ServerBuilder::new().bind("tcp://127.0.0.1:*").build_bound()?;
    let at = endpoint.clone();
    let service = thread::spawn(move || live_twice(server, &at));

    // Requests that no server takes must not delay the end of the program.
    let client = ClientBuilder::new().linger(Duration::ZERO).connect(&endpoint).build()?;
    for number in 1..=6 {
        let reply = ask(&client, number)?;
        anyhow::ensure!(reply.is_some(), "request {number} has no reply");
    }
    service.join().unwrap_or_else(|_| Err(anyhow::anyhow!("the server panicked")))?;

    anyhow::ensure!(ask(&client, 7)?.is_none(), "no server is left to reply");
    Ok(())
}

/// Sends the request until its reply comes, or until no reply came to any attempt.
fn ask(client: &Client, number: u32) -> Result<Option<String>, anyhow::Error> {
    for attempt in 1..=ATTEMPTS {
        client.send_msg_timeout(number.to_string(), PATIENCE)?;
        let end = Instant::now() + PATIENCE;
        let left = || end.saturating_duration_since(Instant::now());
        while let Some(reply) = client.recv_msg_timeout(left())? {
            let Some((request, answer)) = reply.to_str()?.split_once(' ') else { continue };
            // A late reply to an earlier attempt has another number.
            if request == number.to_string() {
                println!("client: reply to request {number} in attempt {attempt}: {answer}");
                return Ok(Some(answer.to_owned()));
            }
        }
        println!("client: no reply to request {number} in attempt {attempt}");
    }
    println!("client: gives up request {number}");
    Ok(None)
}

/// Replies to two requests, crashes, comes back, and ends after the sixth request.
fn live_twice(server: Server, endpoint: &Endpoint) -> Result<(), anyhow::Error> {
    for _ in 0..2 {
        reply(&server, &server.recv_msg()?)?;
    }
    let lost = server.recv_msg()?;
    println!("server: crashes with request {lost}");
    server.set(opt::Linger, Duration::ZERO)?;
    drop(server);

    thread::sleep(PATIENCE);
    let server = ServerBuilder::new().bind(endpoint).build()?;
    println!("server: is back");
    loop {
        let request = server.recv_msg()?;
        reply(&server, &request)?;
        if request == "6" {
            return Ok(());
        }
    }
}

fn reply(server: &Server, request: &Msg) -> Result<(), anyhow::Error> {
    let number: u32 = request.to_str()?.parse()?;
    match request.routing_id() {
        Some(id) => Ok(server.route(format!("{number} {}", number * number), id)?),
        None => Ok(()),
    }
}
