//! The table of probes.

use crate::probe::Probe;
use crate::target::Target;

/// Returns the probes for `target`.
pub(super) fn of(target: &Target) -> impl Iterator<Item = &'static Probe> {
    let here: &[&[Probe]] = match &*target.os {
        "windows" if target.is_msvc() => &[MSVC],
        "windows" => &[],
        "linux" => &[UNIX, UNIX_NEWER, LINUX, GLIBC_AND_MUSL],
        "android" => &[UNIX, UNIX_NEWER, LINUX],
        "freebsd" | "dragonfly" | "openbsd" => &[UNIX, UNIX_NEWER, BSD],
        "netbsd" => &[UNIX, UNIX_NEWER, NETBSD],
        _ if target.is_apple() => &[UNIX, APPLE],
        _ => &[UNIX],
    };
    here.iter().copied().flatten()
}

const fn ask(name: &'static str, headers: &'static [&'static str], code: &'static str) -> Probe {
    Probe { name, value: "", headers, code, unsure: false }
}

const SOCKET: &[&str] = &["sys/types.h", "sys/socket.h"];
const TCP: &[&str] = &["sys/types.h", "netinet/in.h", "netinet/tcp.h"];

const UNIX: &[Probe] = &[
    ask("HAVE_CLOCK_GETTIME", &["time.h"], "(void) clock_gettime;"),
    ask("HAVE_FORK", &["unistd.h"], "(void) fork;"),
    ask("HAVE_IF_NAMETOINDEX", &["sys/types.h", "net/if.h"], "(void) if_nametoindex;"),
    ask("HAVE_MKDTEMP", &["stdlib.h", "unistd.h"], "(void) mkdtemp;"),
    Probe { value: "1", ..ask("HAVE_POSIX_MEMALIGN", &["stdlib.h"], "(void) posix_memalign;") },
    ask("HAVE_STRNLEN", &["string.h"], "(void) strnlen;"),
    ask("ZMQ_HAVE_IFADDRS", &["sys/types.h", "sys/socket.h", "ifaddrs.h"], "(void) getifaddrs;"),
    ask("ZMQ_HAVE_PPOLL", &["sys/select.h"], "(void) pselect;"),
    ask("ZMQ_HAVE_SO_KEEPALIVE", SOCKET, "(void) SO_KEEPALIVE;"),
    // New in glibc 2.38.
    Probe { unsure: true, ..ask("ZMQ_HAVE_STRLCPY", &["string.h"], "(void) strlcpy;") },
    ask(
        "ZMQ_HAVE_STRUCT_SOCKADDR_UN",
        &["sys/types.h", "sys/un.h"],
        "struct sockaddr_un a; (void) a.sun_path;",
    ),
    ask("ZMQ_HAVE_TCP_KEEPCNT", TCP, "(void) TCP_KEEPCNT;"),
    ask("ZMQ_HAVE_TCP_KEEPINTVL", TCP, "(void) TCP_KEEPINTVL;"),
    ask("ZMQ_HAVE_UIO", &["sys/types.h", "sys/uio.h"], "(void) writev;"),
];

const UNIX_NEWER: &[Probe] = &[
    ask("HAVE_ACCEPT4", SOCKET, "(void) accept4;"),
    ask("ZMQ_HAVE_EVENTFD", &["sys/eventfd.h"], "(void) eventfd;"),
    ask("ZMQ_HAVE_EVENTFD_CLOEXEC", &["sys/eventfd.h"], "(void) EFD_CLOEXEC;"),
    ask("ZMQ_HAVE_SOCK_CLOEXEC", SOCKET, "(void) SOCK_CLOEXEC;"),
    ask("ZMQ_HAVE_TCP_KEEPIDLE", TCP, "(void) TCP_KEEPIDLE;"),
];

const LINUX: &[Probe] = &[
    ask("ZMQ_HAVE_BUSY_POLL", SOCKET, "(void) SO_BUSY_POLL;"),
    ask(
        "ZMQ_HAVE_PTHREAD_SETNAME_2",
        &["pthread.h"],
        "pthread_setname_np (pthread_self (), \"name\");",
    ),
    ask("ZMQ_HAVE_SO_BINDTODEVICE", SOCKET, "(void) SO_BINDTODEVICE;"),
    ask("ZMQ_HAVE_SO_PEERCRED", SOCKET, "struct ucred c; (void) c.pid; (void) SO_PEERCRED;"),
    ask("ZMQ_HAVE_SO_PRIORITY", SOCKET, "(void) SO_PRIORITY;"),
    ask(
        "ZMQ_HAVE_TIPC",
        &["sys/types.h", "sys/socket.h", "linux/tipc.h"],
        "struct sockaddr_tipc a; (void) a.addr.nameseq; (void) AF_TIPC;",
    ),
    ask(
        "ZMQ_IOTHREAD_POLLER_USE_EPOLL_CLOEXEC",
        &["sys/epoll.h"],
        "epoll_create1 (EPOLL_CLOEXEC);",
    ),
];

const GLIBC_AND_MUSL: &[Probe] = &[ask(
    "ZMQ_HAVE_PTHREAD_SET_AFFINITY",
    &["pthread.h", "sched.h"],
    "cpu_set_t s; CPU_ZERO (&s); pthread_setaffinity_np (pthread_self (), sizeof s, &s);",
)];

const BSD: &[Probe] = &[
    ask("ZMQ_HAVE_LOCAL_PEERCRED", SOCKET, "(void) LOCAL_PEERCRED;"),
    ask(
        "ZMQ_HAVE_PTHREAD_SET_NAME",
        &["pthread.h", "pthread_np.h"],
        "pthread_set_name_np (pthread_self (), \"name\");",
    ),
];

const NETBSD: &[Probe] = &[ask(
    "ZMQ_HAVE_PTHREAD_SETNAME_3",
    &["pthread.h"],
    "pthread_setname_np (pthread_self (), \"%s\", (void *) \"name\");",
)];

const APPLE: &[Probe] = &[
    ask("ZMQ_HAVE_LOCAL_PEERCRED", SOCKET, "(void) LOCAL_PEERCRED;"),
    ask("ZMQ_HAVE_PTHREAD_SETNAME_1", &["pthread.h"], "pthread_setname_np (\"name\");"),
    ask("ZMQ_HAVE_TCP_KEEPALIVE", TCP, "(void) TCP_KEEPALIVE;"),
];

// On Windows libzmq has IPC with this compiler only: with others it includes headers of Unix.
const MSVC: &[Probe] = &[
    ask("ZMQ_HAVE_IPC", &["winsock2.h", "afunix.h"], "(void) AF_UNIX;"),
    ask(
        "ZMQ_HAVE_STRUCT_SOCKADDR_UN",
        &["winsock2.h", "afunix.h"],
        "struct sockaddr_un a; (void) a.sun_path;",
    ),
];
