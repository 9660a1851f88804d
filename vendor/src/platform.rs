//! `platform.hpp`, the macros that describe the target to libzmq.
//!
//! They are the same as those of upstream's CMake, which a test compares. The target's compiler
//! answers the probes.

mod probes;

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use crate::probe;
use crate::target::Target;

/// The macros of `platform.hpp`, with their values; most have none.
pub(crate) type Macros = BTreeMap<&'static str, &'static str>;

/// The macros for every target.
const ALWAYS: [(&str, &str); 5] = [
    ("ZMQ_CACHELINE_SIZE", "64"),
    ("ZMQ_HAVE_NOEXCEPT", ""),
    ("ZMQ_HAVE_WS", ""),
    ("ZMQ_POLL_BASED_ON_POLL", ""),
    ("ZMQ_USE_RADIX_TREE", ""),
];

/// The macros of a system that need no probe.
fn settled(target: &Target) -> &'static [&'static str] {
    match &*target.os {
        // wepoll, which comes with libzmq, is an epoll for Windows. With `select` there is no IPC.
        "windows" => &[
            "HAVE_IF_NAMETOINDEX",
            "HAVE_STRNLEN",
            "ZMQ_HAVE_WINDOWS",
            "ZMQ_IOTHREAD_POLLER_USE_EPOLL",
            "ZMQ_USE_CV_IMPL_WIN32API",
        ],
        // Not the condition variable of C++11, which has an additional mutex.
        "linux" | "android" => {
            &["ZMQ_HAVE_IPC", "ZMQ_IOTHREAD_POLLER_USE_EPOLL", "ZMQ_USE_CV_IMPL_PTHREADS"]
        }
        "freebsd" | "dragonfly" | "netbsd" | "openbsd" => KQUEUE,
        _ if target.is_apple() => KQUEUE,
        _ => &["ZMQ_HAVE_IPC", "ZMQ_IOTHREAD_POLLER_USE_POLL", "ZMQ_USE_CV_IMPL_PTHREADS"],
    }
}

const KQUEUE: &[&str] =
    &["ZMQ_HAVE_IPC", "ZMQ_IOTHREAD_POLLER_USE_KQUEUE", "ZMQ_USE_CV_IMPL_PTHREADS"];

/// Finds the macros for `target` with `compiler`. Writes the probes into the folder `scratch`.
pub(crate) fn macros(target: &Target, compiler: &cc::Tool, scratch: &Path) -> io::Result<Macros> {
    let mut macros: Macros = ALWAYS.into_iter().collect();
    macros.extend(settled(target).iter().map(|name| (*name, "")));

    let (unsure, sure): (Vec<_>, Vec<_>) = probes::of(target).partition(|probe| probe.unsure);
    for asked in [sure, unsure] {
        let held = probe::holding(&asked, compiler, scratch)?;
        macros.extend(held.iter().map(|probe| (probe.name, probe.value)));
    }
    Ok(macros)
}

/// Returns the text of `platform.hpp`.
pub(crate) fn text(macros: &Macros) -> String {
    let defines: String = macros
        .iter()
        .map(|(name, value)| {
            format!(
                "#define {name}{space}{value}\n",
                space = if value.is_empty() { "" } else { " " }
            )
        })
        .collect();
    format!(
        "#ifndef __ZMQ_PLATFORM_HPP_INCLUDED__\n#define __ZMQ_PLATFORM_HPP_INCLUDED__\n\n{defines}{SYSTEMS}\n#endif\n"
    )
}

/// Defines libzmq's names of the systems from predefined macros of the compiler.
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
