//! What libzmq computes with CURVE keys.

use zeroize::Zeroize;

use super::{CurveCert, CurvePublicKey, CurveSecretKey};
use crate::{
    Error, ErrorKind,
    raw::{self, Errno},
};

/// Why the functions without an error have none: the libzmq with our fixes is always part of the
/// program.
#[cfg(any(zmq_has = "patches", docsrs))]
const COMPILED_IN: &str = "the libzmq that was compiled in has CURVE, and no key fails";

/// Why there can be an error at all where CURVE was compiled in.
const OTHER_LIBRARY: &str =
    "the libzmq that was loaded has no CURVE; the one that was compiled against had";

#[cfg_attr(docsrs, doc(cfg(feature = "curve")))]
impl CurveCert {
    /// A new key pair, from the system's source of random numbers. Only with the feature `curve`,
    /// and not with the system's libzmq: a program may be run with another one, which lacks CURVE.
    /// There, call [`try_new_unique`](Self::try_new_unique).
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

    /// The pair of these two, if they belong together. Only with the feature `curve`.
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
    /// - [`InvalidInput`](crate::ErrorKind::InvalidInput) if the public key is another secret key's
    /// - [`Unsupported`](crate::ErrorKind::Unsupported) if the libzmq that was loaded has no CURVE
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

    /// A new key pair, from the system's source of random numbers, or an error.
    ///
    /// # Errors
    /// [`Unsupported`](crate::ErrorKind::Unsupported) if the libzmq that was loaded has no CURVE.
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
    /// The public key that belongs to this one. Only with the feature `curve`.
    ///
    /// # Errors
    /// [`Unsupported`](crate::ErrorKind::Unsupported) if the libzmq that was loaded has no CURVE.
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

/// The public key that belongs to a secret one, as [`CurveSecretKey::try_public`] derives it. Not
/// with the system's libzmq.
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

/// The public key that belongs to a secret one, as [`CurveSecretKey::try_public`] derives it. Not
/// with the system's libzmq.
#[cfg(any(zmq_has = "patches", docsrs))]
#[cfg_attr(docsrs, doc(cfg(feature = "curve")))]
impl From<CurveSecretKey> for CurvePublicKey {
    fn from(secret: CurveSecretKey) -> Self {
        Self::from(&secret)
    }
}

/// The one error that there can be, because the keys are good.
fn unsupported(operation: &'static str) -> Error {
    Error::new(ErrorKind::Unsupported(OTHER_LIBRARY), operation)
}

/// What libzmq wrote as Z85, which is ASCII.
fn text(z85: &[u8; 40]) -> String {
    // Room for all of it at once: a secret leaves no copy behind in a smaller buffer.
    let mut text = String::with_capacity(z85.len());
    text.extend(z85.iter().copied().map(char::from));
    text
}

#[cfg(all(test, zmq_has = "patches"))]
mod tests {
    use super::*;

    /// The pair of zmq_curve(7).
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
