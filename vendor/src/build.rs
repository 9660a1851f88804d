//! Compiles the sources into a static library.

use std::path::{Path, PathBuf};
use std::{env, fs};

use crate::platform::{self, Macros};
use crate::target::Target;
use crate::{capability, patch, source, unit};

/// A build of libzmq with its draft API, as a static library.
#[derive(Clone, Debug)]
pub struct Build {
    target: Target,
    out_dir: PathBuf,
    sodium: Option<PathBuf>,
    gnutls: Option<Vec<PathBuf>>,
    patched: bool,
    skipped: Vec<String>,
}

/// The result of a [`Build`].
#[derive(Clone, Debug)]
pub struct Artifacts {
    /// The folder that contains the other paths.
    pub root: PathBuf,
    /// The folder of `zmq.h`.
    pub include: PathBuf,
    /// The folder of the static library.
    pub lib: PathBuf,
    /// The capabilities of this libzmq, of [`CAPABILITIES`](crate::CAPABILITIES).
    pub has: Vec<&'static str>,
    /// The system libraries that must be linked after it, besides the C++ standard library.
    pub libs: &'static [&'static str],
}

impl Build {
    /// Creates a build for `target` in the folder `out_dir`: patched, without CURVE and WSS.
    pub fn new(target: Target, out_dir: impl Into<PathBuf>) -> Self {
        Self {
            target,
            out_dir: out_dir.into(),
            sodium: None,
            gnutls: None,
            patched: true,
            skipped: Vec::new(),
        }
    }

    /// Creates the build for the target and the `OUT_DIR` of a Cargo build script.
    ///
    /// # Errors
    /// If it is not called in a build script.
    pub fn from_cargo() -> Result<Self, String> {
        let out_dir =
            env::var_os("OUT_DIR").ok_or("OUT_DIR is not set: this is not a build script")?;
        Ok(Self::new(Target::from_cargo()?, out_dir))
    }

    /// Adds CURVE, with the libsodium whose headers are in `include`. The caller must link that
    /// library.
    pub fn curve(&mut self, include: impl Into<PathBuf>) -> &mut Self {
        self.sodium = Some(include.into());
        self
    }

    /// Adds WebSocket over TLS, with the GnuTLS whose headers are in `includes` or in a default
    /// folder of the compiler. The caller must link that library.
    pub fn wss(&mut self, includes: impl IntoIterator<Item = PathBuf>) -> &mut Self {
        self.gnutls = Some(includes.into_iter().collect());
        self
    }

    /// Sets whether our patches are applied. The default is `true`.
    pub fn patched(&mut self, yes: bool) -> &mut Self {
        self.patched = yes;
        self
    }

    /// Leaves out the patches with these names, such as `udp/group-leak`. Only for testing that
    /// they matter.
    pub fn without_patches(&mut self, names: impl IntoIterator<Item = String>) -> &mut Self {
        self.skipped.extend(names);
        self
    }

    /// Compiles, and tells Cargo to link the library and the C++ standard library.
    ///
    /// # Errors
    /// If the sources are not found, a patch does not apply, or the compiler fails. The text says
    /// what to do.
    pub fn compile(&self) -> Result<Artifacts, String> {
        let tree = self.tree();
        source::copy(&source::source_tree()?, &tree)?;
        if self.patched {
            patch::apply(&tree, &self.skipped)?;
        }
        let platform = self.platform_hpp()?;
        write(&tree.join("src/platform.hpp"), &platform)?;
        let units = unit::units(&tree, self.gnutls.is_some())
            .map_err(|e| format!("cannot read {}: {e}", tree.display()))?;
        let mut files = Vec::new();
        for unit in units {
            files.push(tree.join("src").join(unit.name));
            write(&tree.join("src").join(unit.name), &unit.text)?;
        }

        let lib = self.out_dir.join("lib");
        self.compiler()
            .files(files)
            .objects(self.compile_c()?)
            .out_dir(&lib)
            .cargo_metadata(true)
            .cpp_link_stdlib_static(self.target.is_mingw())
            .try_compile("zmq")
            .map_err(|e| format!("libzmq does not compile: {e}"))?;

        let mut has = vec!["draft"];
        if self.patched {
            has.extend(capability::OF_PATCHES);
        }
        has.extend(capability::capabilities(&platform));
        Ok(Artifacts {
            root: self.out_dir.clone(),
            include: self.publish(&tree)?,
            lib,
            has,
            libs: self.target.libs(),
        })
    }

    /// Returns the text of `platform.hpp`, the macros for the target. It runs the compiler a few
    /// times.
    ///
    /// # Errors
    /// If there is no C++ compiler, or the folder of the build cannot be written.
    pub fn platform_hpp(&self) -> Result<String, String> {
        let told = |e: &dyn std::fmt::Display| {
            format!(
                "cannot ask a C++ compiler for {} about the system: {e}. libzmq is C++: install a compiler \
                 (`apt-get install g++`, `xcode-select --install`, the Visual Studio Build Tools), or name one in CXX.",
                self.target.triple
            )
        };
        fs::create_dir_all(&self.out_dir).map_err(|e| told(&e))?;
        let compiler = self.compiler().try_get_compiler().map_err(|e| told(&e))?;
        let mut macros =
            platform::macros(&self.target, &compiler, &self.out_dir).map_err(|e| told(&e))?;
        self.choose(&mut macros);
        Ok(platform::text(&macros))
    }

    /// The macros that are chosen, not probed.
    fn choose(&self, macros: &mut Macros) {
        if self.sodium.is_some() {
            macros.extend([
                ("ZMQ_HAVE_CURVE", ""),
                ("ZMQ_USE_LIBSODIUM", ""),
                ("SODIUM_STATIC", ""),
            ]);
        }
        if self.gnutls.is_some() {
            macros.extend([("ZMQ_HAVE_WSS", ""), ("ZMQ_USE_GNUTLS", "")]);
        } else {
            macros.insert("ZMQ_USE_BUILTIN_SHA1", "");
        }
    }

    /// The macros on the command line of every file, and their values.
    pub fn definitions(&self) -> Vec<(&'static str, Option<&'static str>)> {
        let always = [
            "NDEBUG",
            "ZMQ_BUILD_DRAFT_API",
            "ZMQ_CUSTOM_PLATFORM_HPP",
            "ZMQ_STATIC",
            "_REENTRANT",
            "_THREAD_SAFE",
        ];
        always
            .map(|name| (name, None))
            .into_iter()
            .chain(self.target.visibility().iter().copied())
            .collect()
    }

    /// The C++ compiler with the options for every file.
    fn compiler(&self) -> cc::Build {
        let mut build = self.c_compiler();
        build.cpp(true).includes(&self.sodium).includes(self.gnutls.iter().flatten());
        if self.target.is_msvc() {
            build.flag("/EHsc");
        } else {
            build.std("c++11");
        }
        build
    }

    fn c_compiler(&self) -> cc::Build {
        let tree = self.tree();
        let mut build = cc::Build::new();
        build
            .cargo_metadata(false)
            .target(&self.target.triple)
            .host(&env::var("HOST").unwrap_or_else(|_| self.target.triple.clone()))
            .warnings(false)
            // In every profile: a slow libzmq does not help to debug a program.
            .opt_level(3)
            .debug(false)
            .includes(["include", "src", "external/sha1"].map(|folder| tree.join(folder)));
        for (name, value) in self.definitions() {
            build.define(name, value);
        }
        if !self.target.is_msvc() {
            // The process may load another libzmq with a plug-in.
            build.flag("-fvisibility=hidden");
        }
        build
    }

    /// Compiles the C files, which a C++ compiler refuses.
    fn compile_c(&self) -> Result<Vec<PathBuf>, String> {
        let sha1 = self.gnutls.is_none().then_some("external/sha1/sha1.c");
        let wepoll = self.target.is_windows().then_some("external/wepoll/wepoll.c");
        let files: Vec<PathBuf> =
            sha1.into_iter().chain(wepoll).map(|file| self.tree().join(file)).collect();
        if files.is_empty() {
            return Ok(files);
        }
        self.c_compiler()
            .files(files)
            .out_dir(&self.out_dir)
            .try_compile_intermediates()
            .map_err(|e| format!("the C parts of libzmq do not compile: {e}"))
    }

    /// Copies the public headers into a folder of their own.
    fn publish(&self, tree: &Path) -> Result<PathBuf, String> {
        let include = self.out_dir.join("include");
        for header in ["zmq.h", "zmq_utils.h"] {
            let from = tree.join("include").join(header);
            let text = fs::read_to_string(&from)
                .map_err(|e| format!("cannot read {}: {e}", from.display()))?;
            write(&include.join(header), &text)?;
        }
        Ok(include)
    }

    fn tree(&self) -> PathBuf {
        self.out_dir.join("libzmq")
    }
}

fn write(file: &Path, text: &str) -> Result<(), String> {
    let told = |e| format!("cannot write {}: {e}", file.display());
    file.parent().map_or(Ok(()), fs::create_dir_all).map_err(told)?;
    fs::write(file, text).map_err(told)
}
