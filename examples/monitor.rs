//! Observes the connections of a server and of its clients. One client gets in, others are refused.
//!
//! The program reads the events of the server from a `Monitor` and prints them. The events of the
//! clients go to the crate `tracing`: look at the warnings, which name the error and what to do
//! about it. No call of a refused client fails: only these events report the refusal.
//!
//! The guide explains it in its chapters "Observing" and "Troubleshooting".
//!
//! `cargo run --features tracing --example monitor`

use std::{
    io::{Read, Write},
    net::TcpStream,
    sync::mpsc::{Sender, channel},
    thread,
};

use libzmq::{
    addr::Endpoint,
    auth::{AuthClient, Mechanism, PlainClientCreds},
    monitor::*,
    prelude::*,
};

fn main() -> Result<(), anyhow::Error> {
    tracing_subscriber::fmt().without_time().with_max_level(tracing::Level::INFO).init();

    AuthClient::new()?.add_plain_registry(PlainClientCreds::new("Ada", "secret"))?;
    let server = ServerBuilder::new().mechanism(Mechanism::PlainServer).build()?;

    // The monitor has every event from here on. No call waits for the thread that reads it.
    let monitor = server.monitor(EventSet::ALL)?;
    let (refusals, refused) = channel();
    let log = thread::spawn(move || report(monitor, &refusals));
    server.bind("tcp://127.0.0.1:*")?;
    let endpoint = server.last_endpoint()?;

    let client = connect(PlainClientCreds::new("Ada", "secret"), &endpoint)?;
    client.send("hello")?;
    println!("server: received {}", server.recv_msg()?.to_str()?);
    drop(client);

    let client = connect(PlainClientCreds::new("Ada", "a wrong password"), &endpoint)?;
    refused.recv()?;
    drop(client);

    let client = connect(Mechanism::Null, &endpoint)?;
    refused.recv()?;
    drop(client);

    // An HTTP client, until the server closes the connection.
    if let Some(address) = endpoint.to_string().strip_prefix("tcp://") {
        let mut stranger = TcpStream::connect(address)?;
        stranger.write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")?;
        let _ = stranger.read_to_end(&mut Vec::new());
    }

    // The monitor ends with its socket.
    drop(server);
    log.join().map_err(|_| anyhow::anyhow!("the log panicked"))?;
    Ok(())
}

/// Makes a client whose connection events go to `tracing`.
fn connect(mechanism: impl Into<Mechanism>, endpoint: &Endpoint) -> Result<Client, anyhow::Error> {
    let client = ClientBuilder::new().mechanism(mechanism).build()?;
    // Before it connects, so that no event is missed.
    client.trace_connections()?;
    client.connect(endpoint)?;
    Ok(client)
}

/// Prints the events until the socket is closed.
fn report(monitor: Monitor, refusals: &Sender<()>) {
    for event in monitor {
        if event.missed() != Some(0) {
            println!("server: {:?} events were lost before this one", event.missed());
        }
        println!("server: {event}");
        match event.kind() {
            EventKind::HandshakeFailedProtocol(_) | EventKind::HandshakeFailedAuth(_) => {
                // The main thread does not receive the last one.
                let _ = refusals.send(());
            }
            _ => (),
        }
    }
    println!("server: closed");
}
