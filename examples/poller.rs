//! One thread that waits for a thread-safe and a single-threaded socket, a file descriptor, and a
//! wake from another thread.
//!
//! The guide explains it in its chapter "Waiting".
//!
//! `cargo run --example poller`

use std::{
    net::{TcpListener, TcpStream},
    thread,
    time::Duration,
};

use libzmq::{poll::*, prelude::*};

/// The ids that the poller returns with its events.
#[derive(Clone, Copy, Debug)]
enum Source {
    Requests,
    Work,
    Listener,
}

fn main() -> Result<(), anyhow::Error> {
    let ctx = Ctx::new();
    let requests = ServerBuilder::new().bind("tcp://127.0.0.1:*").with_ctx(ctx.handle())?;
    let work = PullBuilder::new().bind("inproc://work").with_ctx(ctx.handle())?;
    let listener = TcpListener::bind("127.0.0.1:0")?;

    let mut poller = Poller::default();
    poller.add(&requests, Source::Requests, READABLE)?;
    poller.add(&work, Source::Work, READABLE)?;
    poller.add(&listener, Source::Listener, READABLE)?;

    // The peers of all three, on a thread of their own, which wakes the poller at its end.
    let waker = poller.waker()?;
    let client = ClientBuilder::new()
        .connect(requests.last_endpoint()?)
        .recv_timeout(Duration::from_secs(10))
        .with_ctx(ctx.handle())?;
    let push = PushBuilder::new().connect("inproc://work").with_ctx(ctx.handle())?;
    let addr = listener.local_addr()?;
    let others = thread::spawn(move || -> Result<(), anyhow::Error> {
        client.send("what is the time?")?;
        println!("the client reads: {}", client.recv_msg()?.to_str()?);
        push.send("something to do")?;
        TcpStream::connect(addr)?;
        waker.wake();
        Ok(())
    });

    let mut events = Events::default();
    let (mut left, mut woken) = (3, false);
    while left > 0 || !woken {
        match poller.poll(&mut events, Duration::from_secs(10)) {
            Ok(()) => (),
            Err(error) if error.kind() == ErrorKind::WouldBlock => {
                anyhow::bail!("no event in 10 seconds")
            }
            Err(error) => return Err(error.into()),
        }
        woken |= events.is_woken();
        for event in &events {
            left -= 1;
            match event.id() {
                Source::Requests => {
                    let request = requests.recv_msg()?;
                    println!("a request: {}", request.to_str()?);
                    if let Some(id) = request.routing_id() {
                        requests.route("time to poll", id)?;
                    }
                }
                Source::Work => println!("work: {}", work.recv_msg()?.to_str()?),
                Source::Listener => println!("a connection from {}", listener.accept()?.1),
            }
        }
    }
    others.join().unwrap_or_else(|_| Err(anyhow::anyhow!("the other side panicked")))
}
