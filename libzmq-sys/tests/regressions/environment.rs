//! Options that the kernel refuses, and a process without privileges.

use std::net::TcpStream;
use std::time::{Duration, Instant};

use crate::zmq::*;

/// Above what the kernel gives to a user without CAP_NET_ADMIN.
const HIGH: i32 = 7;

/// Gives up what root may do, if this process may do it.
fn become_a_user() {
    // SAFETY: plain system calls; glibc changes all threads of the process.
    let _ = unsafe { (libc::setgid(65534), libc::setuid(65534)) };
}

fn descriptors() -> usize {
    std::fs::read_dir("/proc/self/fd").expect("a list of them").count()
}

/// The CPU time that this process has used.
fn cpu_time() -> Duration {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: the clock exists on Linux, and `time` is a timespec to write to.
    let rc = unsafe { libc::clock_gettime(libc::CLOCK_PROCESS_CPUTIME_ID, &raw mut time) };
    assert_eq!(rc, 0);
    let seconds = time.tv_sec.try_into().expect("not negative");
    Duration::new(seconds, time.tv_nsec.try_into().expect("below a second"))
}

fn schemes() -> impl Iterator<Item = &'static str> {
    ["tcp", "ws"].into_iter().filter(|scheme| *scheme == "tcp" || c!(zmq_has(c"WS".as_ptr())) == 1)
}

cases! {
    fn priority_without_the_privilege_is_an_error() {
        become_a_user();
        let ctx = Ctx::new();
        for scheme in schemes() {
            let (pull, push) = (ctx.socket(ZMQ_PULL), ctx.socket(ZMQ_PUSH));
            pull.set(ZMQ_PRIORITY, HIGH);
            push.set(ZMQ_PRIORITY, HIGH);
            assert_eq!(pull.bind(&format!("{scheme}://127.0.0.1:*")), Err(libc::EPERM));
            pull.set(ZMQ_PRIORITY, 0);
            let endpoint = pull.bound(&format!("{scheme}://127.0.0.1:*"));
            assert_eq!(push.connect(&endpoint), Err(libc::EPERM));
            push.set(ZMQ_PRIORITY, 6);
            assert_eq!(push.connect(&endpoint), Ok(0));
            assert_eq!(push.send(b"x", 0), Ok(1));
            assert!(pull.recv(0).is_ok());
        }
    }

    fn options_that_the_kernel_refuses_are_errors() {
        become_a_user();
        let ctx = Ctx::new();
        let server = ctx.socket(ZMQ_PULL);
        let endpoint = server.bound("tcp://127.0.0.1:*");
        let refused = [
            (ZMQ_TCP_KEEPALIVE_IDLE, 1 << 30, libc::EINVAL),
            (ZMQ_TCP_KEEPALIVE_INTVL, 1 << 30, libc::EINVAL),
            (ZMQ_TCP_KEEPALIVE_CNT, 1 << 30, libc::EINVAL),
            (ZMQ_PRIORITY, i32::MAX, libc::EPERM),
        ];
        for (option, value, errno) in refused {
            let socket = ctx.socket(ZMQ_DEALER);
            socket.set(ZMQ_TCP_KEEPALIVE, 1);
            socket.set(option, value);
            assert_eq!(socket.bind("tcp://127.0.0.1:*"), Err(errno), "{option}");
            assert_eq!(socket.connect(&endpoint), Err(errno), "{option}");
            assert_eq!(socket.bind(&format!("inproc://{option}")), Ok(0));
            socket.close();
        }
    }

    fn options_that_the_kernel_adjusts_are_accepted() {
        become_a_user();
        let ctx = Ctx::new();
        let bent = [
            (ZMQ_SNDBUF, i32::MAX),
            (ZMQ_SNDBUF, 0),
            (ZMQ_RCVBUF, i32::MAX),
            (ZMQ_RCVBUF, 0),
            (ZMQ_TOS, 255),
            (ZMQ_BUSY_POLL, 1),
            (ZMQ_TCP_MAXRT, i32::MAX),
            (ZMQ_BACKLOG, i32::MAX),
            (ZMQ_MULTICAST_HOPS, i32::MAX),
        ];
        for (option, value) in bent {
            for host in ["127.0.0.1", "[::1]"] {
                let (pull, push) = (ctx.socket(ZMQ_PULL), ctx.socket(ZMQ_PUSH));
                for socket in [pull, push] {
                    socket.set(ZMQ_IPV6, 1);
                    socket.set(option, value);
                }
                if host == "[::1]" && pull.bind("tcp://[::1]:*").is_err() {
                    continue;
                }
                let endpoint = pull.bound(&format!("tcp://{host}:*"));
                assert_eq!(push.connect(&endpoint), Ok(0), "{option}");
                assert_eq!(push.send(b"x", 0), Ok(1));
                assert!(pull.recv(0).is_ok(), "{option}");
            }
        }
    }

    fn missing_device_fails_bind_and_is_retried_by_connect() {
        become_a_user();
        let ctx = Ctx::new();
        let (pull, push) = (ctx.socket(ZMQ_PULL), ctx.socket(ZMQ_PUSH));
        let (radio, dish) = (ctx.socket(ZMQ_RADIO), ctx.socket(ZMQ_DISH));
        for socket in [pull, push, radio, dish] {
            assert_eq!(socket.try_set(ZMQ_BINDTODEVICE, b"missing0"), Ok(0));
        }
        assert!(pull.bind("tcp://127.0.0.1:*").is_err());
        let monitor = push.monitor(ctx, ZMQ_EVENT_CONNECT_RETRIED);
        let (_listener, endpoint) = crate::wire::listener();
        assert_eq!(push.connect(&endpoint), Ok(0));
        assert_eq!(u32::from(monitor.event()), ZMQ_EVENT_CONNECT_RETRIED);
        assert_eq!(radio.connect("udp://127.0.0.1:9"), Ok(0));
        assert_eq!(dish.bind(&crate::udp::free()), Ok(0));
        settle();
        for socket in [pull, push, radio, dish, monitor] {
            socket.close();
        }
        assert_eq!(ctx.term(), Ok(0));
    }

    fn udp_engine_with_a_missing_device_uses_no_cpu() {
        const WATCHED: Duration = Duration::from_secs(1);

        let ctx = Ctx::new();
        let (radio, dish) = (ctx.socket(ZMQ_RADIO), ctx.socket(ZMQ_DISH));
        for socket in [radio, dish] {
            assert_eq!(socket.try_set(ZMQ_BINDTODEVICE, b"missing0"), Ok(0));
        }
        assert_eq!(radio.connect("udp://127.0.0.1:9"), Ok(0));
        assert_eq!(dish.bind(&crate::udp::free()), Ok(0));
        // An I/O thread that restarts the engine without a pause uses much more than a tenth of one
        // CPU, also on a busy machine.
        let (start, used) = (Instant::now(), cpu_time());
        while start.elapsed() < WATCHED {
            std::thread::sleep(WATCHED / 20);
            assert!(cpu_time() - used < WATCHED / 10);
        }
        for socket in [radio, dish] {
            socket.close();
        }
        assert_eq!(ctx.term(), Ok(0));
    }

    fn thread_runs_without_the_scheduling_that_the_kernel_refuses() {
        let reset_on_fork = |policy| policy | libc::SCHED_RESET_ON_FORK;
        for as_user in [false, true] {
            if as_user {
                become_a_user();
            }
            for (policy, priority) in [
                (libc::SCHED_FIFO, 1),
                (libc::SCHED_RR, 1000),
                (reset_on_fork(libc::SCHED_FIFO), 1),
                (reset_on_fork(libc::SCHED_OTHER), 0),
                (libc::SCHED_OTHER, 99),
                (12_345, 1),
            ] {
                let ctx = Ctx::new();
                ctx.set(ZMQ_THREAD_SCHED_POLICY, policy);
                ctx.set(ZMQ_THREAD_PRIORITY, priority);
                ctx.set(ZMQ_THREAD_AFFINITY_CPU_ADD, 1000);
                let (pull, push) = (ctx.socket(ZMQ_PULL), ctx.socket(ZMQ_PUSH));
                assert_eq!(push.connect(&pull.bound("tcp://127.0.0.1:*")), Ok(0));
                assert_eq!(push.send(b"x", 0), Ok(1));
                assert!(pull.recv(0).is_ok());
                pull.close();
                push.close();
                assert_eq!(ctx.term(), Ok(0));
            }
        }
    }

    /// Allowed when the socket binds and connects, and no longer when it comes to it.
    fn option_that_the_kernel_refuses_leaks_no_descriptor() {
        let ctx = Ctx::new();
        for scheme in schemes() {
            let (pull, push) = (ctx.socket(ZMQ_PULL), ctx.socket(ZMQ_PUSH));
            pull.set(ZMQ_PRIORITY, HIGH);
            push.set(ZMQ_PRIORITY, HIGH);
            push.set(ZMQ_RECONNECT_IVL, 1);
            if pull.bind(&format!("{scheme}://127.0.0.1:*")) == Err(libc::EPERM) {
                return;
            }
            let endpoint = pull.bound(&format!("{scheme}://127.0.0.1:*"));
            let failed = pull.monitor(ctx, ZMQ_EVENT_ACCEPT_FAILED);
            let closed = format!("{scheme}://127.0.0.1:{}", free_port());
            let retried = push.monitor(ctx, ZMQ_EVENT_CONNECT_RETRIED);
            assert_eq!(push.connect(&closed), Ok(0));
            retried.event();
            // Only the threads that serve the sockets.
            let before = descriptors();
            as_a_user_of_all_threads(|| {
                for _ in 0..20 {
                    let address = endpoint.trim_end_matches('/').rsplit('/').next().expect("one");
                    let peer = TcpStream::connect(address);
                    assert_eq!(u32::from(failed.event()), ZMQ_EVENT_ACCEPT_FAILED);
                    drop(peer);
                    retried.event();
                }
            });
            eventually("the descriptors are back", || (descriptors() <= before + 1).then_some(()));
            pull.close();
            push.close();
        }
    }
}

fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("an address").port()
}

/// With the effective user changed, which takes the capabilities away until it is back.
fn as_a_user_of_all_threads(act: impl FnOnce()) {
    // SAFETY: plain system calls; glibc changes all threads of the process.
    assert_eq!(unsafe { libc::seteuid(65534) }, 0);
    act();
    // SAFETY: as above.
    assert_eq!(unsafe { libc::seteuid(0) }, 0);
}
