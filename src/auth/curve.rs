//! CURVE: pairs of keys, and what each side must know of the other.

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

/// A text is not a CURVE key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum CurveError {
    /// A key has 40 characters.
    #[error("a CURVE key is {} characters of Z85", CHARS)]
    InvalidSize,
    /// A byte is not of [Z85](crate::z85).
    // Not the byte: it may be one of a secret.
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

/// The bytes of a key.
fn bytes(text: &str) -> Result<[u8; BYTES], CurveError> {
    let mut bytes = [0; BYTES];
    z85::decode_into(text, &mut bytes)?;
    Ok(bytes)
}

/// The text of a key.
fn text(bytes: &[u8; BYTES]) -> String {
    // 32 is a multiple of 4, so there is no error.
    z85::encode(bytes).unwrap_or_default()
}

/// What the two kinds of key have in common, apart from how they hold their text.
macro_rules! key {
    ($Key:ident) => {
        impl $Key {
            /// The key of these 32 bytes.
            pub fn from_bytes(bytes: &[u8; BYTES]) -> Self {
                Self::unchecked(text(bytes))
            }

            /// The 32 bytes of the key.
            pub fn to_bytes(&self) -> [u8; BYTES] {
                // The text was read once when the key was made, so there is no error.
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

/// The public half of a CURVE key pair, which may be known to everybody.
///
/// It is written as 40 characters of [Z85](crate::z85).
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
    /// The key that is written so.
    ///
    /// # Errors
    /// When the text is not that of a key.
    pub fn new<S>(text: S) -> Result<Self, CurveError>
    where
        S: Into<String>,
    {
        let text = text.into();
        bytes(&text)?;
        Ok(Self(text))
    }

    /// The key as text.
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

/// The secret half of a CURVE key pair. Only its owner may know it.
///
/// It is hidden from `Debug`, compared in constant time and overwritten when dropped; what is taken
/// out of it is the caller's to protect. With feature `serde` it is written out: a configuration
/// file that has it is a secret, too.
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
    /// The key that is written so.
    ///
    /// # Errors
    /// When the text is not that of a key.
    pub fn new<S>(text: S) -> Result<Self, CurveError>
    where
        S: Into<String>,
    {
        let text = Secret::new(text.into());
        Zeroizing::new(bytes(text.as_str())?);
        Ok(Self(text))
    }

    /// The key as text.
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
/// // As a configuration file would have them.
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
    /// The pair of these two, without a check that they belong together: a handshake fails if they
    /// do not. `CurveCert::try_new`, with the feature `curve`, checks it.
    pub fn new<P, S>(public: P, secret: S) -> Self
    where
        P: Into<CurvePublicKey>,
        S: Into<CurveSecretKey>,
    {
        Self { public: public.into(), secret: secret.into() }
    }

    /// The public key.
    #[doc(alias = "ZMQ_CURVE_PUBLICKEY")]
    pub fn public(&self) -> &CurvePublicKey {
        &self.public
    }

    /// The secret key.
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

/// What a CURVE client must have: the server's public key, and a key pair of its own.
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
    /// Credentials for the server that has this public key, with a key pair made up for each
    /// socket.
    ///
    /// They let a client into a server that knows its clients' keys only if its own are
    /// [added](Self::add_cert).
    pub fn new<S>(server: S) -> Self
    where
        S: Into<CurvePublicKey>,
    {
        Self { client: None, server: server.into() }
    }

    /// Makes this the client's key pair.
    #[must_use]
    pub fn add_cert<C>(mut self, client: C) -> Self
    where
        C: Into<CurveCert>,
    {
        self.client = Some(client.into());
        self
    }

    /// The client's key pair, if it was given one.
    pub fn cert(&self) -> Option<&CurveCert> {
        self.client.as_ref()
    }

    /// The server's public key.
    #[doc(alias = "ZMQ_CURVE_SERVERKEY")]
    pub fn server(&self) -> &CurvePublicKey {
        &self.server
    }
}

/// What a CURVE server must have: its secret key.
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
    /// Credentials of this secret key.
    pub fn new<S>(secret: S) -> Self
    where
        S: Into<CurveSecretKey>,
    {
        Self { secret: secret.into() }
    }

    /// The secret key.
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
        // Every character is of Z85, but no group of five can be that much.
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
