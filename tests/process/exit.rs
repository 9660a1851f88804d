//! The end of the process: it blocks until dropped sockets have sent their messages, and for
//! nothing else.
//!
//! Each case is a process of its own: this program again, with the name of the case in a variable.

#[path = "../common/mod.rs"]
mod common;

use std::{
    env,
    process::{Child, Command, Stdio, exit},
    thread,
    time::{Duration, Instant},
};

use common::{SOON, Transport, watchdog};
use libzmq::{opt, prelude::*};

const CASE: &str = "LIBZMQ_TEST_EXIT";
const ENDPOINT: &str = "LIBZMQ_TEST_ENDPOINT";
const COUNT: usize = 1000;
/// So many messages of 100 bytes are more than the kernel's buffers hold.
const MANY: usize = 200_000;

/// More messages of 1000 bytes than the kernel's buffers hold.
#[cfg(feature = "service")]
const REPLIES: usize = 20_000;

/// How long a process is watched that must not end. One that does not block at its end is over
/// sooner, and the end of a process is what no event reports before it happens.
const STAYS: Duration = Duration::from_secs(1);

fn endpoint() -> String {
    env::var(ENDPOINT).unwrap()
}

fn push(ctx: CtxHandle, endpoint: &str, linger: Option<Duration>) -> Push {
    let mut builder = PushBuilder::new();
    if let Some(linger) = linger {
        builder.linger(linger);
    }
    let push = builder.send_hwm(0).connect(endpoint).with_ctx(ctx).unwrap();
    for number in 0..COUNT {
        push.send(number.to_string()).unwrap();
    }
    push
}

fn nowhere() -> String {
    Transport::Tcp.nowhere()
}

/// What the process of a case does. Checks nothing by itself: `start` runs it in a child process.
#[test]
fn child_process() {
    let Ok(case) = env::var(CASE) else { return };
    let global = Ctx::global();
    match case.as_str() {
        "return" => drop(push(global, &endpoint(), None)),
        "much" => {
            let push = push(global, &endpoint(), None);
            for number in COUNT..MANY {
                push.send(format!("{number:>100}")).unwrap();
            }
        }
        "exit" => {
            drop(push(global, &endpoint(), None));
            exit(0);
        }
        "exit in a thread" => {
            drop(push(global, &endpoint(), None));
            thread::spawn(|| exit(0));
            let pull = PullBuilder::new().bind("tcp://127.0.0.1:*").build().unwrap();
            let _ = pull.recv_msg();
        }
        "exit in a drop" => {
            struct Exits(Option<Push>);
            impl Drop for Exits {
                fn drop(&mut self) {
                    self.0 = None;
                    exit(0);
                }
            }
            drop(Exits(Some(push(global, &endpoint(), None))));
        }
        "panic" => {
            let _push = push(global, &endpoint(), None);
            panic!("on purpose");
        }
        "dropped context" => {
            let ctx = Ctx::new();
            drop(push(ctx.handle(), &endpoint(), None));
        }
        "context dropped first" => {
            let ctx = Ctx::new();
            let push = push(ctx.handle(), &endpoint(), None);
            drop(ctx);
            drop(push);
        }
        "leaked context" => {
            let ctx = Box::leak(Box::new(Ctx::new()));
            drop(push(ctx.handle(), &endpoint(), None));
        }
        "open elsewhere" => {
            hold_open(push(global, &nowhere(), None));
            drop(push(global, &endpoint(), None));
        }
        "only open" => hold_open(push(global, &nowhere(), None)),
        "blocked elsewhere" => {
            // The thread would panic if its call returned.
            thread::spawn(|| {
                let pull = PullBuilder::new().bind("tcp://127.0.0.1:*").build().unwrap();
                let done = pull.recv_msg();
                eprintln!("the exit ended a call: {done:?}");
                exit(1);
            });
            drop(push(global, &endpoint(), None));
        }
        "opened and closed elsewhere" => {
            let nowhere = nowhere();
            let (first, closed) = std::sync::mpsc::channel();
            thread::spawn(move || {
                loop {
                    drop(push(global, &nowhere, Some(Duration::from_millis(300))));
                    let _ = first.send(());
                }
            });
            closed.recv().unwrap();
        }
        "no linger" => drop(push(global, &nowhere(), Some(Duration::ZERO))),
        "short linger" => drop(push(global, &nowhere(), Some(Duration::from_secs(1)))),
        "linger set late, after a shutdown" => {
            let ctx = Ctx::new();
            let push = push(ctx.handle(), &nowhere(), None);
            push.set(opt::Linger, Duration::from_secs(1)).unwrap();
            ctx.shutdown();
            drop(push);
        }
        "switched off" => {
            Ctx::global().set_wait_at_exit(false).unwrap();
            drop(push(global, &nowhere(), None));
            let ctx = CtxBuilder::new().wait_at_exit(false).build().unwrap();
            drop(push(ctx.handle(), &nowhere(), None));
            let ctx = CtxBuilder::new().wait_at_exit(false).build().unwrap();
            assert!(!ctx.wait_at_exit());
            drop(push(ctx.handle(), &nowhere(), None));
            drop(ctx);
        }
        #[cfg(unix)]
        "forked child exits" => {
            drop(push(global, &nowhere(), Some(SOON)));
            let start = Instant::now();
            // SAFETY: the child exits at once, and the status has a place.
            let status = unsafe {
                let child = libc::fork();
                if child == 0 {
                    libc::exit(7);
                }
                let mut status = 0;
                assert_eq!(libc::waitpid(child, &raw mut status, 0), child);
                status
            };
            assert_eq!(libc::WEXITSTATUS(status), 7);
            assert!(start.elapsed() < SOON / 2, "{:?}", start.elapsed());
            exit_now();
        }
        #[cfg(unix)]
        "forked child sends" => {
            drop(push(global, &nowhere(), None));
            // SAFETY: the child makes a context of its own, and exits.
            let child = unsafe { libc::fork() };
            if child == 0 {
                drop(push(Ctx::global(), &endpoint(), None));
                // SAFETY: a normal end of the child.
                unsafe { libc::exit(0) };
            }
            let mut status = 0;
            // SAFETY: a place for the status.
            assert_eq!(unsafe { libc::waitpid(child, &raw mut status, 0) }, child);
            exit_now();
        }
        #[cfg(feature = "service")]
        "service" => {
            use libzmq::service::*;

            let mut builder = Service::builder();
            builder.bind(endpoint()).outgoing(REPLIES, Overflow::StopReading).farewell_time(SOON);
            let handle = builder.build().unwrap().spawn().unwrap().blocking();
            let Some(Event::Joined(client)) = handle.events().next() else { panic!("no client") };
            for number in 0..REPLIES {
                handle.send(client.id(), format!("{number:>1000}")).unwrap();
            }
        }
        unknown => panic!("no case {unknown}"),
    }
}

/// Ends the process without its exit handlers.
#[cfg(unix)]
fn exit_now() {
    // SAFETY: ends the process.
    unsafe { libc::_exit(0) }
}

/// Keeps the socket open in another thread.
fn hold_open(push: Push) {
    let (holds, held) = std::sync::mpsc::channel();
    thread::spawn(move || {
        let _push = push;
        holds.send(()).unwrap();
        loop {
            thread::park();
        }
    });
    held.recv().unwrap();
}

fn start(case: &str, endpoint: &str) -> Child {
    Command::new(env::current_exe().unwrap())
        .args(["child_process", "--exact", "--test-threads=1", "--nocapture"])
        .env(CASE, case)
        .env(ENDPOINT, endpoint)
        .env("RUST_BACKTRACE", "0")
        .stdout(Stdio::null())
        .spawn()
        .unwrap()
}

/// Receives what the process sends, and waits for its end.
fn receives_all(case: &str, pull: &Pull, mut child: Child) {
    pull.set_recv_timeout(SOON).unwrap();
    for number in 0..COUNT {
        match pull.recv_msg() {
            Ok(msg) => assert_eq!(msg, number.to_string().as_str(), "{case}"),
            Err(error) => panic!("{case}: message {number}: {error}"),
        }
    }
    let start = Instant::now();
    let status = child.wait().unwrap();
    assert!(start.elapsed() < SOON, "{case}: {:?}", start.elapsed());
    assert!(status.success() || case == "panic", "{case}: {status}");
}

fn pull(endpoint: &str) -> Pull {
    PullBuilder::new().recv_hwm(0).bind(endpoint).build().unwrap()
}

fn takes(case: &str) -> Duration {
    let start = Instant::now();
    let status = start_and_wait(case);
    assert!(status, "{case}");
    start.elapsed()
}

fn start_and_wait(case: &str) -> bool {
    start(case, "").wait().unwrap().success()
}

const SENDING: &[&str] = &[
    "return",
    "exit",
    "exit in a thread",
    "exit in a drop",
    "panic",
    "dropped context",
    "context dropped first",
    "leaked context",
    "open elsewhere",
    "blocked elsewhere",
];

#[test]
fn exit_blocks_until_dropped_sockets_have_sent_to_a_present_peer() {
    let _watchdog = watchdog();
    for case in SENDING {
        for &transport in Transport::BETWEEN_PROCESSES {
            let pull = pull(&transport.anywhere());
            let endpoint = pull.last_endpoint().unwrap().to_string();
            receives_all(case, &pull, start(case, &endpoint));
        }
    }
}

#[test]
fn exit_blocks_until_dropped_sockets_have_sent_to_a_late_peer() {
    let _watchdog = watchdog();
    for case in SENDING {
        let endpoint = nowhere();
        let mut child = start(case, &endpoint);
        thread::sleep(STAYS);
        assert!(child.try_wait().unwrap().is_none(), "{case}: it did not block");
        receives_all(case, &pull(&endpoint), child);
    }
}

#[test]
fn exit_blocks_until_dropped_sockets_have_sent_to_a_slow_peer() {
    let _watchdog = watchdog();
    let pull = PullBuilder::new().recv_hwm(1).bind("tcp://127.0.0.1:*").build().unwrap();
    let endpoint = pull.last_endpoint().unwrap().to_string();
    let mut child = start("much", &endpoint);
    thread::sleep(STAYS);
    assert!(child.try_wait().unwrap().is_none(), "it did not block");

    pull.set_recv_timeout(SOON).unwrap();
    for number in 0..MANY {
        let msg = pull.recv_msg().unwrap_or_else(|error| panic!("message {number}: {error}"));
        assert_eq!(msg.to_str().unwrap().trim_start(), number.to_string());
    }
    assert!(child.wait().unwrap().success());
}

#[test]
fn exit_is_prompt_with_nothing_to_send() {
    let _watchdog = watchdog();
    for case in ["only open", "no linger", "switched off", "opened and closed elsewhere"] {
        let took = takes(case);
        assert!(took < SOON, "{case}: {took:?}");
    }
}

#[test]
fn exit_blocks_no_longer_than_the_linger_period() {
    let _watchdog = watchdog();
    for case in ["short linger", "linger set late, after a shutdown"] {
        let took = takes(case);
        assert!(took > Duration::from_millis(900), "{case}: {took:?}");
        assert!(took < SOON, "{case}: {took:?}");
    }
}

#[cfg(unix)]
#[test]
fn exit_of_a_forked_child_blocks_for_its_own_contexts_only() {
    let _watchdog = watchdog();
    takes("forked child exits");

    let case = "forked child sends";
    let pull = pull("tcp://127.0.0.1:*");
    let endpoint = pull.last_endpoint().unwrap().to_string();
    receives_all(case, &pull, start(case, &endpoint));
}

#[cfg(feature = "service")]
#[test]
fn exit_blocks_until_a_dropped_service_has_sent_its_queues() {
    let _watchdog = watchdog();
    let endpoint = nowhere();
    let mut child = start("service", &endpoint);
    let client = ClientBuilder::new().connect(&endpoint).recv_timeout(SOON).build().unwrap();
    client.send("hello").unwrap();
    for number in 0..REPLIES {
        let msg = client.recv_msg().unwrap_or_else(|error| panic!("message {number}: {error}"));
        assert_eq!(msg.to_str().unwrap().trim_start(), number.to_string());
    }
    assert!(child.wait().unwrap().success());
}
