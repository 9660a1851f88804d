//! A pool of workers that share one `Server`, clients that do not wait for ever, and an end that
//! leaves no accepted request without its reply.
//!
//! The clients are "lazy pirates": each waits for its reply for a while, asks again, and gives up
//! after some attempts. The pool stops receiving, replies to the requests that it has accepted,
//! refuses the queued ones, and ends. A client whose request arrives after that gets no reply.
//!
//! The guide explains it in its chapter "Reliable request-reply".
//!
//! `cargo run --example worker_pool`

use std::{
    sync::mpsc::{Sender, channel},
    thread,
    time::{Duration, Instant},
};

use libzmq::{Error, prelude::*};

const WORKERS: usize = 4;
const CLIENTS: usize = 3;
const ATTEMPTS: usize = 2;
const PATIENCE: Duration = Duration::from_secs(2);
const CLOSED: &str = "closed";

fn main() -> Result<(), anyhow::Error> {
    let (server, endpoint) = ServerBuilder::new().bind("tcp://127.0.0.1:*").build_bound()?;
    let workers: Vec<_> = (0..WORKERS)
        .map(|_| {
            let server = server.clone();
            thread::spawn(move || work(&server))
        })
        .collect();

    let (answered, answers) = channel();
    let clients = (0..CLIENTS)
        .map(|_| {
            let client = ClientBuilder::new().connect(&endpoint).build()?;
            let answered = answered.clone();
            Ok(thread::spawn(move || ask_on(&client, &answered)))
        })
        .collect::<Result<Vec<_>, Error>>()?;

    // The pool closes in the middle of its work.
    answers.iter().take(100).for_each(drop);
    server.stop_receiving()?;

    let mut accepted = 0;
    for worker in workers {
        accepted += worker.join().unwrap_or_else(|_| Err(anyhow::anyhow!("a worker panicked")))?;
    }
    // The server must live until its replies are sent.
    let mut replies = 0;
    for client in clients {
        replies += client.join().unwrap_or_else(|_| Err(anyhow::anyhow!("a client panicked")))?;
    }
    println!("{accepted} requests were accepted, {replies} replies came");
    anyhow::ensure!(replies == accepted, "a request went without its reply");
    Ok(())
}

/// Replies until the pool closes. Returns how many requests were accepted.
fn work(server: &Server) -> Result<usize, anyhow::Error> {
    let mut accepted = 0;
    let end = loop {
        match server.recv_msg() {
            Ok(request) => {
                let number: u64 = request.to_str()?.parse()?;
                reply(server, &request, &(number * number).to_string())?;
                accepted += 1;
            }
            Err(error) => break error,
        }
    };
    anyhow::ensure!(end.is_shutdown(), end);
    // Refuses the requests that are still queued.
    while let Ok(request) = server.try_recv_msg() {
        reply(server, &request, CLOSED)?;
    }
    Ok(accepted)
}

/// Replies with the request and the answer to it.
fn reply(server: &Server, request: &Msg, answer: &str) -> Result<(), anyhow::Error> {
    match request.routing_id() {
        Some(id) => Ok(server.route(format!("{request} {answer}"), id)?),
        None => Ok(()),
    }
}

/// Asks one number after the other, until the pool is closed. Returns how many replies came.
fn ask_on(client: &Client, answered: &Sender<u64>) -> Result<usize, anyhow::Error> {
    let mut replies = 0;
    for number in 1.. {
        match ask(client, number, &mut replies)? {
            Some(answer) if answer != CLOSED => {
                let square: u64 = answer.parse()?;
                anyhow::ensure!(square == number * number, "{number} squared is not {square}");
                // The pool may be closing already.
                let _ = answered.send(square);
            }
            Some(_) => break,
            None => {
                println!("a client gives up after {ATTEMPTS} attempts: the pool has ended");
                break;
            }
        }
    }
    Ok(replies)
}

/// Asks, and asks again if there is no answer in time.
fn ask(client: &Client, number: u64, replies: &mut usize) -> Result<Option<String>, anyhow::Error> {
    for _ in 0..ATTEMPTS {
        client.send(number.to_string())?;
        let end = Instant::now() + PATIENCE;
        while let Some(reply) = client.recv_msg_timeout(end - Instant::now())? {
            let (request, answer) = reply.to_str()?.split_once(' ').unwrap_or_default();
            *replies += usize::from(answer != CLOSED);
            // Another one is a late reply to an earlier attempt.
            if request == number.to_string() {
                return Ok(Some(answer.to_owned()));
            }
        }
    }
    Ok(None)
}
