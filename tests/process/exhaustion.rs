//! A process that runs out of file descriptors or threads at any place: calls fail, and none aborts
//! or hangs.

#![cfg(target_os = "linux")]

#[path = "../common/mod.rs"]
mod common;

use std::{
    env,
    net::Ipv4Addr,
    process::{Command, Output, Stdio},
    sync::Mutex,
    thread,
    time::Duration,
};

use common::{Transport, vacant_udp, watchdog};
use libzmq::{auth::*, monitor::*, poll::*, prelude::*};

/// Tells this program that it is the one that has little, and a vacant udp endpoint.
const LITTLE: &str = "LIBZMQ_TEST_LITTLE";

/// With fewer the program does not start, with more all calls succeed.
#[test]
fn calls_without_file_descriptors_are_errors() {
    if let Ok(udp) = env::var(LITTLE) {
        return use_everything(&udp);
    }
    under(
        "calls_without_file_descriptors_are_errors",
        (5..100).map(|limit| format!("ulimit -n {limit}")),
    );
}

/// The threads of libzmq have stacks of the size that is the process's limit. With stacks of two
/// gigabytes each further thread needs as much more of the address space.
#[test]
fn calls_without_threads_are_errors() {
    if let Ok(udp) = env::var(LITTLE) {
        return use_everything(&udp);
    }
    const STACK: u64 = 2 << 20;
    let kilobytes = (0..8).map(|threads| threads * STACK + 900_000);
    under(
        "calls_without_threads_are_errors",
        kilobytes.map(|size| format!("ulimit -s {STACK} && ulimit -v {size}")),
    );
}

/// Runs this test again as a program of its own under each limit. All must end, and well.
fn under(test: &str, limits: impl Iterator<Item = String> + Send) {
    let (limits, failed) = (Mutex::new(limits), Mutex::new(Vec::new()));
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let next = || limits.lock().unwrap().next();
                while let Some(limit) = next() {
                    let Output { status, stdout, stderr } = limited(&limit, test);
                    if !status.success() {
                        let said = [stdout, stderr].concat();
                        failed
                            .lock()
                            .unwrap()
                            .push(format!("{limit}: {status}\n{}", String::from_utf8_lossy(&said)));
                    }
                }
            });
        }
    });
    let failed = failed.into_inner().unwrap();
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

fn limited(limit: &str, test: &str) -> Output {
    Command::new("sh")
        .args(["-c", &format!("{limit} && exec \"$@\""), "sh"])
        .arg(env::current_exe().unwrap())
        .args([test, "--exact", "--nocapture", "--test-threads=1"])
        .env(LITTLE, vacant_udp())
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

/// Makes all kinds of calls. Each may fail, and none may abort or hang.
fn use_everything(udp: &str) {
    const SHORT: Duration = Duration::from_millis(30);

    let _watchdog = watchdog();
    let ctx = Ctx::new();
    // No peer receives what it sends.
    ctx.set_wait_at_exit(false).unwrap();
    let at = ctx.handle();
    let news = || Group::try_from("news").unwrap();

    let server = Server::with_ctx(at);
    let monitor = server.as_ref().ok().map(|server| server.monitor(EventSet::ALL));
    let mut poller = Poller::new();
    let mut clients = Vec::new();
    if let Ok(server) = &server {
        let _ = poller.add(server, PollId(0), READABLE);
        for &transport in Transport::COMMON {
            let _ = server.bind(transport.anywhere());
            let client = ClientBuilder::new().recv_timeout(SHORT).send_timeout(SHORT).with_ctx(at);
            let (Ok(client), Ok(endpoint)) = (client, server.last_endpoint()) else { continue };
            let _ = client.connect(endpoint);
            let _ = client.send("a question");
            let _ = poller.poll(&mut Events::new(), SHORT);
            if let Some(id) = server.try_recv_msg().ok().and_then(|msg| msg.routing_id()) {
                let _ = server.route("an answer", id);
            }
            let _ = client.recv_msg();
            let _ = poller.add(&client, PollId(1), READABLE);
            clients.push(client);
        }
        let _ = poller.waker().map(|waker| waker.wake());
        let _ = poller.poll(&mut Events::new(), SHORT);
    }

    let dish = DishBuilder::new().join([news()]).bind(udp).with_ctx(at);
    let radio =
        RadioBuilder::new().connect(udp).with_ctx(at).map(|radio| radio.transmit("x", news()));
    let stream = StreamBuilder::new().bind("tcp://*:*").with_ctx(at);
    let publisher = PubBuilder::new().bind("ws://127.0.0.1:*").with_ctx(at);
    let auth = AuthClient::with_ctx(at).map(|auth| auth.add_blacklist(Ipv4Addr::LOCALHOST));
    let proxy = || {
        let frontend = RouterBuilder::new().bind("tcp://127.0.0.1:*").with_ctx(at).ok()?;
        let backend = DealerBuilder::new().bind("ipc://*").with_ctx(at).ok()?;
        Proxy::new(frontend, backend).spawn().ok()
    };
    let proxy = proxy();
    #[cfg(feature = "tokio")]
    await_something(at);

    drop((poller, clients, server, monitor, dish, radio, stream, publisher, auth, proxy));
    drop(Ctx::new());
    ctx.shutdown();
}

#[cfg(feature = "tokio")]
fn await_something(at: CtxHandle) {
    let talk = async move {
        let server = Async::new(ServerBuilder::new().bind("tcp://127.0.0.1:*").with_ctx(at)?)?;
        let client = Async::new(
            ClientBuilder::new().connect(server.get_ref().last_endpoint()?).with_ctx(at)?,
        )?;
        let pull = Async::new(PullBuilder::new().bind("inproc://pull").with_ctx(at)?)?;
        let _ = client.send("x").await;
        server.recv_msg().await?;
        pull.recv_msg().await
    };
    // Without a descriptor tokio panics, which is not ours to care for.
    let runtime = std::panic::catch_unwind(|| {
        tokio::runtime::Builder::new_current_thread().enable_all().build()
    });
    if let Ok(Ok(runtime)) = runtime {
        let _ =
            runtime.block_on(async { tokio::time::timeout(Duration::from_millis(30), talk).await });
    }
}
