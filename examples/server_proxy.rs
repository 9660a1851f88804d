//! A proxy between clients and a server: the clients know the address of the proxy only.
//!
//! The guide explains it in its chapter "Reliable request-reply".
//!
//! `cargo run --example server_proxy`

use std::thread;

use anyhow::anyhow;
use libzmq::prelude::*;

fn main() -> Result<(), anyhow::Error> {
    let ctx = Ctx::new();

    // Clients cannot reach this endpoint: it exists within this process only.
    let server = ServerBuilder::new().bind("inproc://answers").with_ctx(ctx.handle())?;
    let proxy = ServerProxy::with_ctx(
        ServerBuilder::new().bind("tcp://127.0.0.1:*"),
        ClientBuilder::new().connect("inproc://answers"),
        ctx.handle(),
    )?;
    let endpoint = proxy.frontend().last_endpoint()?;
    println!("the proxy is bound to {endpoint}");
    let handle = proxy.spawn()?;
    let answering = thread::spawn(move || answer(&server));

    let askers: Vec<_> = ["Ada", "Bob", "Cyd"]
        .into_iter()
        .map(|name| {
            let client = ClientBuilder::new().connect(&endpoint).with_ctx(ctx.handle());
            thread::spawn(move || ask(&client?, name))
        })
        .collect();
    askers
        .into_iter()
        .try_for_each(|asker| asker.join().map_err(|_| anyhow!("an asker panicked"))?)?;

    let statistics = handle.statistics();
    println!(
        "{} requests and {} replies have passed",
        statistics.backend_sent.messages, statistics.frontend_sent.messages
    );

    // Gives back the proxy, which closes its sockets when it is dropped.
    drop(handle.stop()?);
    ctx.shutdown();
    answering.join().map_err(|_| anyhow!("the server panicked"))?;
    Ok(())
}

/// Sends one request, and receives two replies.
fn ask(client: &Client, name: &str) -> Result<(), anyhow::Error> {
    client.send(name)?;
    for _ in 0..2 {
        println!("{name} reads: {}", client.recv_msg()?.to_str()?);
    }
    Ok(())
}

/// Sends two replies to each request. The proxy needs no code here.
fn answer(server: &Server) {
    while let Ok(request) = server.recv_msg() {
        let (Some(id), Ok(name)) = (request.routing_id(), request.to_str()) else { continue };
        for reply in [format!("one moment, {name}"), format!("here you are, {name}")] {
            // An asker may be gone by now.
            let _ = server.route(reply, id);
        }
    }
}
