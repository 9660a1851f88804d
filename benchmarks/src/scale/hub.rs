//! The process with the socket that has many peers.

use std::env;
use std::fs;
use std::io::{BufRead, BufReader, Lines, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio, exit};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use contestant::{Job, Pattern, Transport, Work, processor_time};
use libzmq::prelude::*;

use super::Kind;
use super::peers::SIZE;
use crate::contestants::links;

/// How many processes the peers are in.
const PROCESSES: usize = 4;

/// How many messages are measured, with all peers together.
const MESSAGES: usize = 200_000;

/// All peers connect at once.
const BACKLOG: i32 = 4096;

/// How many round trips are measured, with one of the peers.
const ROUND_TRIPS: usize = 2_000;

/// How long the socket is idle.
const IDLE: Duration = Duration::from_secs(2);

/// No measurement takes so long.
const DEADLINE: Duration = Duration::from_secs(300);

/// What is measured of a socket of any type.
struct Measured {
    connected: Duration,
    idle_memory: f64,
    idle_cpu: f64,
    rate: f64,
    busy_memory: f64,
    round_trip: String,
}

/// Measures a socket, and prints a row of the table.
pub fn hub(kind: &str, transport: &str, io_threads: &str, peers: &str) -> Result<()> {
    thread::spawn(|| {
        thread::sleep(DEADLINE);
        eprintln!("it did not end within {DEADLINE:?}");
        exit(1);
    });
    let kind = Kind::named(kind)?;
    let transport = super::transport(transport)?;
    let peers: usize = peers.parse().context("a number of peers")?;
    let ctx = CtxBuilder::new().io_threads(io_threads.parse()?).wait_at_exit(false).build()?;
    let endpoint = endpoint(transport);
    let measured = match kind {
        Kind::Server => {
            let server =
                ServerBuilder::new().backlog(BACKLOG).bind(&endpoint[..]).build_in(&ctx)?;
            let echo = |server: &Server| {
                let msg = server.recv_msg().unwrap();
                let id = msg.routing_id().unwrap();
                server.route(msg, id).unwrap();
            };
            asked(kind, peers, &server, |server| drop(server.recv_msg().unwrap()), echo)?
        }
        Kind::Router => {
            let router =
                RouterBuilder::new().backlog(BACKLOG).bind(&endpoint[..]).build_in(&ctx)?;
            let echo = |router: &Router| {
                let (from, parts) = router.recv_from().unwrap();
                router.route(parts, &from).unwrap();
            };
            asked(kind, peers, &router, |router| drop(router.recv_from().unwrap()), echo)?
        }
        Kind::Pub => {
            let publisher = PubBuilder::new()
                .send_hwm(0)
                .backlog(BACKLOG)
                .bind(&endpoint[..])
                .build_in(&ctx)?;
            heard(kind, peers, &publisher, |socket, content| socket.send(content).unwrap())?
        }
        Kind::Radio => {
            let radio = RadioBuilder::new()
                .send_hwm(0)
                .backlog(BACKLOG)
                .bind(&endpoint[..])
                .build_in(&ctx)?;
            let group = links::group();
            heard(kind, peers, &radio, |radio, content| radio.transmit(content, &group).unwrap())?
        }
    };
    let Measured { connected, idle_memory, idle_cpu, rate, busy_memory, round_trip } = measured;
    println!(
        "| {kind:?} | {} | {io_threads} | {peers} | {:.0} ms | {idle_memory:.1} KiB \
         | {idle_cpu:.1} % | {:.0} k/s | {busy_memory:.1} KiB | {round_trip} |",
        format!("{transport:?}").to_lowercase(),
        connected.as_secs_f64() * 1e3,
        rate / 1e3,
    );
    // The peers are killed: nothing is to be sent to them any more.
    exit(0);
}

/// Where the socket binds.
fn endpoint(transport: Transport) -> String {
    let (work, pattern) = (Work::Throughput, Pattern::ClientServer);
    Job { work, pattern, transport, size: SIZE, count: 1 }.endpoint()
}

/// Measures a socket that the peers send to and that answers.
fn asked<S: Socket>(
    kind: Kind,
    peers: usize,
    socket: &S,
    recv: impl Fn(&S),
    echo: impl Fn(&S),
) -> Result<Measured> {
    let mut processes = start(kind, socket, peers)?;
    let before = memory()?;
    let begin = Instant::now();
    tell_all(&mut processes, "connect")?;
    (0..peers).for_each(|_| recv(socket));
    let connected = begin.elapsed();
    hear_all(&mut processes)?;
    let idle_cpu = idle()?;
    let idle_memory = memory()? - before;

    let each = (MESSAGES / peers).max(1);
    let begin = Instant::now();
    tell_all(&mut processes, &format!("send {each}"))?;
    (0..each * peers).for_each(|_| recv(socket));
    let rate = (each * peers) as f64 / begin.elapsed().as_secs_f64();
    hear_all(&mut processes)?;
    let busy_memory = memory()? - before;

    processes[0].tell(&format!("ask {ROUND_TRIPS}"))?;
    (0..ROUND_TRIPS).for_each(|_| echo(socket));
    let round_trip = processes[0].hear()?;
    let (idle_memory, busy_memory) = (idle_memory / peers as f64, busy_memory / peers as f64);
    Ok(Measured { connected, idle_memory, idle_cpu, rate, busy_memory, round_trip })
}

/// Measures a socket that sends each message to all peers. Its rate is what they receive.
fn heard<S: Socket>(
    kind: Kind,
    peers: usize,
    socket: &S,
    send: impl Fn(&S, &[u8]),
) -> Result<Measured> {
    let mut processes = start(kind, socket, peers)?;
    let before = memory()?;
    let begin = Instant::now();
    tell_all(&mut processes, "connect")?;
    // Empty messages only show that there is a connection. More of them would keep the peers busy.
    let pause = Duration::from_millis(10) + Duration::from_micros(20) * u32::try_from(peers)?;
    let connected = thread::scope(|scope| -> Result<Duration> {
        let hear = scope.spawn(|| hear_all(&mut processes).map(|()| begin.elapsed()));
        while !hear.is_finished() {
            send(socket, b"");
            thread::sleep(pause);
        }
        hear.join().expect("no panic")
    })?;
    let idle_cpu = idle()?;
    let idle_memory = memory()? - before;

    let each = (MESSAGES / peers).max(1);
    tell_all(&mut processes, &format!("hear {each}"))?;
    hear_all(&mut processes)?;
    let begin = Instant::now();
    (0..each).for_each(|_| send(socket, &[1; SIZE]));
    hear_all(&mut processes)?;
    let rate = (each * peers) as f64 / begin.elapsed().as_secs_f64();
    let busy_memory = memory()? - before;
    let (idle_memory, busy_memory) = (idle_memory / peers as f64, busy_memory / peers as f64);
    let round_trip = String::new();
    Ok(Measured { connected, idle_memory, idle_cpu, rate, busy_memory, round_trip })
}

/// A process with some of the peers.
struct Process {
    child: Child,
    stdin: ChildStdin,
    answers: Lines<BufReader<ChildStdout>>,
}

fn start<S: Socket>(kind: Kind, socket: &S, peers: usize) -> Result<Vec<Process>> {
    let endpoint = socket.last_endpoint()?.to_string();
    let share = |index: usize| peers / PROCESSES + usize::from(index < peers % PROCESSES);
    (0..PROCESSES)
        .map(|index| {
            let mut child = Command::new(env::current_exe()?)
                .args(["scale", "peers", &format!("{kind:?}"), &endpoint])
                .arg(share(index).to_string())
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .spawn()?;
            let stdin = child.stdin.take().context("its standard input")?;
            let stdout = child.stdout.take().context("its standard output")?;
            let mut process = Process { child, stdin, answers: BufReader::new(stdout).lines() };
            process.hear()?;
            Ok(process)
        })
        .collect()
}

impl Process {
    fn tell(&mut self, order: &str) -> Result<()> {
        writeln!(self.stdin, "{order}").context("a process with peers has ended")
    }

    fn hear(&mut self) -> Result<String> {
        Ok(self.answers.next().context("a process with peers has ended")??)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn tell_all(processes: &mut [Process], order: &str) -> Result<()> {
    processes.iter_mut().try_for_each(|process| process.tell(order))
}

fn hear_all(processes: &mut [Process]) -> Result<()> {
    processes.iter_mut().try_for_each(|process| process.hear().map(drop))
}

/// The memory of this process in KiB.
fn memory() -> Result<f64> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let size = line.and_then(|line| line.trim().split(' ').next()).context("its memory")?;
    Ok(size.parse()?)
}

/// The share of one processor that this process takes while it is idle, in percent.
fn idle() -> Result<f64> {
    let before = processor_time()?;
    thread::sleep(IDLE);
    Ok((processor_time()? - before).as_secs_f64() / IDLE.as_secs_f64() * 100.0)
}
