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

/// Far more than the size of a certificate.
const MAX_SIZE: u64 = 64 * 1024;

/// A CURVE certificate in a file, in czmq's format: a public key, optionally the secret key, and
/// metadata.
///
/// czmq's `zcert_save` and pyzmq's `zmq.auth.create_certificates` write this format, and both
/// libraries read the files of this crate. By convention the public certificate is `name.key`, and
/// the certificate with the secret key is `name.key_secret` beside it.
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
/// `Debug` hides the secret key, and dropping it overwrites it. The buffers for reading and writing
/// files are overwritten, too.
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
    /// Creates a certificate with both keys.
    pub fn new(cert: impl Into<CurveCert>) -> Self {
        let cert = cert.into();
        let (public, secret) = (cert.public().clone(), Some(cert.secret().clone()));
        Self { public, secret, metadata: Vec::new(), exposed: false }
    }

    /// Creates a certificate with the public key only.
    pub fn of_public(key: impl Into<CurvePublicKey>) -> Self {
        Self { public: key.into(), secret: None, metadata: Vec::new(), exposed: false }
    }

    /// Adds an entry to the metadata, or replaces the entry of this name.
    ///
    /// # Errors
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) if the format cannot contain the entry:
    /// - an empty name, or a name with other characters than ASCII letters, digits and `$-_@.&+`
    /// - a value with a control character, such as the end of a line, or with both kinds of quotes
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

    /// Reads a certificate from this file, with or without a secret key.
    ///
    /// It follows a symbolic link. If the file contains a secret key and other users may read or
    /// change the file, the key is [exposed](Self::is_exposed).
    ///
    /// # Blocking
    /// Blocks on the file system. A named pipe is an error and does not block.
    ///
    /// # Errors
    /// - [`Os`](crate::ErrorKind::Os) if the file cannot be read, with the error of the system as
    ///   its source
    /// - [`InvalidInput`](crate::ErrorKind::InvalidInput) if the path is not a regular file, the
    ///   file is larger than 64 KiB, or it is not a complete certificate
    /// - [`InvalidInput`](crate::ErrorKind::InvalidInput) if the keys do not belong together; only
    ///   the feature `curve` can check that
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

    /// Writes the public certificate to this file. If there is a secret key, it also writes the
    /// certificate with both keys to a second file, whose name ends in `_secret`: `anna.key` and
    /// `anna.key_secret`.
    ///
    /// The secret file is created with mode 0600. Each file is written under a temporary name in
    /// the same folder, then renamed over the existing file, so readers never see a partial file.
    /// On Windows the files inherit the permissions of the folder.
    ///
    /// # Blocking
    /// Blocks until both files are on the disk.
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

    /// Removes the secret key.
    pub(super) fn without_secret(mut self) -> Self {
        self.secret = None;
        self
    }

    /// Returns the public key.
    pub fn public(&self) -> &CurvePublicKey {
        &self.public
    }

    /// Returns the secret key, if the certificate contains it.
    pub fn secret(&self) -> Option<&CurveSecretKey> {
        self.secret.as_ref()
    }

    /// Returns both keys, if the certificate contains the secret key.
    pub fn cert(&self) -> Option<CurveCert> {
        Some(CurveCert::new(&self.public, self.secret.as_ref()?))
    }

    /// Returns the value of a metadata entry.
    pub fn metadata(&self, name: &str) -> Option<&str> {
        self.all_metadata().find(|(known, _)| *known == name).map(|(_, value)| value)
    }

    /// Returns all entries of the metadata, in the order of the file.
    pub fn all_metadata(&self) -> impl Iterator<Item = (&str, &str)> {
        self.metadata.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Returns whether the file contained a secret key while other users could read or change the
    /// file.
    ///
    /// Set the permissions to 0600 then, and replace the key. With the feature `tracing`, reading
    /// such a file also logs a warning. Always `false` on Windows.
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
        Fault::Key(error) => Error::invalid("a key in the file is not valid", READ)
            .about(path.display())
            .caused_by(error),
    }
}

/// Reads the text of a file, and whether other users than its owner may read or change it.
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
    // The full capacity at once: growing would leave a copy of a secret in the smaller buffer.
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

/// Opens a file for reading. Opening a named pipe does not block.
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
        // An error means that the loaded libzmq has no CURVE, so the pair cannot be checked.
        _ => Ok(()),
    }
}

#[cfg(not(zmq_has = "curve"))]
fn check_pair(_: &CurvePublicKey, _: &CurveSecretKey, _: &Path) -> Result<(), Error> {
    Ok(())
}

/// Writes a temporary file in the same folder, and renames it to the path.
fn replace(path: &Path, text: &str, mode: u32) -> Result<(), Error> {
    let (temporary, mut file) = create_beside(path, mode).map_err(|e| failed(e, WRITE, path))?;
    let written = file
        .write_all(text.as_bytes())
        .and_then(|()| file.sync_all())
        .and_then(|()| fs::rename(&temporary, path));
    written.map_err(|error| {
        // It fails if the rename removed the temporary name already.
        let _ = fs::remove_file(&temporary);
        failed(error, WRITE, path)
    })
}

/// Creates a file in the same folder under an unused name.
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
            // The leftover of a process that ended while it was writing.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => (),
            done => return Ok((temporary, done?)),
        }
    }
}
