//! A forked child: it cannot use the sockets of its parent, does not change them, and works with
//! its own.

#![cfg(unix)]

#[path = "../common/mod.rs"]
mod common;

use std::{
    fs::File,
    io::{Read, Write},
    os::fd::FromRawFd,
    panic::{AssertUnwindSafe, catch_unwind},
};

use common::{Pair, Transport, pair, watchdog};
use libzmq::{prelude::*, *};

/// Runs `check` in a forked child and fails with what it complains about.
fn in_child(check: impl FnOnce() -> Result<(), String>) {
    let mut ends = [0; 2];
    // SAFETY: a place for two descriptors.
    assert_eq!(unsafe { libc::pipe(ends.as_mut_ptr()) }, 0);
    // SAFETY: the child calls only what this file shows, and leaves by `_exit`.
    let child = unsafe { libc::fork() };
    assert!(child >= 0);
    if child == 0 {
        // SAFETY: a child that hangs is killed by its alarm; its end of the pipe is its own.
        let mut verdict = unsafe {
            libc::alarm(30);
            File::from_raw_fd(ends[1])
        };
        let outcome =
            catch_unwind(AssertUnwindSafe(check)).unwrap_or_else(|_| Err("panicked".into()));
        let _ = verdict.write_all(outcome.err().unwrap_or_else(|| "fine".into()).as_bytes());
        drop(verdict);
        // SAFETY: leaves at once: nothing of the parent's is taken down here.
        unsafe { libc::_exit(0) };
    }
    // SAFETY: the parent's copy of the child's end, which nothing else uses.
    let mut verdict = unsafe {
        libc::close(ends[1]);
        File::from_raw_fd(ends[0])
    };
    let mut text = String::new();
    verdict.read_to_string(&mut text).unwrap();
    let mut status = 0;
    // SAFETY: our own child, and a place for its status.
    assert_eq!(unsafe { libc::waitpid(child, &raw mut status, 0) }, child);
    assert_eq!((text.as_str(), status), ("fine", 0));
}

fn expect<T, C>(call: &str, outcome: Result<T, Error<C>>) -> Result<(), String> {
    match outcome {
        Err(error) if error.kind() == ErrorKind::Forked => Ok(()),
        Err(error) => Err(format!("{call}: {error}")),
        Ok(_) => Err(format!("{call} succeeded")),
    }
}

fn refuses_everything(pair: &Pair, id: RoutingId) -> Result<(), String> {
    let Pair { ctx, server, client } = pair;
    expect("send", client.send("x"))?;
    expect("try_send", client.try_send("x"))?;
    expect("route", server.route("x", id))?;
    expect("try_route", server.try_route("x", id))?;
    expect("recv", client.recv_msg())?;
    expect("try_recv", server.try_recv_msg())?;
    expect("bind", server.bind("tcp://127.0.0.1:*"))?;
    expect("connect", client.connect("tcp://127.0.0.1:1"))?;
    expect("unbind", server.unbind("tcp://127.0.0.1:1"))?;
    expect("disconnect", client.disconnect("tcp://127.0.0.1:1"))?;
    expect("last_endpoint", server.last_endpoint())?;
    expect("get", client.get(opt::Linger))?;
    expect("set", client.set(opt::Linger, Infinite))?;
    expect("set_heartbeat", client.set_heartbeat(None))?;
    expect("a socket in the parent's context", Client::with_ctx(ctx.handle()))?;
    expect("a context option", ctx.set_io_threads(2))?;
    ctx.shutdown();
    Ok(())
}

fn talks_in_a_context_of_its_own() -> Result<(), String> {
    for &transport in Transport::COMMON {
        let own = pair(transport);
        let id = own.greet();
        own.server.route("from the child", id).map_err(|error| error.to_string())?;
        let reply = own.client.recv_msg().map_err(|error| error.to_string())?;
        if reply != "from the child" {
            return Err(format!("{reply:?} over {transport:?}"));
        }
        let Pair { ctx, server, client } = own;
        drop((server, client));
        ctx.terminate().map_err(|error| error.to_string())?;
    }
    Ok(())
}

/// The parent's pair, one exchange after the other.
fn goes_on(pair: &Pair) {
    for number in 0..100_u32 {
        pair.client.send(number.to_le_bytes()).unwrap();
        let request = pair.server.recv_msg().unwrap();
        pair.server.route(request.clone(), request.routing_id().unwrap()).unwrap();
        assert_eq!(pair.client.recv_msg().unwrap(), &number.to_le_bytes()[..]);
    }
}

#[test]
fn forked_child_cannot_use_its_parents_sockets() {
    let _watchdog = watchdog();
    for &transport in Transport::COMMON {
        let pair = pair(transport);
        let id = pair.greet();
        pair.server.route("unread", id).unwrap();
        in_child(|| refuses_everything(&pair, id));
        assert_eq!(pair.client.recv_msg().unwrap(), "unread");
        goes_on(&pair);
    }
}

#[test]
fn forked_child_drops_its_parents_sockets_without_effect() {
    let _watchdog = watchdog();
    for &transport in Transport::COMMON {
        let pair = pair(transport);
        pair.greet();
        let kept = Msg::from(vec![1; 1000]);
        let mut theirs = Some(Pair {
            ctx: Ctx::new(),
            server: pair.server.clone(),
            client: pair.client.clone(),
        });
        // With these dropped, the child holds the last clones, whose drop would close the sockets.
        in_child(|| {
            drop(theirs.take());
            // SAFETY: the parent's memory is another; in the child, the original is never used
            // again.
            let last = unsafe { std::ptr::read(&raw const pair) };
            drop(last);
            drop(kept.clone());
            Ok(())
        });
        goes_on(&pair);
    }
}

#[test]
fn forked_child_works_in_a_context_of_its_own() {
    let _watchdog = watchdog();
    let pair = pair(Transport::Tcp);
    pair.greet();
    in_child(talks_in_a_context_of_its_own);
    goes_on(&pair);
}

#[test]
fn forked_grandchild_cannot_use_its_parents_sockets() {
    let _watchdog = watchdog();
    in_child(|| {
        let own = pair(Transport::Tcp);
        let id = own.greet();
        in_child(|| refuses_everything(&own, id));
        in_child(talks_in_a_context_of_its_own);
        goes_on(&own);
        Ok(())
    });
}

/// Contexts made and dropped by other threads while this one forks must leave no lock behind that
/// the child waits for.
#[test]
fn fork_beside_other_threads_leaves_no_lock_held() {
    let _watchdog = watchdog();
    let done = std::sync::atomic::AtomicBool::new(false);
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while !done.load(std::sync::atomic::Ordering::Relaxed) {
                    let ctx = Ctx::new();
                    let _ = ctx.handle().io_threads();
                    let _ = Ctx::global();
                }
            });
        }
        let outcome = catch_unwind(AssertUnwindSafe(|| {
            for _ in 0..100 {
                in_child(|| {
                    let ctx = Ctx::new();
                    let _ = Ctx::global();
                    Client::with_ctx(ctx.handle()).map(drop).map_err(|error| error.to_string())
                });
            }
        }));
        done.store(true, std::sync::atomic::Ordering::Relaxed);
        if let Err(panic) = outcome {
            std::panic::resume_unwind(panic);
        }
    });
}

#[test]
fn owner_freed_by_an_io_thread_of_a_forked_child_is_dropped() {
    use std::sync::{Arc, atomic};

    struct Counted(Arc<atomic::AtomicUsize>);

    impl AsRef<[u8]> for Counted {
        fn as_ref(&self) -> &[u8] {
            &[7; 1000]
        }
    }

    impl Drop for Counted {
        fn drop(&mut self) {
            self.0.fetch_add(1, atomic::Ordering::SeqCst);
        }
    }

    let _watchdog = watchdog();
    let is_dropped = || {
        let pair = pair(Transport::Tcp);
        let drops = Arc::new(atomic::AtomicUsize::new(0));
        pair.client.send(Msg::from_owner(Counted(drops.clone()))).unwrap();
        assert_eq!(pair.server.recv_msg().unwrap().len(), 1000);
        common::until(|| drops.load(atomic::Ordering::SeqCst) == 1);
    };
    // The parent has the thread that drops owners by now, and the child needs one of its own.
    is_dropped();
    in_child(|| {
        is_dropped();
        Ok(())
    });
}
