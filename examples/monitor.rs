//! Tells what happens to the connections of a server: who comes, who goes, and who does not get in.
//!
//! `cargo run --example monitor`

use std::{
    io::{Read, Write},
    net::TcpStream,
    thread,
};

use libzmq::{
    auth::{AuthClient, Mechanism, PlainClientCreds},
    monitor::*,
    prelude::*,
};

fn main() -> Result<(), anyhow::Error> {
    let ctx = Ctx::new();
    let auth = AuthClient::with_ctx(ctx.handle())?;
    auth.add_plain_registry(PlainClientCreds::new("Ada", "secret"))?;
    let server = ServerBuilder::new().mechanism(Mechanism::PlainServer).with_ctx(ctx.handle())?;

    // From here on nothing is missed. Nothing waits for the monitor either: who reads it may take
    // the time that it takes.
    let monitor = server.monitor(EventSet::ALL)?;
    let log = thread::spawn(move || report(monitor));
    server.bind("tcp://127.0.0.1:*")?;
    let endpoint = server.last_endpoint()?;

    // Somebody who is let in, says something and leaves.
    let ada = PlainClientCreds::new("Ada", "secret");
    let client = ClientBuilder::new().mechanism(ada).connect(&endpoint).with_ctx(ctx.handle())?;
    client.send("hello")?;
    println!("the server reads: {}", server.recv_msg()?.to_str()?);
    drop(client);

    // Somebody who guesses. Only the monitors of both sides tell that the password is wrong.
    let guess = PlainClientCreds::new("Ada", "guess");
    let client = ClientBuilder::new().mechanism(guess).with_ctx(ctx.handle())?;
    let mut of_client = client.monitor(EventSet::HANDSHAKE_FAILED_AUTH)?;
    client.connect(&endpoint)?;
    if let Some(refused) = of_client.next() {
        println!("the client is told: {refused}");
    }
    drop(client);

    // Somebody who took the server for another, until it hangs up.
    if let Some(address) = endpoint.to_string().strip_prefix("tcp://") {
        let mut stranger = TcpStream::connect(address)?;
        stranger.write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")?;
        let _ = stranger.read_to_end(&mut Vec::new());
    }

    // The end of the socket is the end of its monitor.
    server.unbind(&endpoint)?;
    drop(server);
    log.join().map_err(|_| anyhow::anyhow!("the log panicked"))?;
    Ok(())
}

/// Prints what happens until nothing can happen any more.
fn report(monitor: Monitor) {
    for event in monitor {
        if event.missed() != Some(0) {
            println!("... and more, too much to keep: {:?}", event.missed());
        }
        let peer = event.remote().map(|endpoint| endpoint.to_string()).unwrap_or_default();
        match event.kind() {
            EventKind::Accepted => println!("{peer} has come"),
            EventKind::HandshakeSucceeded => println!("{peer} is let in"),
            EventKind::HandshakeFailedAuth(status) => {
                println!("{peer} is refused with status {status}")
            }
            EventKind::Disconnected => println!("{peer} is gone"),
            _ => println!("{event}"),
        }
    }
    println!("the monitor has ended");
}
