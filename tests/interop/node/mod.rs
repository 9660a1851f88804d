//! Node programs with the npm package `zeromq` are a ZeroMQ deployment that is not ours: a `Client`
//! of theirs against our `Server`, and the other way round. The Node side is killed in the middle
//! and started anew, and our side must go on.

#[cfg(any(feature = "tokio", feature = "async-io"))]
mod aio;
mod content;
mod groups;
mod jszmq;
mod program;
#[cfg(all(zmq_has = "curve", feature = "serde"))]
mod secure;
#[cfg(feature = "service")]
mod service;

use std::{
    collections::{HashSet, VecDeque},
    path::Path,
    thread,
    time::{Duration, Instant},
};

use content::{Content, reply, size};
use libzmq::prelude::*;

use crate::common::foreign::Program;

/// How many requests are answered, how many before the Node side is killed, and how many are on
/// their way at a time.
const REQUESTS: u32 = 10_000;
const BEFORE_KILL: u32 = REQUESTS / 2;
const WINDOW: usize = 8;

/// After this a test has failed.
const LIMIT: Duration = Duration::from_secs(100);

#[test]
fn node_client_asks_a_server_over_tcp() {
    node_client("tcp://127.0.0.1:*", straight);
}

#[test]
fn node_client_asks_a_server_over_ipc() {
    over_ipc("client", |endpoint| node_client(endpoint, straight));
}

#[test]
fn node_server_answers_a_client_over_tcp() {
    node_server("tcp://127.0.0.1:*", straight);
}

#[test]
fn node_server_answers_a_client_over_ipc() {
    over_ipc("server", |endpoint| node_server(endpoint, straight));
}

#[test]
fn node_client_asks_a_server_through_a_server_proxy() {
    node_client("tcp://127.0.0.1:*", through_a_proxy);
}

#[test]
fn node_server_answers_a_client_through_a_server_proxy() {
    node_server("tcp://127.0.0.1:*", through_a_proxy);
}

/// Leads from a server to where it is asked, and to what stands between.
type Way = fn(&str, &Ctx) -> (String, Option<ProxyHandle<ServerProxy>>);

fn straight(server: &str, _: &Ctx) -> (String, Option<ProxyHandle<ServerProxy>>) {
    (server.to_owned(), None)
}

fn through_a_proxy(server: &str, ctx: &Ctx) -> (String, Option<ProxyHandle<ServerProxy>>) {
    let frontend = ServerBuilder::new().bind("tcp://127.0.0.1:*").clone();
    let backend = ClientBuilder::new().connect(server).linger(Duration::ZERO).clone();
    let proxy = ServerProxy::with_ctx(&frontend, &backend, ctx.handle()).unwrap();
    let bound = proxy.frontend().last_endpoint().unwrap().to_string();
    (bound, Some(proxy.spawn().unwrap()))
}

/// Both sides must find the same file, wherever they run, and one that a killed server leaves
/// behind is to be cleared away.
fn over_ipc(who: &str, test: fn(&str)) {
    let path = std::env::temp_dir().join(format!("libzmq-node-{who}-{}", std::process::id()));
    test(&format!("ipc://{}", path.display()));
    let _ = std::fs::remove_file(path);
}

/// A client in Node asks our server, dies, and its successor asks the rest.
fn node_client(endpoint: &str, way: Way) {
    let Some(folder) = program::folder() else { return };
    let deadline = Instant::now() + LIMIT;
    let ctx = Ctx::new();
    let server =
        ServerBuilder::new().bind(endpoint).send_timeout(LIMIT).with_ctx(ctx.handle()).unwrap();
    let (bound, _proxy) = way(&server.last_endpoint().unwrap().to_string(), &ctx);
    let answering = thread::spawn(move || answer(&server));

    let mut answered = 0;
    for end in [BEFORE_KILL, REQUESTS] {
        let mut client = program::start(
            folder,
            &["client.js", &bound, &answered.to_string(), &REQUESTS.to_string()],
        );
        // After the kill the lines that it has printed before are still read, and count.
        while let Some(line) = client.line(deadline) {
            assert_eq!(line, answered.to_string());
            answered += 1;
            if answered == end {
                client.kill();
            }
        }
        assert!(answered >= end, "the client ended after {answered} requests");
    }
    assert_eq!(answered, REQUESTS);

    ctx.shutdown();
    let (seen, unreachable) = answering.join().unwrap();
    let numbered = (0..REQUESTS).filter(|number| size(*number) >= 4).collect();
    assert_eq!(seen, numbered, "the requests that arrived are those that were sent");
    assert!(
        unreachable <= WINDOW,
        "{unreachable} replies found no client, more than one can have left"
    );
}

/// Answers until the context is shut down. Tells the numbers of the requests, and how many replies
/// found their client gone.
fn answer(server: &Server) -> (HashSet<u32>, usize) {
    let content = Content::new();
    let mut seen = HashSet::new();
    let mut unreachable = 0;
    loop {
        let request = match server.recv_msg() {
            Ok(request) => request,
            Err(error) if error.kind() == ErrorKind::InvalidCtx => return (seen, unreachable),
            Err(error) => panic!("{error}"),
        };
        seen.extend(content.check(&request));
        match server.route(reply(&request), request.routing_id().unwrap()) {
            Ok(()) => (),
            Err(error) if error.kind() == ErrorKind::HostUnreachable => unreachable += 1,
            Err(error) => panic!("{error}"),
        }
    }
}

/// Our client asks a server in Node, which dies, and its successor at the same endpoint answers the
/// rest.
fn node_server(endpoint: &str, way: Way) {
    let Some(folder) = program::folder() else { return };
    let deadline = Instant::now() + LIMIT;
    let ctx = Ctx::new();
    let (mut server, bound) = start_server(folder, endpoint, deadline);
    let (asked_at, _proxy) = way(&bound, &ctx);
    let client = ClientBuilder::new()
        .connect(asked_at)
        .recv_timeout(Duration::from_secs(1))
        .send_timeout(LIMIT)
        .linger(Duration::ZERO)
        .with_ctx(ctx.handle())
        .unwrap();

    let mut asker = Asker {
        client,
        content: Content::new(),
        asked: 0,
        answered: 0,
        open: VecDeque::new(),
        repeated: HashSet::new(),
        deadline,
    };
    asker.ask_until_answered(BEFORE_KILL);
    server.kill();
    (server, _) = start_server(folder, &bound, deadline);
    asker.ask_until_answered(REQUESTS);
    drop(server);
}

fn start_server(folder: &Path, endpoint: &str, deadline: Instant) -> (Program, String) {
    let server = program::start(folder, &["server.js", endpoint]);
    let bound = server.line(deadline).expect("the server is bound");
    (server, bound)
}

/// Asks some requests at a time, and again those that were lost.
struct Asker {
    client: Client,
    content: Content,
    asked: u32,
    answered: u32,
    open: VecDeque<u32>,
    repeated: HashSet<u32>,
    deadline: Instant,
}

impl Asker {
    fn ask_until_answered(&mut self, count: u32) {
        while self.answered < count {
            while self.open.len() < WINDOW && self.asked < REQUESTS {
                self.send(self.asked);
                self.open.push_back(self.asked);
                self.asked += 1;
            }
            match self.client.recv_msg() {
                Ok(answer) => self.accept(&answer),
                // What was on its way to the server when it died is lost.
                Err(error) if error.kind() == ErrorKind::WouldBlock => self.repeat(),
                Err(error) => panic!("{error}"),
            }
            assert!(
                Instant::now() < self.deadline,
                "{} requests were answered in time",
                self.answered
            );
        }
    }

    fn send(&self, number: u32) {
        self.client.send(self.content.request(number)).unwrap();
    }

    fn accept(&mut self, answer: &Msg) {
        let answers = |number: &u32| reply(&self.content.request(*number)) == answer.as_bytes();
        if let Some(place) = self.open.iter().position(answers) {
            self.open.remove(place);
            self.answered += 1;
        } else {
            // It was only slow, and then answered twice.
            assert!(self.repeated.iter().any(answers), "an answer to nothing that was asked");
        }
    }

    fn repeat(&mut self) {
        self.open.iter().for_each(|number| self.send(*number));
        self.repeated.extend(&self.open);
    }
}
