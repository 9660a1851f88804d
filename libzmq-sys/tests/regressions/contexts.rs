//! `zmq_ctx_term`, and the thread options of a context.

use crate::zmq::*;

cases! {
    fn ctx_term_at_the_socket_limit_ends_pending_inproc_connections() {
        for closed in [true, false] {
            let ctx = Ctx::new();
            ctx.set(ZMQ_MAX_SOCKETS, 2);
            let sockets = [ctx.socket(ZMQ_PULL), ctx.socket(ZMQ_PULL)];
            assert_eq!(ctx.try_socket(ZMQ_PULL).err(), Some(EMFILE));
            for endpoint in ["inproc://a", "inproc://b"] {
                for socket in sockets {
                    assert_eq!(socket.connect(endpoint), Ok(0));
                }
            }
            if closed {
                sockets.into_iter().for_each(Sock::close);
                assert_eq!(ctx.term(), Ok(0));
            } else {
                let term = std::thread::spawn(move || ctx.term());
                for socket in sockets {
                    assert_eq!(socket.recv(0).err(), Some(ETERM));
                    socket.close();
                }
                assert_eq!(term.join().ok(), Some(Ok(0)));
            }
        }
    }

    /// As for a process that drops its privileges before it makes the first socket.
    #[cfg(target_os = "linux")]
    fn thread_options_that_the_kernel_refuses_late_do_not_abort() {
        for (policy, priority) in [(libc::SCHED_FIFO | libc::SCHED_RESET_ON_FORK, 10), (77, 0)] {
            let ctx = Ctx::new();
            ctx.set(ZMQ_THREAD_SCHED_POLICY, policy);
            ctx.set(ZMQ_THREAD_PRIORITY, priority);
            ctx.set(ZMQ_THREAD_AFFINITY_CPU_ADD, 1000);
            ctx.socket(ZMQ_PULL).close();
            assert_eq!(ctx.term(), Ok(0));
        }
    }

    /// The threads of the context stayed with the parent.
    #[cfg(unix)]
    fn ctx_term_succeeds_in_a_forked_child() {
        let ctx = Ctx::new();
        let (pull, push) = (ctx.socket(ZMQ_PULL), ctx.socket(ZMQ_PUSH));
        let endpoint = pull.bound("tcp://127.0.0.1:*");
        // SAFETY: the child does no more than call libzmq and end.
        let child = unsafe { libc::fork() };
        if child == 0 {
            push.close();
            pull.close();
            let ended = (0..100).any(|_| ctx.term().is_ok());
            let fresh = Ctx::new();
            let push = fresh.socket(ZMQ_PUSH);
            push.set(ZMQ_LINGER, 20_000);
            let sent = push.connect(&endpoint).is_ok() && push.send(b"from the child", 0).is_ok();
            push.close();
            let ok = ended && sent && fresh.term().is_ok();
            // SAFETY: it ends the process without running what belongs to the parent.
            unsafe { libc::_exit(i32::from(!ok)) }
        }
        assert!(pull.recv(0).is_ok_and(|msg| msg.body() == b"from the child"));
        let mut status = -1;
        // SAFETY: `status` outlives the call.
        assert_eq!(unsafe { libc::waitpid(child, &raw mut status, 0) }, child);
        assert_eq!(status, 0);
        for socket in [pull, push] {
            socket.close();
        }
        assert_eq!(ctx.term(), Ok(0));
    }
}
