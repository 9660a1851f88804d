//! `platform.hpp`: what libzmq is told about the target.
//!
//! Upstream's CMake finds these answers. Ours are the same, found by asking the target's compiler; a test compares them.

mod probes;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io;
use std::path::Path;

use crate::probe::{self, Probe};
use crate::target::Target;

/// The macros of `platform.hpp`, with their values; most have none.
pub(crate) type Macros = BTreeMap<&'static str, &'static str>;

/// What is the same on every target.
const ALWAYS: [(&str, &str); 5] = [
    ("ZMQ_CACHELINE_SIZE", "64"),
    ("ZMQ_HAVE_NOEXCEPT", ""),
    ("ZMQ_HAVE_WS", ""),
    ("ZMQ_POLL_BASED_ON_POLL", ""),
    ("ZMQ_USE_RADIX_TREE", ""),
];

/// What follows from the operating system, without asking.
fn settled(target: &Target) -> &'static [(&'static str, &'static str)] {
    if target.is_windows() {
        return &[
            // wepoll, which comes with libzmq.
            ("ZMQ_IOTHREAD_POLLER_USE_EPOLL", ""),
            ("ZMQ_USE_CV_IMPL_WIN32API", ""),
            ("ZMQ_HAVE_WINDOWS", ""),
            ("HAVE_STRNLEN", ""),
            ("HAVE_IF_NAMETOINDEX", ""),
        ];
    }
    // Not the C++11 condition variable: it must serve any kind of mutex, and holds one more of its own for that.
    match &*target.os {
        "linux" | "android" => &[
            ("ZMQ_IOTHREAD_POLLER_USE_EPOLL", ""),
            ("ZMQ_USE_CV_IMPL_PTHREADS", ""),
            ("ZMQ_HAVE_IPC", ""),
        ],
        "macos" | "ios" | "tvos" | "watchos" | "visionos" | "freebsd" | "netbsd" | "openbsd" | "dragonfly" => &[
            ("ZMQ_IOTHREAD_POLLER_USE_KQUEUE", ""),
            ("ZMQ_USE_CV_IMPL_PTHREADS", ""),
            ("ZMQ_HAVE_IPC", ""),
        ],
        _ => &[
            ("ZMQ_IOTHREAD_POLLER_USE_POLL", ""),
            ("ZMQ_USE_CV_IMPL_PTHREADS", ""),
            ("ZMQ_HAVE_IPC", ""),
        ],
    }
}

/// Finds the macros for `target`, asking `compiler` in the folder `scratch`.
pub(crate) fn macros(target: &Target, compiler: &cc::Tool, scratch: &Path) -> io::Result<Macros> {
    let mut macros: Macros = ALWAYS.iter().chain(settled(target)).copied().collect();

    let (sure, unsure): (Vec<&Probe>, _) = probes::of(target).partition(|probe| !probes::UNSURE.contains(&probe.name));
    for asked in [sure, unsure] {
        for probe in probe::holding(&asked, compiler, scratch)? {
            macros.insert(probe.name, if probe.name == "HAVE_POSIX_MEMALIGN" { "1" } else { "" });
        }
    }
    Ok(macros)
}

/// The text of `platform.hpp`.
pub(crate) fn text(macros: &Macros) -> String {
    let mut text = String::from("#ifndef __ZMQ_PLATFORM_HPP_INCLUDED__\n#define __ZMQ_PLATFORM_HPP_INCLUDED__\n\n");
    for (name, value) in macros {
        let _ = writeln!(text, "{}", format!("#define {name} {value}").trim_end());
    }
    text.push_str(SYSTEMS);
    text.push_str("\n#endif\n");
    text
}

/// Names of operating systems, which libzmq derives from what the compiler predefines.
const SYSTEMS: &str = "
#if defined __ANDROID__
#define ZMQ_HAVE_ANDROID
#endif
#if defined __APPLE__
#define ZMQ_HAVE_OSX
#endif
#if defined __DragonFly__
#define ZMQ_HAVE_DRAGONFLY
#endif
#if defined __FreeBSD__ || defined __DragonFly__
#define ZMQ_HAVE_FREEBSD
#endif
#if defined __linux__
#define ZMQ_HAVE_LINUX
#endif
#if defined __MINGW32__
#define ZMQ_HAVE_MINGW32
#endif
#if defined __NetBSD__
#define ZMQ_HAVE_NETBSD
#endif
#if defined __OpenBSD__
#define ZMQ_HAVE_OPENBSD
#endif
#if defined sun || defined __sun
#define ZMQ_HAVE_SOLARIS
#endif
";
