//! CURVE: key pairs, and the credentials of clients and servers.

use std::{fmt, str::FromStr};

use zeroize::Zeroizing;

use super::secret::Secret;
use crate::{
    error::Error,
    util::{
        itself,
        z85::{self, Z85Error},
    },
};

/// The size of a key, in bytes.
const BYTES: usize = 32;
/// The size of a key written as Z85, in characters.
const CHARS: usize = 40;

/// The error of a text that is not a CURVE key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum CurveError {
    /// The text does not have 40 characters.
    #[error("a CURVE key is {} characters of Z85", CHARS)]
    InvalidSize,
    /// The text has a byte that is not part of [Z85](crate::z85).
    // Without the byte, which may be part of a secret key.
    #[error("the byte at position {pos} of a CURVE key is not of Z85")]
    InvalidByte {
        /// The position of the byte in the text.
        pos: usize,
        /// The byte.
        byte: u8,
    },
}

impl From<Z85Error> for CurveError {
    fn from(error: Z85Error) -> Self {
        match error {
            Z85Error::InvalidSize => Self::InvalidSize,
            Z85Error::InvalidByte { pos, byte } => Self::InvalidByte { pos, byte },
        }
    }
}

impl<T> From<CurveError> for Error<T> {
    fn from(error: CurveError) -> Self {
        let why = match error {
            CurveError::InvalidSize => "a CURVE key is 40 characters of Z85",
            CurveError::InvalidByte { .. } => "a CURVE key has a byte that is not of Z85",
        };
        Error::invalid(why, "read CURVE key").caused_by(error).cast_into()
    }
}

/// Decodes a key.
fn bytes(text: &str) -> Result<[u8; BYTES], CurveError> {
    let mut bytes = [0; BYTES];
    z85::decode_into(text, &mut bytes)?;
    Ok(bytes)
}

/// Encodes a key.
fn text(bytes: &[u8; BYTES]) -> String {
    // No error is possible, because 32 is a multiple of 4.
    z85::encode(bytes).unwrap_or_default()
}

/// The common methods of both key types, except for how they store their text.
macro_rules! key {
    ($Key:ident) => {
        impl $Key {
            /// Creates the key from its 32 bytes.
            pub fn from_bytes(bytes: &[u8; BYTES]) -> Self {
                Self::unchecked(text(bytes))
            }

            /// Returns the 32 bytes of the key.
            pub fn to_bytes(&self) -> [u8; BYTES] {
                // No error is possible, because the text was checked when the key was created.
                bytes(self.as_str()).unwrap_or_default()
            }
        }

        impl From<&$Key> for $Key {
            fn from(key: &$Key) -> Self {
                key.clone()
            }
        }

        impl FromStr for $Key {
            type Err = CurveError;

            fn from_str(text: &str) -> Result<Self, CurveError> {
                Self::new(text)
            }
        }

        impl TryFrom<&str> for $Key {
            type Error = CurveError;

            fn try_from(text: &str) -> Result<Self, CurveError> {
                Self::new(text)
            }
        }

        impl TryFrom<String> for $Key {
            type Error = CurveError;

            fn try_from(text: String) -> Result<Self, CurveError> {
                Self::new(text)
            }
        }

        impl TryFrom<&String> for $Key {
            type Error = CurveError;

            fn try_from(text: &String) -> Result<Self, CurveError> {
                Self::new(text.as_str())
            }
        }

        #[cfg(feature = "serde")]
        impl serde::Serialize for $Key {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        #[cfg(feature = "serde")]
        impl<'de> serde::Deserialize<'de> for $Key {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <String as serde::Deserialize>::deserialize(deserializer)?;
                Self::new(text).map_err(serde::de::Error::custom)
            }
        }

        itself!($Key);
    };
}

/// The public key of a CURVE key pair. It is not a secret.
///
/// Its text has 40 characters of [Z85](crate::z85).
///
/// # Examples
/// ```
/// use libzmq::auth::CurvePublicKey;
///
/// let key = CurvePublicKey::new("Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID")?;
/// assert_eq!(CurvePublicKey::from_bytes(&key.to_bytes()), key);
/// # Ok::<(), libzmq::auth::CurveError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CurvePublicKey(String);

impl CurvePublicKey {
    /// Creates the key from its text.
    ///
    /// # Errors
    /// [`CurveError`] if the text is not a key.
    pub fn new<S>(text: S) -> Result<Self, CurveError>
    where
        S: Into<String>,
    {
        let text = text.into();
        bytes(&text)?;
        Ok(Self(text))
    }

    /// Returns the text of the key.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub(super) fn unchecked(text: String) -> Self {
        Self(text)
    }
}

key!(CurvePublicKey);

impl fmt::Display for CurvePublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The secret key of a CURVE key pair. Only its owner may know it.
///
/// `Debug` hides it, comparisons take constant time, and dropping it overwrites it. The caller has
/// to protect the copies that it takes. With the feature `serde` it is serialized: a configuration
/// file that contains it is a secret, too.
///
/// # Examples
/// ```
/// use libzmq::auth::CurveSecretKey;
///
/// let key = CurveSecretKey::new("JTKVSB%%)wK0E.X)V>+}o?pNmC{O&4W4b!Ni{Lh6")?;
/// assert_eq!(format!("{key:?}"), "CurveSecretKey(***)");
/// # Ok::<(), libzmq::auth::CurveError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[doc(alias = "zmq_curve_public")]
pub struct CurveSecretKey(Secret);

impl CurveSecretKey {
    /// Creates the key from its text.
    ///
    /// # Errors
    /// [`CurveError`] if the text is not a key.
    pub fn new<S>(text: S) -> Result<Self, CurveError>
    where
        S: Into<String>,
    {
        let text = Secret::new(text.into());
        Zeroizing::new(bytes(text.as_str())?);
        Ok(Self(text))
    }

    /// Returns the text of the key.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    pub(super) fn unchecked(text: String) -> Self {
        Self(Secret::new(text))
    }
}

key!(CurveSecretKey);

/// A CURVE key pair.
///
/// # Examples
/// ```
/// use libzmq::auth::{CurveCert, CurvePublicKey, CurveSecretKey};
///
/// // The texts could come from a configuration file.
/// let public = CurvePublicKey::new("Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID")?;
/// let secret = CurveSecretKey::new("D:)Q[IlAW!ahhC2ac:9*A}h:p?([4%wOTJ%JR%cs")?;
/// let cert = CurveCert::new(public, secret);
/// # Ok::<(), libzmq::auth::CurveError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[doc(alias = "zmq_curve_keypair")]
pub struct CurveCert {
    public: CurvePublicKey,
    secret: CurveSecretKey,
}

impl CurveCert {
    /// Creates a key pair without checking that the keys belong together. If they do not,
    /// handshakes fail. `CurveCert::try_new`, with the feature `curve`, checks them.
    pub fn new<P, S>(public: P, secret: S) -> Self
    where
        P: Into<CurvePublicKey>,
        S: Into<CurveSecretKey>,
    {
        Self { public: public.into(), secret: secret.into() }
    }

    /// Returns the public key.
    #[doc(alias = "ZMQ_CURVE_PUBLICKEY")]
    pub fn public(&self) -> &CurvePublicKey {
        &self.public
    }

    /// Returns the secret key.
    #[doc(alias = "ZMQ_CURVE_SECRETKEY")]
    pub fn secret(&self) -> &CurveSecretKey {
        &self.secret
    }
}

impl From<&CurveCert> for CurveCert {
    fn from(cert: &CurveCert) -> Self {
        cert.clone()
    }
}

itself!(CurveCert);

/// The credentials of a CURVE client: the server's public key, and its own key pair.
///
/// # Examples
/// ```
/// use libzmq::auth::{CurveClientCreds, CurvePublicKey};
///
/// let server = CurvePublicKey::new("rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7")?;
/// let creds = CurveClientCreds::new(&server);
/// assert_eq!(creds.server(), &server);
/// assert!(creds.cert().is_none());
/// # Ok::<(), libzmq::auth::CurveError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct CurveClientCreds {
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    client: Option<CurveCert>,
    server: CurvePublicKey,
}

impl CurveClientCreds {
    /// Creates the credentials for the server with this public key. Each socket generates a key
    /// pair of its own.
    ///
    /// A server that checks the keys of its clients accepts the client only if it has a registered
    /// key pair: see [`add_cert`](Self::add_cert).
    pub fn new<S>(server: S) -> Self
    where
        S: Into<CurvePublicKey>,
    {
        Self { client: None, server: server.into() }
    }

    /// Sets the client's key pair.
    #[must_use]
    pub fn add_cert<C>(mut self, client: C) -> Self
    where
        C: Into<CurveCert>,
    {
        self.client = Some(client.into());
        self
    }

    /// Returns the client's key pair, if it was set.
    pub fn cert(&self) -> Option<&CurveCert> {
        self.client.as_ref()
    }

    /// Returns the server's public key.
    #[doc(alias = "ZMQ_CURVE_SERVERKEY")]
    pub fn server(&self) -> &CurvePublicKey {
        &self.server
    }
}

/// The credentials of a CURVE server: its secret key.
///
/// # Examples
/// ```
/// use libzmq::auth::{CurveSecretKey, CurveServerCreds};
///
/// let secret = CurveSecretKey::new("JTKVSB%%)wK0E.X)V>+}o?pNmC{O&4W4b!Ni{Lh6")?;
/// assert_eq!(CurveServerCreds::new(&secret).secret(), &secret);
/// # Ok::<(), libzmq::auth::CurveError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct CurveServerCreds {
    secret: CurveSecretKey,
}

impl CurveServerCreds {
    /// Creates the credentials from the secret key.
    pub fn new<S>(secret: S) -> Self
    where
        S: Into<CurveSecretKey>,
    {
        Self { secret: secret.into() }
    }

    /// Returns the secret key.
    pub fn secret(&self) -> &CurveSecretKey {
        &self.secret
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PUBLIC: &str = "Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID";
    const SECRET: &str = "D:)Q[IlAW!ahhC2ac:9*A}h:p?([4%wOTJ%JR%cs";

    #[test]
    fn texts_that_are_no_keys() {
        for short in ["", &PUBLIC[5..], &PUBLIC[1..]] {
            assert_eq!(CurvePublicKey::new(short), Err(CurveError::InvalidSize));
            assert_eq!(CurveSecretKey::new(short), Err(CurveError::InvalidSize));
        }
        let error = CurveError::InvalidByte { pos: 6, byte: b' ' };
        assert_eq!(CurvePublicKey::new(PUBLIC.replace('-', " ")), Err(error));
        let error = CurveError::InvalidByte { pos: 5, byte: b' ' };
        assert_eq!(CurveSecretKey::new(format!("00000 {}", &SECRET[6..])), Err(error));
        // Every character is part of Z85, but the group of five exceeds 32 bits.
        let error = CurveError::InvalidByte { pos: 4, byte: b'#' };
        assert_eq!(CurvePublicKey::new("#".repeat(40)), Err(error));
    }

    #[test]
    fn texts_and_bytes() -> Result<(), CurveError> {
        let (public, secret) = (CurvePublicKey::new(PUBLIC)?, CurveSecretKey::new(SECRET)?);
        assert_eq!(public.to_bytes()[..4], [0xBB, 0x88, 0x47, 0x1D]);
        assert_eq!(secret.to_bytes()[..4], [0x7B, 0xB8, 0x64, 0xB4]);
        assert_eq!(CurvePublicKey::from_bytes(&public.to_bytes()).as_str(), PUBLIC);
        assert_eq!(CurveSecretKey::from_bytes(&secret.to_bytes()).as_str(), SECRET);
        assert_eq!(PUBLIC.parse::<CurvePublicKey>()?, public);
        assert_eq!(CurveSecretKey::try_from(&SECRET.to_owned())?, secret);
        Ok(())
    }

    #[test]
    fn no_debug_shows_a_secret() -> Result<(), CurveError> {
        let cert = CurveCert::new(CurvePublicKey::new(PUBLIC)?, CurveSecretKey::new(SECRET)?);
        let server = CurveServerCreds::new(cert.secret());
        let client = CurveClientCreds::new(cert.public()).add_cert(&cert);
        for text in [format!("{cert:?}"), format!("{server:#?}"), format!("{client:?}")] {
            assert!(text.contains("***") && !text.contains(SECRET), "{text}");
        }
        Ok(())
    }
}
