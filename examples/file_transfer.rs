//! A file in chunks, with credit: the receiver asks for some chunks ahead, so that the line is
//! never idle, and neither side ever holds more than those in memory.
//!
//! The guide explains it in its chapter "Performance".
//!
//! `cargo run --example file_transfer [file]`

use std::{
    env,
    fs::File,
    io::{Read, Seek, SeekFrom, Write},
    thread,
    time::Duration,
};

use libzmq::prelude::*;

const CHUNK: usize = 64 * 1024;
const CREDIT: usize = 8;
const PATIENCE: Duration = Duration::from_secs(10);

fn main() -> Result<(), anyhow::Error> {
    // Without a name, this program itself.
    let source = env::args_os().nth(1).map_or_else(env::current_exe, |name| Ok(name.into()))?;
    let target = env::temp_dir().join(format!("libzmq-file-transfer-{}", std::process::id()));

    let (server, endpoint) = ServerBuilder::new().bind("tcp://127.0.0.1:*").build_bound()?;
    let stopper = server.stopper()?;
    let file = File::open(&source)?;
    let sender = thread::spawn(move || send(&server, file));

    let client = ClientBuilder::new().connect(endpoint).build()?;
    let size = receive(&client, File::create(&target)?)?;
    stopper.stop();
    sender.join().unwrap_or_else(|_| Err(anyhow::anyhow!("the sender panicked")))?;

    println!("{size} bytes of {} arrived", source.display());
    let same = std::fs::read(&source)? == std::fs::read(&target)?;
    std::fs::remove_file(&target)?;
    anyhow::ensure!(same, "the files differ");
    Ok(())
}

/// Sends the chunk that each request names, until it is stopped.
fn send(server: &Server, file: File) -> Result<(), anyhow::Error> {
    loop {
        let request = match server.recv_msg() {
            Ok(request) => request,
            Err(error) if error.is_shutdown() => return Ok(()),
            Err(error) => return Err(error.into()),
        };
        let Some(id) = request.routing_id() else { continue };
        let chunk: u64 = request.to_str()?.parse()?;
        (&file).seek(SeekFrom::Start(chunk * CHUNK as u64))?;
        let mut bytes = Vec::with_capacity(CHUNK);
        (&file).take(CHUNK as u64).read_to_end(&mut bytes)?;
        server.route(bytes, id)?;
    }
}

/// Receives chunks, and asks for one more with each. The first that is not full is the last.
fn receive(client: &Client, mut file: File) -> Result<usize, anyhow::Error> {
    let mut asked = 0;
    let mut ask = || {
        asked += 1;
        client.send((asked - 1).to_string())
    };
    for _ in 0..CREDIT {
        ask()?;
    }
    let mut size = 0;
    loop {
        let chunk = client.recv_msg_timeout(PATIENCE)?;
        let chunk = chunk.ok_or_else(|| anyhow::anyhow!("the sender is silent"))?;
        file.write_all(&chunk)?;
        size += chunk.len();
        if chunk.len() < CHUNK {
            return Ok(size);
        }
        ask()?;
    }
}
