//! A process with some of the peers. It does what standard input says, and answers when that is
//! done.

use std::io::{self, BufRead};
use std::process::exit;
use std::time::Instant;

use anyhow::{Context, Result, bail};
use libzmq::prelude::*;

use super::Kind;
use crate::contestants::links;

/// The size of the messages that are measured.
pub const SIZE: usize = 64;

/// Runs the peers of a socket of that kind.
pub fn peers(kind: &str, endpoint: &str, count: &str) -> Result<()> {
    let kind = Kind::named(kind)?;
    let count: usize = count.parse().context("a number of peers")?;
    let ctx =
        CtxBuilder::new().max_sockets(i32::try_from(count)? + 10).wait_at_exit(false).build()?;
    let handle = ctx.handle();
    let sub = || SubBuilder::new().subscribe("").recv_hwm(0).connect(endpoint).with_ctx(handle);
    let dish =
        || DishBuilder::new().join([links::group()]).recv_hwm(0).connect(endpoint).with_ctx(handle);
    match kind {
        Kind::Server => {
            senders(count, || ClientBuilder::new().connect(endpoint).with_ctx(handle))?;
        }
        Kind::Router => {
            senders(count, || DealerBuilder::new().connect(endpoint).with_ctx(handle))?;
        }
        Kind::Pub => hearers(count, sub)?,
        Kind::Radio => hearers(count, dish)?,
    }
    // Without waiting for what is not sent.
    exit(0);
}

/// Answers the order that was given last, and reads the next one.
fn orders(mut act: impl FnMut(&str, usize) -> Result<String>) -> Result<()> {
    println!("started");
    for line in io::stdin().lock().lines() {
        let line = line?;
        let (order, number) = line.split_once(' ').unwrap_or((&line, "0"));
        println!("{}", act(order, number.parse()?)?);
    }
    Ok(())
}

/// Peers that send.
fn senders<S: SendMsg + RecvMsg>(
    count: usize,
    connect: impl Fn() -> Result<S, libzmq::Error>,
) -> Result<()> {
    let mut sockets = Vec::new();
    orders(|order, number| {
        match order {
            "connect" => {
                for _ in 0..count {
                    let socket = connect()?;
                    socket.send("")?;
                    sockets.push(socket);
                }
            }
            "send" => {
                for _ in 0..number {
                    sockets.iter().try_for_each(|socket| socket.send(&[1; SIZE][..]))?;
                }
            }
            "ask" => return round_trips(&sockets[0], number),
            _ => bail!("`{order}` is no order"),
        }
        Ok("done".to_owned())
    })
}

/// The median and the 99th percentile of the round trips.
fn round_trips<S: SendMsg + RecvMsg>(socket: &S, count: usize) -> Result<String> {
    let mut times = Vec::new();
    for _ in 0..count {
        let begin = Instant::now();
        socket.send(&[1; SIZE][..])?;
        socket.recv_msg()?;
        times.push(begin.elapsed().as_secs_f64() * 1e6);
    }
    times.sort_by(f64::total_cmp);
    Ok(format!("{:.0} / {:.0} us", times[count / 2], times[count * 99 / 100]))
}

/// Peers that receive what is sent to all.
fn hearers<S: RecvMsg>(count: usize, connect: impl Fn() -> Result<S, libzmq::Error>) -> Result<()> {
    let mut sockets = Vec::new();
    orders(|order, number| {
        match order {
            "connect" => {
                for _ in 0..count {
                    sockets.push(connect()?);
                }
                sockets.iter().try_for_each(|socket: &S| socket.recv_msg().map(drop))?;
            }
            "hear" => {
                println!("ready");
                for socket in &sockets {
                    let mut left = number;
                    while left > 0 {
                        left -= usize::from(!socket.recv_msg()?.is_empty());
                    }
                }
            }
            _ => bail!("`{order}` is no order"),
        }
        Ok("done".to_owned())
    })
}
