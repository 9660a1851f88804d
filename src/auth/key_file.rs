//! [`CurveKeyFile`]

use std::{
    ffi::OsString,
    fs::{self, File, OpenOptions},
    io::{self, Read, Write},
    path::{Path, PathBuf},
    process,
    sync::atomic::{AtomicU64, Ordering},
};

use zeroize::Zeroizing;

use super::{
    CurveCert, CurvePublicKey, CurveSecretKey,
    zpl::{self, Certificate, Fault},
};
use crate::{error::Error, raw::Errno, util::log};

const READ: &str = "read key file";
const WRITE: &str = "write key file";

/// Far more than a certificate has.
const MAX_SIZE: u64 = 64 * 1024;

/// A CURVE certificate in a file, in the format of czmq: a public key, perhaps the secret key, and
/// metadata.
///
/// czmq's `zcert_save` and pyzmq's `zmq.auth.create_certificates` write such files, and read those
/// of this crate. By their custom the public certificate is `name.key`, and the one with the secret
/// key is `name.key_secret` beside it.
///
/// ```
/// use libzmq::auth::{CurveCert, CurveKeyFile, CurvePublicKey, CurveSecretKey};
///
/// # fn main() -> Result<(), anyhow::Error> {
/// # let folder = std::env::temp_dir().join(format!("libzmq-key-file-{}", std::process::id()));
/// # std::fs::create_dir_all(&folder)?;
/// let public = CurvePublicKey::new("Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID")?;
/// let secret = CurveSecretKey::new("D:)Q[IlAW!ahhC2ac:9*A}h:p?([4%wOTJ%JR%cs")?;
///
/// CurveKeyFile::new(CurveCert::new(public, secret))
///     .with_metadata("name", "Anna")?
///     .write(folder.join("anna.key"))?;
///
/// let anna = CurveKeyFile::read(folder.join("anna.key_secret"))?;
/// assert_eq!(anna.metadata("name"), Some("Anna"));
/// assert!(anna.cert().is_some() && !anna.is_exposed());
/// # std::fs::remove_dir_all(folder)?;
/// #     Ok(())
/// # }
/// ```
///
/// The secret key is hidden from `Debug` and overwritten when dropped, as is what was read and
/// written.
///
/// # C API
/// czmq's `zcert_t`
#[derive(Clone, Debug, PartialEq, Eq)]
#[doc(alias = "zcert")]
pub struct CurveKeyFile {
    public: CurvePublicKey,
    secret: Option<CurveSecretKey>,
    metadata: Vec<(String, String)>,
    exposed: bool,
}

impl CurveKeyFile {
    /// A certificate with both keys.
    pub fn new(cert: impl Into<CurveCert>) -> Self {
        let cert = cert.into();
        let (public, secret) = (cert.public().clone(), Some(cert.secret().clone()));
        Self { public, secret, metadata: Vec::new(), exposed: false }
    }

    /// A certificate with the public key only.
    pub fn of_public(key: impl Into<CurvePublicKey>) -> Self {
        Self { public: key.into(), secret: None, metadata: Vec::new(), exposed: false }
    }

    /// Adds an entry to the metadata, or replaces it.
    ///
    /// # Errors
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) for what the format cannot carry: a name
    /// that is not of ASCII letters, digits and `$-_@.&+`, a value with a control character such as
    /// the end of a line, or with both kinds of quote.
    pub fn with_metadata(
        mut self,
        name: impl Into<String>,
        value: impl Into<String>,
    ) -> Result<Self, Error> {
        const UNFIT: &str = "a key file cannot carry such a name or value";

        let (name, value) = (name.into(), value.into());
        if !zpl::is_entry(&name, &value) {
            return Err(Error::invalid(UNFIT, "set metadata").about(name));
        }
        self.metadata.retain(|(known, _)| *known != name);
        self.metadata.push((name, value));
        Ok(self)
    }

    /// Reads a certificate from exactly this file. It may be one with a secret key or without.
    ///
    /// A symbolic link is followed. A file with a secret key that others than its owner may read or
    /// change is [exposed](Self::is_exposed).
    ///
    /// # Blocking
    /// On the disk.
    ///
    /// # Errors
    /// - [`Os`](crate::ErrorKind::Os) if the file cannot be read, with the error of the system as
    ///   its source
    /// - [`InvalidInput`](crate::ErrorKind::InvalidInput) if it is not a file, is larger than 64
    ///   KiB, is no certificate, or was written half, or if the keys do not belong together, which
    ///   takes the feature `curve` to find out
    pub fn read(path: impl AsRef<Path>) -> Result<Self, Error> {
        let path = path.as_ref();
        let (text, others_may) = read_text(path)?;
        let Certificate { public, secret, metadata } =
            zpl::read(&text).map_err(|fault| refused(fault, path))?;
        if let Some(secret) = &secret {
            check_pair(&public, secret, path)?;
        }
        let exposed = others_may && secret.is_some();
        if exposed {
            log::exposed_key_file(path.display());
        }
        Ok(Self { public, secret, metadata, exposed })
    }

    /// Writes the public certificate to this file and, if there is a secret key, the certificate
    /// with both keys to the file of the same name with `_secret` behind it: `anna.key` and
    /// `anna.key_secret`.
    ///
    /// The secret file has mode 0600 from its start. Each file is written under another name in the
    /// same folder, and then replaces the one that was there, so that no reader finds half of it.
    /// On Windows the permissions are those of the folder.
    ///
    /// # Blocking
    /// On the disk, until it has both files.
    ///
    /// # Errors
    /// [`Os`](crate::ErrorKind::Os), with the error of the system as its source.
    pub fn write(&self, path: impl AsRef<Path>) -> Result<(), Error> {
        let path = path.as_ref();
        if self.secret.is_some() {
            let text = zpl::write(&self.public, self.secret.as_ref(), &self.metadata);
            replace(&secret_path(path), &text, SECRET_MODE)?;
        }
        replace(path, &zpl::write(&self.public, None, &self.metadata), PUBLIC_MODE)
    }

    /// The same without the secret key.
    pub(super) fn without_secret(mut self) -> Self {
        self.secret = None;
        self
    }

    /// The public key.
    pub fn public(&self) -> &CurvePublicKey {
        &self.public
    }

    /// The secret key, if it is there.
    pub fn secret(&self) -> Option<&CurveSecretKey> {
        self.secret.as_ref()
    }

    /// Both keys, if the secret one is there.
    pub fn cert(&self) -> Option<CurveCert> {
        Some(CurveCert::new(&self.public, self.secret.as_ref()?))
    }

    /// An entry of the metadata.
    pub fn metadata(&self, name: &str) -> Option<&str> {
        self.all_metadata().find(|(known, _)| *known == name).map(|(_, value)| value)
    }

    /// All entries of the metadata, in the order of the file.
    pub fn all_metadata(&self) -> impl Iterator<Item = (&str, &str)> {
        self.metadata.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Whether the file that was read has a secret key, and others than its owner may read or
    /// change it. The permissions should be 0600 then, and the key is better replaced. With the
    /// feature `tracing` that is a warning as well. Always `false` on Windows.
    pub fn is_exposed(&self) -> bool {
        self.exposed
    }
}

const PUBLIC_MODE: u32 = 0o644;
const SECRET_MODE: u32 = 0o600;

fn secret_path(path: &Path) -> PathBuf {
    let mut name = OsString::from(path);
    name.push("_secret");
    name.into()
}

fn failed(error: io::Error, operation: &'static str, path: &Path) -> Error {
    Error::c(Errno::of_system(&error), operation).about(path.display()).caused_by(error)
}

fn refused(fault: Fault, path: &Path) -> Error {
    match fault {
        Fault::Text(why) => Error::invalid(why, READ).about(path.display()),
        Fault::Key(error) => {
            Error::invalid("a key of the file is none", READ).about(path.display()).caused_by(error)
        }
    }
}

/// The text of a file, and whether others than its owner may read or change it.
fn read_text(path: &Path) -> Result<(Zeroizing<String>, bool), Error> {
    const NO_FILE: &str = "a key file is a regular file";
    const TOO_LARGE: &str = "a key file has up to 64 KiB";
    const NO_TEXT: &str = "a key file is text in UTF-8";

    let system = |error| failed(error, READ, path);
    let invalid = |why| Error::invalid(why, READ).about(path.display());
    let file = open(path).map_err(system)?;
    let about = file.metadata().map_err(system)?;
    if !about.is_file() {
        return Err(invalid(NO_FILE));
    }
    // Room for all of it at once: a secret leaves no copy behind in a smaller buffer.
    let mut bytes = Zeroizing::new(Vec::with_capacity(MAX_SIZE as usize + 64));
    file.take(MAX_SIZE + 1).read_to_end(&mut bytes).map_err(system)?;
    if bytes.len() as u64 > MAX_SIZE {
        return Err(invalid(TOO_LARGE));
    }
    match String::from_utf8(std::mem::take(&mut *bytes)) {
        Ok(text) => Ok((Zeroizing::new(text), others_may(&about))),
        Err(error) => {
            drop(Zeroizing::new(error.into_bytes()));
            Err(invalid(NO_TEXT))
        }
    }
}

/// Opens a file for reading, and does not wait for the other end of a pipe.
fn open(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::custom_flags(&mut options, libc::O_NONBLOCK);
    options.open(path)
}

#[cfg(unix)]
fn others_may(about: &fs::Metadata) -> bool {
    std::os::unix::fs::MetadataExt::mode(about) & 0o077 != 0
}

#[cfg(not(unix))]
fn others_may(_: &fs::Metadata) -> bool {
    false
}

#[cfg(zmq_has = "curve")]
fn check_pair(public: &CurvePublicKey, secret: &CurveSecretKey, path: &Path) -> Result<(), Error> {
    const STRANGERS: &str = "the keys of the file do not belong together";

    match secret.try_public() {
        Ok(own) if own != *public => Err(Error::invalid(STRANGERS, READ).about(path.display())),
        // Or the libzmq that was loaded cannot tell.
        _ => Ok(()),
    }
}

#[cfg(not(zmq_has = "curve"))]
fn check_pair(_: &CurvePublicKey, _: &CurveSecretKey, _: &Path) -> Result<(), Error> {
    Ok(())
}

/// Writes a file beside the one at the path, and has it take that one's place.
fn replace(path: &Path, text: &str, mode: u32) -> Result<(), Error> {
    let (temporary, mut file) = create_beside(path, mode).map_err(|e| failed(e, WRITE, path))?;
    let written = file
        .write_all(text.as_bytes())
        .and_then(|()| file.sync_all())
        .and_then(|()| fs::rename(&temporary, path));
    written.map_err(|error| {
        // It may be there or not.
        let _ = fs::remove_file(&temporary);
        failed(error, WRITE, path)
    })
}

/// A new file in the same folder, which no other program has a name for.
fn create_beside(path: &Path, mode: u32) -> io::Result<(PathBuf, File)> {
    static NEXT: AtomicU64 = AtomicU64::new(0);

    let name = path.file_name().ok_or(io::ErrorKind::InvalidInput)?;
    loop {
        let mut temporary = OsString::from(".");
        temporary.push(name);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        temporary.push(format!(".{}-{number}.tmp", process::id()));
        let temporary = path.with_file_name(temporary);
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, mode);
        #[cfg(not(unix))]
        let _ = mode;
        match options.open(&temporary) {
            // Of a process that ended in the middle.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => (),
            done => return Ok((temporary, done?)),
        }
    }
}
