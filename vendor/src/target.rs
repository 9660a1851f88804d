//! The target of a build.

use std::env;

/// The target of a build, with Cargo's names.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Target {
    /// The whole name, such as `x86_64-unknown-linux-gnu`.
    pub triple: String,
    /// `linux`, `macos`, `windows`, `freebsd`, `android` ...
    pub os: String,
    /// `gnu`, `musl`, `msvc` ...
    pub env: String,
    /// `unknown`, `apple`, `pc`, `uwp` ...
    pub vendor: String,
}

impl Target {
    /// Reads the target from the environment of a build script.
    ///
    /// # Errors
    /// If it is not called in a build script.
    pub fn from_cargo() -> Result<Self, String> {
        let var = |name: &str| {
            env::var(name).map_err(|_| format!("{name} is not set: this is not a build script"))
        };
        Ok(Self {
            triple: var("TARGET")?,
            os: var("CARGO_CFG_TARGET_OS")?,
            env: var("CARGO_CFG_TARGET_ENV").unwrap_or_default(),
            vendor: var("CARGO_CFG_TARGET_VENDOR").unwrap_or_default(),
        })
    }

    pub(crate) fn is_windows(&self) -> bool {
        self.os == "windows"
    }

    pub(crate) fn is_msvc(&self) -> bool {
        self.env == "msvc"
    }

    /// Whether the C++ standard library is a DLL of the compiler, which other machines do not have.
    pub(crate) fn is_mingw(&self) -> bool {
        self.is_windows() && self.env == "gnu"
    }

    pub(crate) fn is_apple(&self) -> bool {
        self.vendor == "apple"
    }

    /// The system libraries that libzmq needs on this target, besides those of every Rust program.
    pub fn libs(&self) -> &'static [&'static str] {
        match &*self.os {
            "windows" => &["advapi32", "iphlpapi", "rpcrt4", "ws2_32"],
            "solaris" | "illumos" => &["nsl", "socket"],
            _ => &[],
        }
    }

    /// The macros that make the C library declare all its functions.
    pub(crate) fn visibility(&self) -> &'static [(&'static str, Option<&'static str>)] {
        match &*self.os {
            "linux" | "android" => &[("_GNU_SOURCE", None)],
            "freebsd" | "dragonfly" => &[("__BSD_VISIBLE", Some("1"))],
            "netbsd" => &[("_NETBSD_SOURCE", None)],
            // wepoll and `if_nametoindex` need at least Windows 7.
            "windows" => &[("_WIN32_WINNT", Some("0x0601"))],
            "solaris" | "illumos" => &[("_PTHREADS", None)],
            _ if self.is_apple() => &[("_DARWIN_C_SOURCE", None)],
            _ => &[],
        }
    }
}
