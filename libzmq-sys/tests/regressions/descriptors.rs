//! Processes that have no file descriptors left, or one to three.

use std::fs::File;
use std::os::unix::net::UnixStream;

use crate::udp::free;
use crate::zmq::*;

/// Takes all that are left but so many.
fn all_but(left: usize) -> Vec<File> {
    let mut files: Vec<File> =
        std::iter::from_fn(|| File::open("/dev/null").ok()).take(1 << 20).collect();
    files.truncate(files.len() - left);
    files
}

cases! {
    fn bind_without_descriptors_is_an_error() {
        let ctx = Ctx::new();
        let pull = ctx.socket(ZMQ_PULL);
        let files = all_but(0);
        assert_eq!(pull.bind("tcp://127.0.0.1:*"), Err(EMFILE));
        drop(files);
        assert_eq!(pull.bind("tcp://127.0.0.1:*"), Ok(0));
    }

    fn udp_without_descriptors_does_not_abort() {
        let ctx = Ctx::new();
        let (dish, radio) = (ctx.socket(ZMQ_DISH), ctx.socket(ZMQ_RADIO));
        let (dish_at, radio_to) = (free(), free());
        let files = all_but(0);
        // Resolving the address may need a descriptor; if not, the I/O thread needs one.
        let _ = dish.bind(&dish_at);
        assert_eq!(radio.connect(&radio_to), Ok(0));
        let fence = ctx.try_socket(ZMQ_PAIR).err();
        settle();
        drop(files);
        assert_eq!(fence, Some(EMFILE));
        for socket in [dish, radio] {
            socket.close();
        }
        assert_eq!(ctx.term(), Ok(0));
    }

    fn ipc_connection_without_descriptors_is_accepted_later() {
        let path = std::env::temp_dir().join(format!("libzmq-regression-{}", std::process::id()));
        let endpoint = format!("ipc://{}", path.display());
        let ctx = Ctx::new();
        let (pull, push) = (ctx.socket(ZMQ_PULL), ctx.socket(ZMQ_PUSH));
        assert_eq!(pull.bind(&endpoint), Ok(0));
        let files = all_but(1);
        // Takes the last for its own end, so that there is none for the other.
        let stream = UnixStream::connect(&path);
        settle();
        drop(files);
        assert!(stream.is_ok());
        assert_eq!(push.connect(&endpoint), Ok(0));
        assert_eq!(push.send(b"x", 0), Ok(1));
        assert!(pull.recv(0).is_ok());
        let _ = std::fs::remove_file(path);
    }

    fn thread_safe_sockets_close_without_descriptors() {
        let ctx = Ctx::new();
        let server = ctx.socket(ZMQ_SERVER);
        let client = ctx.socket(ZMQ_CLIENT);
        assert_eq!(client.connect(&server.bound("tcp://127.0.0.1:*")), Ok(0));
        client.set(ZMQ_LINGER, 20_000);
        assert_eq!(client.send(b"the last word", 0), Ok(13));
        let files = all_but(0);
        client.close();
        assert!(server.recv(0).is_ok_and(|msg| msg.body() == b"the last word"));
        server.close();
        // The sockets go while there is nothing to go with.
        assert_eq!(ctx.term(), Ok(0));
        drop(files);
    }

    fn context_that_could_not_start_without_descriptors_starts_later() {
        for io_threads in [1, 3] {
            // Each thread has a mailbox and a poller, and the reaper is one more.
            for left in 0..2 * (io_threads + 1) {
                let ctx = Ctx::new();
                ctx.set(ZMQ_IO_THREADS, io_threads);
                let files = all_but(usize::try_from(left).expect("a few"));
                let early = ctx.try_socket(ZMQ_SERVER).err();
                drop(files);
                assert_eq!(early, Some(EMFILE), "{left}");
                let (server, client) = (ctx.socket(ZMQ_SERVER), ctx.socket(ZMQ_CLIENT));
                assert_eq!(client.connect(&server.bound("tcp://127.0.0.1:*")), Ok(0));
                assert_eq!(client.send(b"x", 0), Ok(1));
                assert!(server.recv(0).is_ok());
                for socket in [server, client] {
                    socket.close();
                }
                assert_eq!(ctx.term(), Ok(0));
            }
        }
    }
}
