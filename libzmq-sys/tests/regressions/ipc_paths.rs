//! The file at the path of an ipc endpoint.

use std::fs;
use std::os::unix::net::{UnixDatagram, UnixListener};
use std::path::{Path, PathBuf};
use std::sync::Barrier;
use std::thread;

use crate::wire;
use crate::zmq::*;

/// A folder that is removed at the end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("libzmq-{name}-{}", std::process::id()));
        fs::create_dir_all(&folder).expect("a folder");
        Self(folder)
    }

    fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn endpoint(path: &Path) -> String {
    format!("ipc://{}", path.display())
}

fn is_reached(ctx: Ctx, pull: Sock, endpoint: &str) {
    let push = ctx.socket(ZMQ_PUSH);
    assert_eq!(push.connect(endpoint), Ok(0));
    wire::gets_through(push, pull);
    push.close();
}

cases! {
    fn ipc_bind_to_a_file_that_is_no_socket_is_an_error() {
        let folder = Folder::new("files");
        let ctx = Ctx::new();
        let pull = ctx.socket(ZMQ_PULL);

        let file = folder.file("file");
        fs::write(&file, "precious").expect("written");
        let link = folder.file("link");
        std::os::unix::fs::symlink(&file, &link).expect("a link");
        let dangling = folder.file("dangling");
        std::os::unix::fs::symlink(folder.file("nothing"), &dangling).expect("a link");
        for path in [&file, &link, &dangling, &folder.0] {
            assert_eq!(pull.bind(&endpoint(path)), Err(EEXIST), "{}", path.display());
            assert!(fs::symlink_metadata(path).is_ok(), "{}", path.display());
        }
        assert_eq!(fs::read(&file).expect("the file"), b"precious");

        // Longer than an address can be.
        let long = folder.file(&"x".repeat(120));
        fs::write(&long, "precious").expect("written");
        assert_eq!(pull.bind(&endpoint(&long)), Err(libc::ENAMETOOLONG));
        assert!(long.exists());

        assert_eq!(pull.bind(&endpoint(&folder.file("none/socket"))), Err(ENOENT));
        assert_eq!(pull.bind(&endpoint(&file.join("socket"))), Err(libc::ENOTDIR));
        let free = endpoint(&folder.file("socket"));
        assert_eq!(pull.bind(&free), Ok(0));
        is_reached(ctx, pull, &free);
    }

    #[cfg(target_os = "linux")]
    fn ipc_bind_to_an_abstract_name_keeps_the_file_of_that_name() {
        let folder = Folder::new("abstract");
        std::env::set_current_dir(&folder.0).expect("the folder");
        let name = format!("@libzmq-name-{}", std::process::id());
        fs::write(&name, "precious").expect("written");
        let ctx = Ctx::new();
        let (first, second) = (ctx.socket(ZMQ_PULL), ctx.socket(ZMQ_PULL));
        let endpoint = format!("ipc://{name}");
        assert_eq!(first.bind(&endpoint), Ok(0));
        assert_eq!(second.bind(&endpoint), Err(EADDRINUSE));
        is_reached(ctx, first, &endpoint);
        assert_eq!(fs::read(&name).expect("the file"), b"precious");
    }

    fn ipc_bind_to_the_path_of_a_listener_is_address_in_use() {
        let folder = Folder::new("listeners");
        let path = folder.file("socket");
        let endpoint = endpoint(&path);
        let (ctx, other) = (Ctx::new(), Ctx::new());
        let (first, second, third) =
            (ctx.socket(ZMQ_PULL), ctx.socket(ZMQ_PULL), other.socket(ZMQ_PULL));
        assert_eq!(first.bind(&endpoint), Ok(0));
        for late in [first, second, third] {
            assert_eq!(late.bind(&endpoint), Err(EADDRINUSE));
        }
        is_reached(other, first, &endpoint);
        assert_eq!(first.unbind(&endpoint), Ok(0));
        assert_eq!(second.bind(&endpoint), Ok(0));
        assert_eq!(third.bind(&endpoint), Err(EADDRINUSE));
        is_reached(other, second, &endpoint);
        second.close();
        assert_eq!(third.bind(&endpoint), Ok(0));
        is_reached(ctx, third, &endpoint);
    }

    fn ipc_bind_to_the_path_of_another_kind_of_listener_is_address_in_use() {
        let folder = Folder::new("kinds");
        let pull = Ctx::new().socket(ZMQ_PULL);

        let path = folder.file("datagrams");
        let datagrams = UnixDatagram::bind(&path).expect("a socket");
        assert_eq!(pull.bind(&endpoint(&path)), Err(EADDRINUSE));
        drop(datagrams);
        assert_eq!(pull.bind(&endpoint(&path)), Ok(0));

        // One that accepts nothing, and has its backlog full.
        let path = folder.file("busy");
        let busy = UnixListener::bind(&path).expect("a socket");
        let mut waiting = Vec::new();
        busy.set_nonblocking(true).expect("an option");
        // SAFETY: a listening socket, whose backlog becomes as small as it can be.
        assert_eq!(unsafe { libc::listen(std::os::fd::AsRawFd::as_raw_fd(&busy), 0) }, 0);
        waiting.push(std::os::unix::net::UnixStream::connect(&path).expect("the only one"));
        assert_eq!(pull.bind(&endpoint(&path)), Err(EADDRINUSE));
        drop(busy);
        assert_eq!(pull.bind(&endpoint(&path)), Ok(0));
    }

    fn ipc_bind_replaces_a_socket_without_a_listener() {
        let folder = Folder::new("stale");
        let path = folder.file("socket");
        drop(UnixListener::bind(&path).expect("a socket"));
        assert!(path.exists());
        let ctx = Ctx::new();
        let pull = ctx.socket(ZMQ_PULL);
        assert_eq!(pull.bind(&endpoint(&path)), Ok(0));
        is_reached(ctx, pull, &endpoint(&path));
    }

    fn one_of_many_concurrent_ipc_binds_gets_the_path() {
        const BINDERS: usize = 8;
        let folder = Folder::new("race");
        let barrier = Barrier::new(BINDERS);
        for round in 0..100 {
            let path = folder.file(&round.to_string());
            if round % 2 == 0 {
                drop(UnixListener::bind(&path).expect("a socket"));
            }
            let endpoint = endpoint(&path);
            let bound = thread::scope(|scope| {
                let bind = || {
                    let ctx = Ctx::new();
                    let pull = ctx.socket(ZMQ_PULL);
                    barrier.wait();
                    (pull.bind(&endpoint), ctx, pull)
                };
                let binders: Vec<_> = (0..BINDERS).map(|_| scope.spawn(bind)).collect();
                binders
                    .into_iter()
                    .map(|binder| binder.join().expect("an answer"))
                    .collect::<Vec<_>>()
            });
            let (won, lost): (Vec<_>, Vec<_>) =
                bound.into_iter().partition(|(done, ..)| done.is_ok());
            assert_eq!(won.len(), 1, "round {round}");
            assert!(lost.iter().all(|(done, ..)| *done == Err(EADDRINUSE)), "round {round}");
            is_reached(won[0].1, won[0].2, &endpoint);
            for (_, ctx, pull) in won.into_iter().chain(lost) {
                pull.close();
                assert_eq!(ctx.term(), Ok(0));
            }
        }
    }

    fn ipc_path_taken_by_another_listener_survives_unbind_and_close() {
        let folder = Folder::new("taken");
        let path = folder.file("socket");
        let endpoint = endpoint(&path);
        let ctx = Ctx::new();
        for close in [false, true] {
            let (first, second) = (ctx.socket(ZMQ_PULL), ctx.socket(ZMQ_PULL));
            assert_eq!(first.bind(&endpoint), Ok(0));
            fs::remove_file(&path).expect("removed");
            assert_eq!(second.bind(&endpoint), Ok(0));
            let monitor = first.monitor(ctx, ZMQ_EVENT_CLOSED);
            if close {
                first.close();
            } else {
                assert_eq!(first.unbind(&endpoint), Ok(0));
            }
            assert_eq!(i64::from(monitor.event()), i64::from(ZMQ_EVENT_CLOSED));
            is_reached(ctx, second, &endpoint);
            second.close();
        }
    }

    fn ipc_wildcard_path_taken_by_another_listener_survives_close() {
        let ctx = Ctx::new();
        let (first, second) = (ctx.socket(ZMQ_PULL), ctx.socket(ZMQ_PULL));
        let endpoint = first.bound("ipc://*");
        let path = Path::new(endpoint.strip_prefix("ipc://").expect("ipc"));
        fs::remove_file(path).expect("removed");
        assert_eq!(second.bind(&endpoint), Ok(0));
        let monitor = first.monitor(ctx, ZMQ_EVENT_CLOSED | ZMQ_EVENT_CLOSE_FAILED);
        assert_eq!(first.unbind(&endpoint), Ok(0));
        monitor.event();
        is_reached(ctx, second, &endpoint);
        fs::remove_dir_all(path.parent().expect("a folder")).expect("removed");
    }

    fn ipc_bind_to_a_socket_without_permission_is_an_error() {
        use std::os::unix::fs::PermissionsExt;

        let folder = Folder::new("rights");
        fs::set_permissions(&folder.0, fs::Permissions::from_mode(0o777)).expect("rights");
        let path = folder.file("socket");
        let _listener = UnixListener::bind(&path).expect("a socket");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o0)).expect("no rights");
        // The rights of root are no limit. This is a process of its own.
        // SAFETY: it changes nothing but the user of this process.
        let is_root = unsafe { libc::geteuid() } == 0;
        // SAFETY: as above.
        assert!(!is_root || unsafe { libc::seteuid(65534) } == 0);
        let pull = Ctx::new().socket(ZMQ_PULL);
        assert_eq!(pull.bind(&endpoint(&path)), Err(EACCES));
        // SAFETY: as above.
        assert!(!is_root || unsafe { libc::seteuid(0) } == 0);
        assert!(path.exists());
    }
}
