//! Python programs with the package `pyzmq`: each single-threaded type of socket exchanges messages
//! with one of them over tcp and ipc, bound and connected.

#[cfg(feature = "tokio")]
mod aio;
mod content;
#[cfg(zmq_has = "curve")]
mod security;
#[cfg(feature = "service")]
mod service;

use std::{
    path::{Path, PathBuf},
    process::Command,
    sync::OnceLock,
    time::{Duration, Instant},
};

use content::{COUNT, bytes, message};
use libzmq::{prelude::*, *};

use crate::common::{
    Transport, Watchdog, context,
    foreign::{PYTHON, Program, installed, pip_install},
    retry, until, watchdog,
};

/// Before a watchdog barks, which names the test only.
const LIMIT: Duration = Duration::from_secs(50);
const FROM: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/interop/pyzmq");

/// The folder with the package, installed once.
fn folder() -> Option<&'static PathBuf> {
    static FOLDER: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    installed(FOLDER.get_or_init(install))
}

fn install() -> Result<PathBuf, String> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("pyzmq");
    pip_install("zmq", &Path::new(FROM).join("requirements.txt"), &folder)?;
    Ok(folder)
}

/// Has a socket of theirs play a role. Answers with the endpoint that it is bound or connected to
/// as well.
fn start(
    folder: &Path,
    kind: &str,
    how: &str,
    endpoint: &str,
    role: &str,
    deadline: Instant,
) -> (Program, String) {
    let mut command = Command::new(PYTHON);
    command.arg(Path::new(FROM).join("peer.py")).args([kind, how, endpoint, role]);
    let program =
        Program::start(command.env("PYTHONPATH", folder).env("PYTHONDONTWRITEBYTECODE", "1"));
    let endpoint = program.line(deadline).unwrap();
    (program, endpoint)
}

/// A socket of pyzmq's and one of ours that are joined.
struct Talk<S> {
    ours: S,
    theirs: Program,
    deadline: Instant,
    _ctx: Ctx,
    _watchdog: Watchdog,
}

impl<S: Socket> Talk<S> {
    /// The Python program has got all that it expected.
    fn done(&self) {
        assert_eq!(self.theirs.line(self.deadline).as_deref(), Some("done"));
    }
}

/// Has a socket of theirs play a role, and ours talk to it: over each transport, with each side
/// binding.
fn talk<S: Socket>(
    transports: &[Transport],
    theirs: &str,
    role: &str,
    ours: &mut Builder<S>,
    talk: impl Fn(&Talk<S>),
) {
    let Some(folder) = folder() else { return };
    for transport in transports {
        for they_bind in [true, false] {
            let watchdog = watchdog();
            let deadline = Instant::now() + LIMIT;
            let ctx = context();
            let start = |how, endpoint: &str| start(folder, theirs, how, endpoint, role, deadline);
            let (ours, theirs) = if they_bind {
                let (theirs, endpoint) = start("bind", &transport.anywhere());
                (ours.clone().connect(endpoint.as_str()).with_ctx(ctx.handle()).unwrap(), theirs)
            } else {
                let ours = ours.clone().bind(transport.anywhere()).with_ctx(ctx.handle()).unwrap();
                let (theirs, _) = start("connect", &ours.last_endpoint().unwrap().to_string());
                (ours, theirs)
            };
            talk(&Talk { ours, theirs, deadline, _ctx: ctx, _watchdog: watchdog });
        }
    }
}

const BOTH: &[Transport] = Transport::BETWEEN_PROCESSES;

fn ask<S: SendMultipart + RecvMultipart>(talk: &Talk<S>) {
    for number in 0..COUNT {
        talk.ours.send_multipart(message(number)).unwrap();
        assert_eq!(talk.ours.recv_multipart().unwrap(), *message(number));
    }
}

/// Answers until they are content.
fn echo<S: SendMultipart + RecvMultipart>(talk: &Talk<S>) {
    for _ in 0..COUNT {
        let parts = talk.ours.recv_multipart().unwrap();
        talk.ours.send_multipart(parts).unwrap();
    }
    talk.done();
}

fn send<S: SendMultipart>(talk: &Talk<S>) {
    (0..COUNT).for_each(|number| talk.ours.send_multipart(message(number)).unwrap());
    talk.done();
}

fn receive<S: RecvMultipart>(talk: &Talk<S>) {
    (0..COUNT).for_each(|number| assert_eq!(talk.ours.recv_multipart().unwrap(), *message(number)));
}

#[test]
fn pyzmq_rep_answers_a_req() {
    talk(BOTH, "REP", "echo", &mut ReqBuilder::new(), ask);
}

#[test]
fn pyzmq_req_asks_a_rep_and_a_router() {
    talk(BOTH, "REQ", "ask", &mut RepBuilder::new(), echo);
    talk(BOTH, "REQ", "ask", &mut RouterBuilder::new(), echo);
}

#[test]
fn pyzmq_pair_exchanges_with_a_pair() {
    talk(BOTH, "PAIR", "echo", &mut PairBuilder::new(), ask);
    talk(BOTH, "PAIR", "ask", &mut PairBuilder::new(), echo);
}

#[test]
fn pyzmq_dealer_exchanges_with_a_router_and_a_dealer() {
    talk(BOTH, "DEALER", "ask", &mut RouterBuilder::new(), echo);
    talk(BOTH, "DEALER", "echo", &mut DealerBuilder::new(), ask);
}

#[test]
fn pyzmq_router_answers_a_dealer_and_a_req() {
    talk(BOTH, "ROUTER", "echo", &mut DealerBuilder::new(), ask);
    talk(BOTH, "ROUTER", "echo", &mut ReqBuilder::new(), ask);
}

#[test]
fn pyzmq_push_and_pull_exchange_with_a_pull_and_a_push() {
    talk(BOTH, "PUSH", "send", &mut PullBuilder::new(), receive);
    talk(BOTH, "PULL", "receive", &mut PushBuilder::new(), send);
}

/// They publish over and over; what follows the last message is the first.
#[test]
fn pyzmq_pub_and_xpub_reach_a_sub_and_an_xsub() {
    talk(BOTH, "PUB", "publish", SubBuilder::new().subscribe("odd ").recv_hwm(0), |talk| {
        until(|| talk.ours.recv_multipart().unwrap() == *message(COUNT - 1));
        for number in (1..COUNT).step_by(2) {
            assert_eq!(talk.ours.recv_multipart().unwrap(), *message(number));
        }
    });
    talk(BOTH, "XPUB", "publish_when_asked", XSubBuilder::new().recv_hwm(0), |talk| {
        talk.ours.subscribe("odd ").unwrap();
        for number in (1..COUNT).step_by(2) {
            assert_eq!(talk.ours.recv_multipart().unwrap(), *message(number));
        }
        talk.ours.unsubscribe("odd ").unwrap();
        talk.done();
    });
}

#[test]
fn pyzmq_sub_and_xsub_receive_from_a_pub_and_an_xpub() {
    talk(BOTH, "SUB", "subscribe", PubBuilder::new().send_hwm(0), publish_until_done);
    talk(BOTH, "XSUB", "subscribe", XPubBuilder::new().send_hwm(0), |talk| {
        assert_eq!(talk.ours.recv_subscription().unwrap(), Subscription::Subscribe("odd ".into()));
        publish_until_done(talk);
    });
}

fn publish_until_done<S: SendMultipart>(talk: &Talk<S>) {
    let done = retry(|| {
        assert!(Instant::now() < talk.deadline);
        (0..COUNT).for_each(|number| talk.ours.send_multipart(message(number)).unwrap());
        talk.theirs.line_within(Duration::from_millis(20))
    });
    assert_eq!(done, "done");
}

#[test]
fn pyzmq_stream_exchanges_bytes_with_a_stream() {
    const TCP: &[Transport] = &[Transport::Tcp];

    talk(TCP, "STREAM", "stream_ask", &mut StreamBuilder::new(), |talk| {
        let mut left = bytes().len();
        while left > 0 {
            let (connection, data) = talk.ours.recv_from().unwrap();
            if !data[0].is_empty() {
                left -= data[0].len();
                talk.ours.route(data, &connection).unwrap();
            }
        }
        talk.done();
    });
    talk(TCP, "STREAM", "stream_echo", &mut StreamBuilder::new(), |talk| {
        // The connection is reported first.
        let (connection, _) = retry(|| talk.ours.recv_from().ok());
        talk.ours.route(bytes(), &connection).unwrap();
        let mut back = Vec::new();
        while back.len() < bytes().len() {
            back.extend_from_slice(&talk.ours.recv_from().unwrap().1[0]);
        }
        assert!(back == bytes());
    });
}
