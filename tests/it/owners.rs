//! The drop of a message's owner is code of the user. It never runs within libzmq, nor under a lock
//! of this crate, so it may call anything.

use std::{
    cell::{Cell, RefCell},
    io::Read,
    panic,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
        mpsc,
    },
    thread,
    time::Duration,
};

use libzmq::{addr::Endpoint, prelude::*};

use crate::common::{Transport, listener, until, watchdog};

/// More than a message holds within itself, and not aligned to anything.
const SIZE: usize = 99;

/// An owner of bytes whose drop makes a call.
struct OnDrop<F: FnOnce() + Send>(Option<F>);

impl<F: FnOnce() + Send> AsRef<[u8]> for OnDrop<F> {
    fn as_ref(&self) -> &[u8] {
        &[7; SIZE]
    }
}

impl<F: FnOnce() + Send> Drop for OnDrop<F> {
    fn drop(&mut self) {
        if let Some(call) = self.0.take() {
            call();
        }
    }
}

/// A message that makes the call when its last clone is dropped.
fn on_drop(call: impl FnOnce() + Send + 'static) -> Msg {
    Msg::from_owner(OnDrop(Some(call)))
}

/// A message that is counted when its last clone is dropped.
fn counted(count: &Arc<AtomicUsize>) -> Msg {
    let count = count.clone();
    on_drop(move || {
        count.fetch_add(1, Ordering::SeqCst);
    })
}

/// Makes the call on another thread, and waits for it. That is a deadlock if this thread holds a
/// lock that the call takes.
fn elsewhere(call: impl FnOnce() + Send + 'static) {
    thread::spawn(call).join().unwrap();
}

fn inproc() -> Endpoint {
    Transport::Inproc.anywhere().parse().unwrap()
}

#[test]
fn conflating_push_whose_owner_sends_on_the_same_socket_delivers_whole_messages() {
    thread_local! {
        static PUSH: RefCell<Option<Push>> = const { RefCell::new(None) };
        static KEPT: RefCell<Option<Msg>> = const { RefCell::new(None) };
        static SENT: Cell<u32> = const { Cell::new(0) };
    }

    let _watchdog = watchdog();
    for transport in [Transport::Inproc, Transport::Tcp] {
        let ctx = Ctx::new();
        let pull = PullBuilder::new()
            .conflate(true)
            .bind(transport.anywhere())
            .with_ctx(ctx.handle())
            .unwrap();
        let push = PushBuilder::new()
            .conflate(true)
            .connect(pull.last_endpoint().unwrap())
            .with_ctx(ctx.handle())
            .unwrap();
        PUSH.set(Some(push));
        KEPT.set(Some(vec![1; SIZE].into()));
        for _ in 0..100 {
            let msg = on_drop(|| {
                let kept = KEPT.with_borrow(Clone::clone);
                // Over tcp the I/O thread may be the one that frees it.
                PUSH.with_borrow(|push| {
                    if let Some((push, kept)) = push.as_ref().zip(kept) {
                        push.send(kept).unwrap();
                        SENT.set(SENT.get() + 1);
                    }
                });
            });
            PUSH.with_borrow(|push| push.as_ref().unwrap().send(msg)).unwrap();
        }
        PUSH.with_borrow(|push| push.as_ref().unwrap().send("last")).unwrap();
        assert!(SENT.get() > 0 || transport == Transport::Tcp);
        let msg = pull.recv_msg().unwrap();
        assert!(msg == [7; SIZE] || msg == [1; SIZE] || msg == "last", "{msg:?}");
        PUSH.set(None);
    }
}

#[test]
fn xsub_whose_owner_reads_an_option_survives_a_peer_that_hangs_up() {
    thread_local! {
        static XSUB: RefCell<Option<XSub>> = const { RefCell::new(None) };
    }

    let _watchdog = watchdog();
    let peer = listener();
    let address = peer.local_addr().unwrap();
    let hangs_up = thread::spawn(move || {
        for _ in 0..5 {
            let (mut connection, _) = peer.accept().unwrap();
            let _ = connection.read(&mut [0; 1]);
        }
    });
    let ctx = Ctx::new();
    let xsub = XSubBuilder::new()
        .connect(format!("tcp://{address}"))
        .reconnect_interval(Duration::from_millis(1))
        .with_ctx(ctx.handle());
    XSUB.set(Some(xsub.unwrap()));
    const COUNT: usize = 100;
    let drops = Arc::new(AtomicUsize::new(0));
    let look = || {
        XSUB.with_borrow(|xsub| xsub.as_ref().unwrap().get(opt::ReadyEvents).unwrap());
    };
    for _ in 0..COUNT {
        let drops = drops.clone();
        let msg = on_drop(move || {
            look();
            drops.fetch_add(1, Ordering::SeqCst);
        });
        XSUB.with_borrow(|xsub| xsub.as_ref().unwrap().try_send(msg).unwrap());
    }
    // By now the socket has more than one report of a lost connection to look at, each of which
    // has it free its queue.
    hangs_up.join().unwrap();
    until(|| {
        look();
        drops.load(Ordering::SeqCst) == COUNT
    });
    XSUB.set(None);
}

#[test]
fn thread_safe_socket_holds_no_lock_while_an_owner_is_dropped() {
    let _watchdog = watchdog();
    let ctx = Ctx::new();

    // Without a dish the radio frees what it sends.
    let radio = Radio::with_ctx(ctx.handle()).unwrap();
    let clone = radio.clone();
    let (done, dropped) = mpsc::channel();
    let msg = on_drop(move || {
        elsewhere({
            let clone = clone.clone();
            move || clone.send("from another thread").unwrap()
        });
        clone.send("from this thread").unwrap();
        done.send(()).unwrap();
    });
    radio.send(msg).unwrap();
    dropped.try_recv().unwrap();

    // Receiving frees what the message held before.
    let client = Client::with_ctx(ctx.handle()).unwrap();
    let clone = client.clone();
    let (done, dropped) = mpsc::channel();
    let mut msg = on_drop(move || {
        elsewhere(move || assert!(clone.try_recv_msg().is_err()));
        done.send(()).unwrap();
    });
    client.try_recv(&mut msg).unwrap_err();
    dropped.try_recv().unwrap();
}

#[test]
fn owner_is_dropped_before_a_receive_blocks() {
    let _watchdog = watchdog();
    for timeout in [Infinite, Finite(Duration::from_secs(30))] {
        let ctx = Ctx::new();
        let pull =
            PullBuilder::new().bind(inproc()).recv_timeout(timeout).with_ctx(ctx.handle()).unwrap();
        let push = PushBuilder::new()
            .connect(pull.last_endpoint().unwrap())
            .with_ctx(ctx.handle())
            .unwrap();
        let this = thread::current().id();
        let mut msg = on_drop(move || {
            assert_eq!(thread::current().id(), this);
            push.send("what the receive waits for").unwrap();
        });
        pull.recv(&mut msg).unwrap();
        assert_eq!(msg, "what the receive waits for");

        let server = ServerBuilder::new()
            .bind(inproc())
            .recv_timeout(timeout)
            .with_ctx(ctx.handle())
            .unwrap();
        let client = ClientBuilder::new()
            .connect(server.last_endpoint().unwrap())
            .with_ctx(ctx.handle())
            .unwrap();
        let mut msg = on_drop(move || client.send("what the receive waits for").unwrap());
        server.recv(&mut msg).unwrap();
        assert_eq!(msg, "what the receive waits for");
    }
}

#[test]
fn owner_that_receives_does_not_tear_a_multipart_message() {
    thread_local! {
        static PULL: RefCell<Option<Pull>> = const { RefCell::new(None) };
        static RECEIVED: RefCell<Vec<Multipart>> = const { RefCell::new(Vec::new()) };
    }

    let _watchdog = watchdog();
    let ctx = Ctx::new();
    let pull = PullBuilder::new().bind(inproc()).with_ctx(ctx.handle()).unwrap();
    let push =
        PushBuilder::new().connect(pull.last_endpoint().unwrap()).with_ctx(ctx.handle()).unwrap();
    PULL.set(Some(pull));
    let receives = || {
        on_drop(|| {
            let parts = PULL.with_borrow(|pull| pull.as_ref().unwrap().try_recv_multipart());
            RECEIVED.with_borrow_mut(|received| received.push(parts.unwrap()));
        })
    };
    for parts in [["1", "2"], ["3", "4"], ["5", "6"]] {
        push.send_multipart(parts).unwrap();
    }
    let mut msg = receives();
    let received = PULL.with_borrow(|pull| pull.as_ref().unwrap().recv(&mut msg));
    assert_eq!(received.unwrap_err().kind(), ErrorKind::Multipart);
    assert_eq!(RECEIVED.take(), [["1", "2"]]);

    // What was put aside is replaced by the next.
    push.send_multipart(vec![receives(), "end".into()]).unwrap();
    PULL.with_borrow(|pull| {
        let pull = pull.as_ref().unwrap();
        assert_eq!(pull.recv_multipart().unwrap(), ["3", "4"]);
        assert_eq!(pull.recv_multipart().unwrap(), ["5", "6"]);
        assert_eq!(pull.recv_msg().unwrap_err().kind(), ErrorKind::Multipart);
        push.send_multipart(["7", "8"]).unwrap();
        push.send_multipart(["9", "10"]).unwrap();
        assert_eq!(pull.recv_msg().unwrap_err().kind(), ErrorKind::Multipart);
    });
    assert_eq!(RECEIVED.take(), [["7", "8"]]);
    PULL.with_borrow(|pull| {
        assert_eq!(pull.as_ref().unwrap().recv_multipart().unwrap(), ["9", "10"]);
    });
    PULL.set(None);
}

#[test]
fn owner_may_close_a_socket_and_terminate_a_context() {
    let _watchdog = watchdog();
    // Freed by the call on a message, by a socket, and by an I/O thread of the very context.
    for by in ["message", "publisher", "I/O thread"] {
        let ctx = Ctx::new();
        let handle = ctx.handle();
        let held = Push::with_ctx(handle).unwrap();
        let (done, dropped) = mpsc::channel();
        let msg = on_drop(move || {
            drop(held);
            let mut ctx = Some(ctx);
            until(|| match ctx.take().unwrap().terminate() {
                Ok(()) => true,
                Err(mut error) => {
                    ctx = error.take();
                    false
                }
            });
            done.send(()).unwrap();
        });
        match by {
            "message" => drop(msg),
            "publisher" => {
                let other = Ctx::new();
                Pub::with_ctx(other.handle()).unwrap().send(msg).unwrap();
            }
            _ => {
                let other = Ctx::new();
                let pull = PullBuilder::new()
                    .bind(Transport::Tcp.anywhere())
                    .with_ctx(other.handle())
                    .unwrap();
                let push = PushBuilder::new()
                    .connect(pull.last_endpoint().unwrap())
                    .with_ctx(handle)
                    .unwrap();
                push.send(msg).unwrap();
                drop(push);
                assert_eq!(pull.recv_msg().unwrap().len(), SIZE);
            }
        }
        dropped.recv().unwrap();
    }
}

#[test]
fn panic_of_one_owner_does_not_stop_the_drop_of_others() {
    let _watchdog = watchdog();
    let ctx = Ctx::new();
    let pull = PullBuilder::new().bind(inproc()).with_ctx(ctx.handle()).unwrap();
    let push =
        PushBuilder::new().connect(pull.last_endpoint().unwrap()).with_ctx(ctx.handle()).unwrap();
    let drops = Arc::new(AtomicUsize::new(0));
    for number in 0..10 {
        if number % 2 == 0 {
            push.send(on_drop(|| panic::panic_any(on_drop(|| panic!("again"))))).unwrap();
        } else {
            push.send(counted(&drops)).unwrap();
        }
    }
    drop(pull);
    drop(push);
    until(|| drops.load(Ordering::SeqCst) == 5);
}

#[test]
fn owner_whose_as_ref_panics_is_dropped() {
    struct Panics(Arc<AtomicUsize>);

    impl AsRef<[u8]> for Panics {
        fn as_ref(&self) -> &[u8] {
            panic!("no bytes");
        }
    }

    impl Drop for Panics {
        fn drop(&mut self) {
            self.0.fetch_add(1, Ordering::SeqCst);
        }
    }

    let drops = Arc::new(AtomicUsize::new(0));
    let owner = Panics(drops.clone());
    panic::catch_unwind(move || Msg::from_owner(owner)).unwrap_err();
    assert_eq!(drops.load(Ordering::SeqCst), 1);
}

#[test]
fn messages_that_own_messages_do_not_overflow_the_stack() {
    let _watchdog = watchdog();
    let drops = Arc::new(AtomicUsize::new(0));
    let mut msg = counted(&drops);
    for _ in 0..100_000 {
        let inner = msg;
        msg = on_drop(move || drop(inner));
    }
    drop(msg);
    assert_eq!(drops.load(Ordering::SeqCst), 1);
}

#[test]
fn owner_that_another_owner_frees_is_dropped_at_once() {
    let _watchdog = watchdog();
    let drops = Arc::new(AtomicUsize::new(0));
    let inner = counted(&drops);
    let seen = drops.clone();
    drop(on_drop(move || {
        drop(inner);
        seen.fetch_add(10 * seen.load(Ordering::SeqCst), Ordering::SeqCst);
    }));
    assert_eq!(drops.load(Ordering::SeqCst), 11);
}

#[test]
fn owner_of_a_message_that_ends_with_its_thread_is_dropped() {
    thread_local! {
        static LAST: RefCell<Option<Msg>> = const { RefCell::new(None) };
    }

    let _watchdog = watchdog();
    let drops = Arc::new(AtomicUsize::new(0));
    let msg = counted(&drops);
    thread::spawn(move || LAST.set(Some(msg))).join().unwrap();
    until(|| drops.load(Ordering::SeqCst) == 1);
}

#[test]
fn call_that_blocks_does_not_delay_the_drop_of_owners() {
    let _watchdog = watchdog();
    let ctx = Ctx::new();
    let pull = PullBuilder::new().bind(inproc()).recv_hwm(1).with_ctx(ctx.handle()).unwrap();
    let push = PushBuilder::new()
        .connect(pull.last_endpoint().unwrap())
        .send_hwm(1)
        .with_ctx(ctx.handle())
        .unwrap();
    let drops = Arc::new(AtomicUsize::new(0));
    while push.try_send(counted(&drops)).is_ok() {}
    let before = drops.load(Ordering::SeqCst);
    let blocked = thread::spawn(move || push.send(Msg::new()).unwrap_err().kind());
    // The queue goes with its reader, and is freed by one of the two: the call finds no other peer.
    drop(pull);
    until(|| drops.load(Ordering::SeqCst) > before);
    assert!(!blocked.is_finished());
    drop(ctx);
    assert_eq!(blocked.join().unwrap(), ErrorKind::InvalidCtx);
}

#[test]
fn owner_that_blocks_does_not_stop_an_io_thread() {
    let _watchdog = watchdog();
    let ctx = Ctx::new();
    let pull = PullBuilder::new().bind(Transport::Tcp.anywhere()).with_ctx(ctx.handle()).unwrap();
    let push = Arc::new(Mutex::new(
        PushBuilder::new().connect(pull.last_endpoint().unwrap()).with_ctx(ctx.handle()).unwrap(),
    ));
    let (release, released) = mpsc::channel();
    let (done, dropped) = mpsc::channel();
    let msg = on_drop(move || {
        released.recv().unwrap();
        done.send(()).unwrap();
    });
    push.lock().unwrap().send(msg).unwrap();
    for _ in 0..100 {
        push.lock().unwrap().send("more").unwrap();
    }
    assert_eq!(pull.recv_msg().unwrap().len(), SIZE);
    for _ in 0..100 {
        assert_eq!(pull.recv_msg().unwrap(), "more");
    }
    release.send(()).unwrap();
    dropped.recv().unwrap();
}

#[cfg(feature = "bytes")]
#[test]
fn owner_of_a_bytes_value_is_dropped_by_the_send() {
    let _watchdog = watchdog();
    let radio = Radio::new().unwrap();
    let clone = radio.clone();
    let (done, dropped) = mpsc::channel();
    let owner = OnDrop(Some(move || {
        elsewhere(move || clone.send("from another thread").unwrap());
        done.send(()).unwrap();
    }));
    radio.send(bytes::Bytes::from_owner(owner)).unwrap();
    dropped.try_recv().unwrap();
}

#[cfg(feature = "tokio")]
#[tokio::test]
async fn owner_may_use_the_async_socket_that_freed_it() {
    let _watchdog = watchdog();
    // Without a subscriber each frees what it sends.
    let publisher = Arc::new(Async::new(Pub::new().unwrap()).unwrap());
    let drops = Arc::new(AtomicUsize::new(0));
    let msg = |own: &Arc<Async<Pub>>| {
        let (own, drops) = (own.clone(), drops.clone());
        on_drop(move || {
            own.with(|publisher| publisher.send_hwm()).unwrap();
            drops.fetch_add(1, Ordering::SeqCst);
        })
    };
    publisher.send(msg(&publisher)).await.unwrap();
    publisher.send_multipart([msg(&publisher), msg(&publisher)]).await.unwrap();
    assert_eq!(drops.load(Ordering::SeqCst), 3);
    publisher.with(|inner| inner.send(msg(&publisher))).unwrap();
    assert_eq!(drops.load(Ordering::SeqCst), 4);
    let pending = panic::catch_unwind(panic::AssertUnwindSafe(|| {
        publisher.with(|inner| {
            inner.send(msg(&publisher)).unwrap();
            panic!("within a call");
        })
    }));
    assert!(pending.is_err());
    assert_eq!(drops.load(Ordering::SeqCst), 5);
}
