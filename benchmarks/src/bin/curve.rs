//! Prints what CURVE costs: the processor time of a message and of a connection, both sides
//! together, over tcp, without and with CURVE. The feature `libsodium` measures libsodium instead
//! of `dryoc`:
//!
//!     cargo run --release -p benchmarks --features curve --bin curve
//!     cargo run --release -p benchmarks --features libsodium --bin curve
//!
//! Linux only.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a program that may stop")]

use std::thread;

use anyhow::Result;
use contestant::processor_time;
use libzmq::{auth::*, prelude::*};

const ROUNDS: usize = 5;
/// Long enough for a clock that counts hundredths of a second.
const MESSAGES: [(usize, usize); 3] = [(64, 400_000), (1024, 200_000), (32 * 1024, 10_000)];
const CONNECTIONS: usize = 500;

fn main() -> Result<()> {
    let cryptography = if cfg!(feature = "libsodium") { "libsodium" } else { "dryoc" };
    let server = CurveCert::try_new_unique()?;
    let client = CurveCert::try_new_unique()?;
    let _auth = AuthBuilder::new().no_curve_auth().build()?;
    let secured = [
        (Mechanism::Null, Mechanism::Null),
        (
            CurveServerCreds::new(server.secret()).into(),
            CurveClientCreds::new(server.public()).add_cert(client).into(),
        ),
    ];
    for (size, count) in MESSAGES {
        let [plain, curve] = secured.clone().map(|sides| {
            best(|| {
                let (pull, push) = pair(&sides)?;
                cost(count, || exchange(&pull, push, size, count))
            })
        });
        println!(
            "{size:>6} B: {:>6.2} us, with CURVE on {cryptography} {:>6.2} us",
            plain?, curve?
        );
    }
    let [plain, curve] = secured.map(|sides| {
        best(|| {
            cost(CONNECTIONS, || {
                for _ in 0..CONNECTIONS {
                    let (pull, push) = pair(&sides)?;
                    exchange(&pull, push, 1, 1)?;
                }
                Ok(())
            })
        })
    });
    println!("connection: {:>6.0} us, with CURVE on {cryptography} {:>6.0} us", plain?, curve?);
    Ok(())
}

fn pair((server, client): &(Mechanism, Mechanism)) -> Result<(Pull, Push)> {
    let (pull, endpoint) =
        PullBuilder::new().bind("tcp://127.0.0.1:*").mechanism(server).build_bound()?;
    let push = PushBuilder::new().connect(endpoint).mechanism(client).build()?;
    Ok((pull, push))
}

fn exchange(pull: &Pull, push: Push, size: usize, count: usize) -> Result<()> {
    let sending = thread::spawn(move || -> Result<()> {
        let body = vec![1; size];
        for _ in 0..count {
            push.send(&body[..])?;
        }
        Ok(())
    });
    for _ in 0..count {
        pull.recv_msg()?;
    }
    sending.join().unwrap()
}

/// The least of some rounds: other programs only add to it.
fn best(round: impl Fn() -> Result<f64>) -> Result<f64> {
    let rounds = (0..ROUNDS).map(|_| round()).collect::<Result<Vec<_>>>()?;
    Ok(rounds.into_iter().fold(f64::MAX, f64::min))
}

/// The processor time of each of `count` things, in microseconds.
fn cost(count: usize, work: impl FnOnce() -> Result<()>) -> Result<f64> {
    let before = processor_time()?;
    work()?;
    Ok((processor_time()? - before).as_secs_f64() * 1e6 / count as f64)
}
