//! A program written for the crate `zmq`, and what each of its calls is here.
//!
//! The guide explains it in its chapter "Coming from".
//!
//! `cargo run --example from_zmq`

use std::{thread, time::Duration};

use libzmq::{poll::*, prelude::*};

fn main() -> Result<(), anyhow::Error> {
    // let context = zmq::Context::new();  context.clone() for another thread
    let ctx = Ctx::new();
    let handle = ctx.handle();

    // let responder = context.socket(zmq::REP)?;  responder.bind(..)?;  get_last_endpoint()?
    let (responder, endpoint) =
        RepBuilder::new().bind("tcp://127.0.0.1:*").with_ctx_bound(handle)?;

    let requester = thread::spawn(move || -> Result<(), anyhow::Error> {
        // requester.set_identity(b"me")?;  requester.set_rcvtimeo(1000)?;
        let requester = ReqBuilder::new()
            .routing_identity("me")
            .recv_timeout(Duration::from_secs(10))
            .connect(endpoint)
            .with_ctx(handle)?;

        // requester.send("hello", 0)?;  requester.recv_string(0)??
        requester.send("hello")?;
        println!("{}", requester.recv_string()?);

        // requester.send_multipart(&["a", "b"], 0)?;  recv_into(&mut buffer, 0)?
        requester.send_multipart(["a", "b"])?;
        let mut buffer = [0; 16];
        let size = requester.recv_into(&mut buffer)?;
        println!("{}", String::from_utf8_lossy(&buffer[..size]));
        Ok(())
    });

    // responder.poll(zmq::POLLIN, 10_000)?;  responder.recv_bytes(0)?
    assert_eq!(responder.poll(READABLE, Duration::from_secs(10))?, READABLE);
    let bytes = responder.recv_bytes()?;
    responder.send(format!("{} back", String::from_utf8_lossy(&bytes)))?;

    // responder.recv_multipart(0)?;  a loop over get_rcvmore()
    let parts = responder.recv_multipart()?;
    responder.send(format!("{} parts", parts.len()))?;

    // responder.recv_msg(zmq::DONTWAIT), which is EAGAIN
    assert!(responder.try_recv_msg().is_err_and(|error| error.is_would_block()));
    requester.join().unwrap_or_else(|_| Err(anyhow::anyhow!("the requester panicked")))
}
