//! Where libzmq's C++ comes from and how it is compiled.
//!
//! This is a library for the build script of `libzmq-sys`; programs depend on `libzmq` instead.

mod patch;
mod platform;
mod probe;
mod source;
mod target;
mod unit;

use std::path::{Path, PathBuf};
use std::{env, fs, io};

use platform::Macros;
use target::Target;

/// A build of libzmq with its draft API, as a static library.
#[derive(Clone, Debug)]
pub struct Build {
    target: Target,
    out_dir: PathBuf,
    sodium: Option<PathBuf>,
    gnutls: Option<Vec<PathBuf>>,
    patched: bool,
}

/// What a [`Build`] made.
#[derive(Clone, Debug)]
pub struct Artifacts {
    /// The folder that the other paths are in.
    pub root: PathBuf,
    /// The folder of `zmq.h`.
    pub include: PathBuf,
    /// The folder of the static library.
    pub lib: PathBuf,
    /// What this libzmq can do: `draft`, `patches`, and transports and mechanisms (`ipc`, `curve`, ...).
    pub has: Vec<&'static str>,
    /// The libraries of the system that it needs, besides the C++ standard library.
    pub system_libs: Vec<&'static str>,
}

impl Build {
    /// A build as Cargo describes it to a build script: for its target, in its `OUT_DIR`.
    ///
    /// # Errors
    /// Outside of a build script, which has no such environment.
    pub fn from_cargo() -> Result<Self, String> {
        let out_dir = env::var_os("OUT_DIR").ok_or("OUT_DIR is not set: this is not a build script")?;
        Ok(Self {
            target: Target::from_cargo()?,
            out_dir: out_dir.into(),
            sodium: None,
            gnutls: None,
            patched: true,
        })
    }

    /// With CURVE, on the libsodium whose headers are in `include`.
    pub fn curve(&mut self, include: impl Into<PathBuf>) -> &mut Self {
        self.sodium = Some(include.into());
        self
    }

    /// With WebSocket over TLS, on the GnuTLS whose headers are in `includes` (or where the compiler looks by itself).
    pub fn wss(&mut self, includes: impl IntoIterator<Item = PathBuf>) -> &mut Self {
        self.gnutls = Some(includes.into_iter().collect());
        self
    }

    /// With or without our patches; they are applied unless this says no.
    pub fn patched(&mut self, yes: bool) -> &mut Self {
        self.patched = yes;
        self
    }

    /// Compiles, and tells Cargo to link the result.
    ///
    /// # Errors
    /// If the sources are not found, a patch does not apply, or the compiler fails. The text tells what to do.
    pub fn compile(&self) -> Result<Artifacts, String> {
        let tree = self.out_dir.join("libzmq");
        let lib = self.out_dir.join("lib");
        source::copy(&source::locate()?, &tree)?;
        if self.patched {
            patch::apply(&tree)?;
        }

        let mut build = self.compiler(&tree);
        let macros = self.configure(&build, &tree).map_err(|e| format!("cannot configure libzmq: {e}"))?;
        build.file(unit::write(&tree, &tree).map_err(|e| format!("cannot write the unit of libzmq: {e}"))?);
        let c_files = self.c_files(&tree);
        if !c_files.is_empty() {
            build.objects(self.compile_c(&tree, &c_files)?);
        }
        build.out_dir(&lib).try_compile("zmq").map_err(|e| format!("libzmq does not compile: {e}"))?;

        Ok(Artifacts {
            root: self.out_dir.clone(),
            include: self.publish_headers(&tree).map_err(|e| format!("cannot copy libzmq's headers: {e}"))?,
            lib,
            has: self.capabilities(&macros),
            system_libs: self.system_libs(),
        })
    }

    /// Writes `platform.hpp` beside the sources.
    fn configure(&self, build: &cc::Build, tree: &Path) -> io::Result<Macros> {
        let compiler = build.try_get_compiler().map_err(io::Error::other)?;
        let mut macros = platform::macros(&self.target, &compiler, tree)?;
        if self.sodium.is_some() {
            macros.extend([("ZMQ_HAVE_CURVE", ""), ("ZMQ_USE_LIBSODIUM", "")]);
        }
        if self.gnutls.is_some() {
            macros.extend([("ZMQ_HAVE_WSS", ""), ("ZMQ_USE_GNUTLS", "")]);
        } else {
            macros.insert("ZMQ_USE_BUILTIN_SHA1", "");
        }
        fs::write(tree.join("src/platform.hpp"), platform::text(&macros))?;
        Ok(macros)
    }

    /// The compiler with what every file of libzmq is compiled with.
    fn compiler(&self, tree: &Path) -> cc::Build {
        let mut build = cc::Build::new();
        build
            .cpp(true)
            .warnings(false)
            // Always optimised and without debug checks: what is debugged is the program, not libzmq.
            .opt_level(3)
            .debug(false)
            .define("NDEBUG", None)
            .define("ZMQ_BUILD_DRAFT_API", None)
            .define("ZMQ_CUSTOM_PLATFORM_HPP", None)
            .define("ZMQ_STATIC", None)
            .define("_REENTRANT", None)
            .define("_THREAD_SAFE", None)
            .includes([tree.join("include"), tree.join("src"), tree.join("external/sha1")])
            .includes(&self.sodium)
            .includes(self.gnutls.iter().flatten());
        match &*self.target.os {
            "linux" | "android" => build.define("_GNU_SOURCE", None),
            "freebsd" => build.define("__BSD_VISIBLE", None),
            "windows" => build.define("_WIN32_WINNT", "0x0601"),
            _ => &mut build,
        };
        if self.target.is_msvc() {
            build.flag("/EHsc");
        } else {
            build.std("c++11").flag("-fvisibility=hidden");
        }
        build
    }

    fn c_files(&self, tree: &Path) -> Vec<PathBuf> {
        let mut files = Vec::new();
        if self.gnutls.is_none() {
            files.push(tree.join("external/sha1/sha1.c"));
        }
        if self.target.is_windows() {
            files.push(tree.join("external/wepoll/wepoll.c"));
        }
        files
    }

    fn compile_c(&self, tree: &Path, files: &[PathBuf]) -> Result<Vec<PathBuf>, String> {
        let mut build = cc::Build::new();
        build.warnings(false).opt_level(3).debug(false).define("NDEBUG", None).include(tree.join("external/sha1"));
        if !self.target.is_msvc() {
            build.flag("-fvisibility=hidden");
        }
        build.files(files).out_dir(&self.out_dir).try_compile_intermediates().map_err(|e| format!("libzmq's C parts do not compile: {e}"))
    }

    fn publish_headers(&self, tree: &Path) -> io::Result<PathBuf> {
        let include = self.out_dir.join("include");
        fs::create_dir_all(&include)?;
        for header in ["zmq.h", "zmq_utils.h"] {
            fs::copy(tree.join("include").join(header), include.join(header))?;
        }
        Ok(include)
    }

    fn capabilities(&self, macros: &Macros) -> Vec<&'static str> {
        let mut has = vec!["draft"];
        if self.patched {
            has.push("patches");
        }
        let named = [
            ("ZMQ_HAVE_CURVE", "curve"),
            ("ZMQ_HAVE_EVENTFD", "eventfd"),
            ("ZMQ_HAVE_IPC", "ipc"),
            ("ZMQ_HAVE_TIPC", "tipc"),
            ("ZMQ_HAVE_WS", "ws"),
            ("ZMQ_HAVE_WSS", "wss"),
        ];
        has.extend(named.iter().filter(|(name, _)| macros.contains_key(name)).map(|(_, has)| has));
        has
    }

    fn system_libs(&self) -> Vec<&'static str> {
        if self.target.is_windows() { vec!["ws2_32", "iphlpapi", "rpcrt4", "advapi32"] } else { Vec::new() }
    }
}
