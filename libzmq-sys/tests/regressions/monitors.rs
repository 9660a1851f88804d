//! Monitor events, and their effect on the monitored socket.

use std::time::Duration;

use crate::zmq::*;

const SECONDS: Duration = Duration::from_secs(20);

/// Reads events of version 3, and counts those that were read and lost.
struct Reader {
    sub: Sock,
    read: u64,
    lost: u64,
}

impl Reader {
    /// Keeps ten events, beside the thousand that its publisher keeps.
    fn new(ctx: Ctx, endpoint: &str) -> Self {
        let sub = ctx.socket(ZMQ_SUB);
        sub.set(ZMQ_RCVHWM, 10);
        assert_eq!(sub.try_set(ZMQ_SUBSCRIBE, b""), Ok(0));
        assert_eq!(sub.connect(endpoint), Ok(0));
        Self { sub, read: 0, lost: 0 }
    }

    /// Which event comes next, and how many were lost before it.
    fn next(&mut self) -> (u32, u64) {
        let mut parts = vec![self.sub.recv_within(SECONDS).expect("an event")];
        while self.sub.get(ZMQ_RCVMORE) == 1 {
            parts.push(self.sub.recv(0).expect("the rest of it"));
        }
        let number =
            |place: usize| u64::from_ne_bytes(parts[place].body().try_into().expect("64 bits"));
        // Lost, event, number of values, value, local endpoint, remote endpoint.
        assert_eq!((parts.len(), number(2)), (6, 1));
        self.read += 1;
        self.lost += number(0);
        (u32::try_from(number(1)).expect("an event"), number(0))
    }
}

cases! {
    fn failed_bind_of_a_monitored_socket_keeps_its_errno() {
        for anywhere in ["tcp://127.0.0.1:*", "ws://127.0.0.1:*"] {
            let ctx = Ctx::new();
            let (first, second) = (ctx.socket(ZMQ_ROUTER), ctx.socket(ZMQ_ROUTER));
            let endpoint = first.bound(anywhere);
            let reader = second.monitor(ctx, ZMQ_EVENT_BIND_FAILED);
            assert_eq!(second.bind(&endpoint), Err(EADDRINUSE), "{anywhere}");
            assert_eq!(u32::from(reader.event()), ZMQ_EVENT_BIND_FAILED);
        }
    }

    /// A bind that fails is one event, of the thread that tries it.
    fn monitor_of_version_3_counts_lost_events_and_always_stops() {
        const EVENTS: u64 = 3000;

        let ctx = Ctx::new();
        let (first, second) = (ctx.socket(ZMQ_ROUTER), ctx.socket(ZMQ_ROUTER));
        let endpoint = first.bound("tcp://127.0.0.1:*");
        let fail = || (0..EVENTS).for_each(|_| assert_eq!(second.bind(&endpoint), Err(EADDRINUSE)));

        let mut reader = Reader::new(ctx, "inproc://events");
        let events = ZMQ_EVENT_BIND_FAILED | ZMQ_EVENT_MONITOR_STOPPED;
        assert_eq!(second.publish_events("inproc://events", events, 3, ZMQ_PUB), Ok(0));
        fail();
        for _ in 0..1010 {
            assert_eq!(reader.next(), (ZMQ_EVENT_BIND_FAILED, 0));
        }
        // The queue has space again. When it is full once more, the stop is reported all the same.
        fail();
        second.close();
        let mut told = 0;
        loop {
            let (event, lost) = reader.next();
            told += u64::from(lost > 0);
            if event == ZMQ_EVENT_MONITOR_STOPPED {
                break;
            }
        }
        assert_eq!(reader.read + reader.lost, 2 * EVENTS + 1);
        assert!(
            told >= 2 && reader.read > 2000,
            "{} read, of those {told} after a loss",
            reader.read
        );
    }

    fn second_monitor_of_a_socket_counts_lost_events_from_zero() {
        let ctx = Ctx::new();
        let (first, second) = (ctx.socket(ZMQ_ROUTER), ctx.socket(ZMQ_ROUTER));
        let endpoint = first.bound("tcp://127.0.0.1:*");
        let mut readers = ["inproc://one", "inproc://two"].map(|name| {
            let reader = Reader::new(ctx, name);
            let events = ZMQ_EVENT_BIND_FAILED | ZMQ_EVENT_MONITOR_STOPPED;
            assert_eq!(second.publish_events(name, events, 3, ZMQ_PUB), Ok(0));
            (0..2000).for_each(|_| assert_eq!(second.bind(&endpoint), Err(EADDRINUSE)));
            reader
        });
        second.close();
        for reader in &mut readers {
            while reader.next().0 != ZMQ_EVENT_MONITOR_STOPPED {}
            assert_eq!((reader.read, reader.lost), (1011, 990));
        }
    }

    fn monitor_of_version_3_must_be_a_pub() {
        let ctx = Ctx::new();
        let socket = ctx.socket(ZMQ_ROUTER);
        for kind in [ZMQ_PAIR, ZMQ_PUSH] {
            assert_eq!(
                socket.publish_events("inproc://events", ZMQ_EVENT_ALL, 3, kind),
                Err(EINVAL)
            );
        }
    }

    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    fn events_after_shutdown_leak_nothing() {
        if !malloc_counts() {
            return;
        }
        let ctx = Ctx::new();
        let push = ctx.socket(ZMQ_PUSH);
        assert_eq!(push.publish_events("inproc://events", ZMQ_EVENT_ALL_V2, 2, ZMQ_PUB), Ok(0));
        push.set(ZMQ_RECONNECT_IVL, 1);
        // An address too long for a message that needs no memory of its own.
        assert_eq!(push.connect(&format!("ipc:///nowhere/{}", "x".repeat(80))), Ok(0));
        ctx.shutdown();
        // The socket goes on connecting until its thread learns of the end.
        std::thread::sleep(Duration::from_millis(100));
        let before = allocated();
        std::thread::sleep(Duration::from_millis(500));
        let grown = allocated().saturating_sub(before);
        push.close();
        assert_eq!(ctx.term(), Ok(0));
        assert!(grown < 5000, "{grown} bytes");
    }
}
