//! CURVE keys that libzmq computes.

use zeroize::Zeroize;

use super::{CurveCert, CurvePublicKey, CurveSecretKey};
use crate::{
    Error, ErrorKind,
    raw::{self, Errno},
};

/// The functions without an error rely on this: the vendored libzmq is part of the program.
#[cfg(any(zmq_has = "patches", docsrs))]
const COMPILED_IN: &str = "the libzmq that was compiled in has CURVE, and no key fails";

/// The only possible error with CURVE compiled in.
const OTHER_LIBRARY: &str =
    "the libzmq that was loaded has no CURVE; the one that was compiled against had";

#[cfg_attr(docsrs, doc(cfg(feature = "curve")))]
impl CurveCert {
    /// Generates a key pair from the system's random number generator.
    ///
    /// It needs the feature `curve`, and does not exist with a system's libzmq, since a program may
    /// run with another build that has no CURVE. Call [`try_new_unique`](Self::try_new_unique)
    /// there.
    ///
    /// # Examples
    /// ```
    /// use libzmq::auth::CurveCert;
    ///
    /// assert_ne!(CurveCert::new_unique(), CurveCert::new_unique());
    /// ```
    ///
    /// # C API
    /// `zmq_curve_keypair`
    #[cfg(any(zmq_has = "patches", docsrs))]
    pub fn new_unique() -> Self {
        match Self::try_new_unique() {
            Ok(cert) => cert,
            Err(_) => unreachable!("{COMPILED_IN}"),
        }
    }

    /// Creates a key pair after checking that the keys belong together. It needs the feature
    /// `curve`.
    ///
    /// ```
    /// use libzmq::auth::CurveCert;
    ///
    /// let (one, other) = (CurveCert::try_new_unique()?, CurveCert::try_new_unique()?);
    /// assert_eq!(CurveCert::try_new(one.public(), one.secret())?, one);
    /// assert!(CurveCert::try_new(one.public(), other.secret()).is_err());
    /// # Ok::<(), libzmq::Error>(())
    /// ```
    ///
    /// # Errors
    /// - [`InvalidInput`](crate::ErrorKind::InvalidInput) if the keys do not belong together
    /// - [`Unsupported`](crate::ErrorKind::Unsupported) if the loaded libzmq has no CURVE
    ///
    /// # C API
    /// `zmq_curve_public`
    pub fn try_new<P, S>(public: P, secret: S) -> Result<Self, Error>
    where
        P: Into<CurvePublicKey>,
        S: Into<CurveSecretKey>,
    {
        const STRANGERS: &str = "the public key does not belong to the secret key";

        let cert = Self::new(public, secret);
        if cert.secret().try_public()? != *cert.public() {
            return Err(Error::invalid(STRANGERS, "make a CURVE key pair").about(cert.public()));
        }
        Ok(cert)
    }

    /// Generates a key pair from the system's random number generator, or returns an error. It
    /// needs the feature `curve`.
    ///
    /// ```
    /// use libzmq::auth::{CurveCert, CurveServerCreds};
    ///
    /// let creds = CurveServerCreds::new(CurveCert::try_new_unique()?.secret());
    /// # Ok::<(), libzmq::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Unsupported`](crate::ErrorKind::Unsupported) if the loaded libzmq has no CURVE.
    ///
    /// # C API
    /// `zmq_curve_keypair`
    pub fn try_new_unique() -> Result<Self, Error> {
        Self::generate().map_err(|_| unsupported("generate a CURVE key pair"))
    }

    pub(super) fn generate() -> Result<Self, Errno> {
        let (public, mut secret) = raw::curve_keypair()?;
        let cert = Self::new(
            CurvePublicKey::unchecked(text(&public)),
            CurveSecretKey::unchecked(text(&secret)),
        );
        secret.zeroize();
        Ok(cert)
    }
}

#[cfg_attr(docsrs, doc(cfg(feature = "curve")))]
impl CurveSecretKey {
    /// Derives the public key of this secret key. It needs the feature `curve`.
    ///
    /// # Errors
    /// [`Unsupported`](crate::ErrorKind::Unsupported) if the loaded libzmq has no CURVE.
    ///
    /// # Examples
    /// ```
    /// use libzmq::auth::CurveCert;
    ///
    /// let cert = CurveCert::try_new_unique()?;
    /// assert_eq!(&cert.secret().try_public()?, cert.public());
    /// # Ok::<(), libzmq::Error>(())
    /// ```
    ///
    /// # C API
    /// `zmq_curve_public`
    pub fn try_public(&self) -> Result<CurvePublicKey, Error> {
        let mut secret = [0; 40];
        secret.copy_from_slice(self.as_str().as_bytes());
        let public = raw::curve_public(&secret);
        secret.zeroize();
        match public {
            Ok(public) => Ok(CurvePublicKey::unchecked(text(&public))),
            Err(_) => Err(unsupported("derive a CURVE public key")),
        }
    }
}

/// Derives the public key, as [`CurveSecretKey::try_public`] does. It does not exist with a
/// system's libzmq.
#[cfg(any(zmq_has = "patches", docsrs))]
#[cfg_attr(docsrs, doc(cfg(feature = "curve")))]
impl From<&CurveSecretKey> for CurvePublicKey {
    fn from(secret: &CurveSecretKey) -> Self {
        match secret.try_public() {
            Ok(public) => public,
            Err(_) => unreachable!("{COMPILED_IN}"),
        }
    }
}

/// Derives the public key, as [`CurveSecretKey::try_public`] does. It does not exist with a
/// system's libzmq.
#[cfg(any(zmq_has = "patches", docsrs))]
#[cfg_attr(docsrs, doc(cfg(feature = "curve")))]
impl From<CurveSecretKey> for CurvePublicKey {
    fn from(secret: CurveSecretKey) -> Self {
        Self::from(&secret)
    }
}

/// The only possible error, because the keys are valid.
fn unsupported(operation: &'static str) -> Error {
    Error::new(ErrorKind::Unsupported(OTHER_LIBRARY), operation)
}

/// Converts the Z85 text of libzmq, which is ASCII.
fn text(z85: &[u8; 40]) -> String {
    // The full capacity at once: growing would leave a copy of a secret in the smaller buffer.
    let mut text = String::with_capacity(z85.len());
    text.extend(z85.iter().copied().map(char::from));
    text
}

#[cfg(all(test, zmq_has = "patches"))]
mod tests {
    use super::*;

    /// The key pair of zmq_curve(7).
    #[test]
    fn derives_the_public_key() -> Result<(), Box<dyn std::error::Error>> {
        let secret = CurveSecretKey::new("D:)Q[IlAW!ahhC2ac:9*A}h:p?([4%wOTJ%JR%cs")?;
        let public = CurvePublicKey::new("Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID")?;
        assert_eq!(secret.try_public()?, public);
        assert_eq!(CurvePublicKey::from(secret), public);
        Ok(())
    }

    #[test]
    fn pairs_are_unique_and_belong_together() {
        let cert = CurveCert::new_unique();
        assert_eq!(&CurvePublicKey::from(cert.secret()), cert.public());
        assert_ne!(cert, CurveCert::new_unique());
        assert_eq!(CurveSecretKey::new(cert.secret().as_str()).as_ref(), Ok(cert.secret()));
    }
}
