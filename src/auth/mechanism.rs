//! [`Mechanism`]

use super::{CurveClientCreds, CurveServerCreds, PlainClientCreds};

/// The security mechanism of a socket, with its credentials.
///
/// Each type of credentials converts into its mechanism.
///
/// ```
/// use libzmq::{auth::*, prelude::*};
///
/// # fn main() -> Result<(), anyhow::Error> {
/// let creds = PlainClientCreds::new("ok", "so far");
/// let client = ClientBuilder::new().mechanism(&creds).build()?;
/// assert_eq!(client.mechanism(), Mechanism::PlainClient(creds));
/// #     Ok(())
/// # }
/// ```
///
/// With the feature `serde`, a configuration file contains the name of a mechanism without
/// credentials, or a map of the name to the credentials: `"null"`, `{"plain_client": {"username":
/// "ok", "password": "so far"}}`, `"plain_server"`, `{"curve_client": {"server": "…", "client":
/// {"public": "…", "secret": "…"}}}`, `{"curve_server": {"secret": "…"}}`.
///
/// # C API
/// `ZMQ_MECHANISM`, and the options `ZMQ_PLAIN_*` and `ZMQ_CURVE_*`
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Mechanism {
    /// Neither authentication nor encryption. Both peers must use it.
    #[default]
    #[doc(alias = "ZMQ_NULL")]
    Null,
    /// The client of a [`PlainServer`](Self::PlainServer). It sends a user name and a password in
    /// the clear.
    PlainClient(PlainClientCreds),
    /// The server of [`PlainClient`](Self::PlainClient)s. The authentication handler checks the
    /// user names and passwords.
    #[doc(alias = "ZMQ_PLAIN_SERVER")]
    #[doc(alias = "ZMQ_PLAIN")]
    PlainServer,
    /// The client of a [`CurveServer`](Self::CurveServer). It has the server's public key. It needs
    /// the feature `curve`.
    CurveClient(CurveClientCreds),
    /// The server of [`CurveClient`](Self::CurveClient)s. It has the secret key. It needs the
    /// feature `curve`.
    #[doc(alias = "ZMQ_CURVE_SERVER")]
    #[doc(alias = "ZMQ_CURVE")]
    CurveServer(CurveServerCreds),
}

macro_rules! from {
    ($($Creds:ident => $Variant:ident;)*) => {$(
        impl From<$Creds> for Mechanism {
            fn from(creds: $Creds) -> Self {
                Self::$Variant(creds)
            }
        }

        impl From<&$Creds> for Mechanism {
            fn from(creds: &$Creds) -> Self {
                Self::$Variant(creds.clone())
            }
        }

        impl From<&$Creds> for $Creds {
            fn from(creds: &$Creds) -> Self {
                creds.clone()
            }
        }
    )*};
}

from! {
    PlainClientCreds => PlainClient;
    CurveClientCreds => CurveClient;
    CurveServerCreds => CurveServer;
}

impl From<&Mechanism> for Mechanism {
    fn from(mechanism: &Mechanism) -> Self {
        mechanism.clone()
    }
}

#[cfg(all(test, feature = "serde"))]
mod tests {
    use super::*;
    use crate::auth::{CurveCert, CurvePublicKey, CurveSecretKey};

    const PUBLIC: &str = "Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID";
    const SECRET: &str = "D:)Q[IlAW!ahhC2ac:9*A}h:p?([4%wOTJ%JR%cs";

    /// The format of the configuration files that version 0.2 wrote.
    #[test]
    fn configuration() -> Result<(), Box<dyn std::error::Error>> {
        let (public, secret) = (CurvePublicKey::new(PUBLIC)?, CurveSecretKey::new(SECRET)?);
        let cert = CurveCert::new(&public, &secret);
        let client = CurveClientCreds::new(&public);
        for (mechanism, json) in [
            (Mechanism::Null, r#""null""#.to_owned()),
            (Mechanism::PlainServer, r#""plain_server""#.to_owned()),
            (
                PlainClientCreds::new("a", "b").into(),
                r#"{"plain_client":{"username":"a","password":"b"}}"#.to_owned(),
            ),
            (
                CurveServerCreds::new(&secret).into(),
                format!(r#"{{"curve_server":{{"secret":"{SECRET}"}}}}"#),
            ),
            (client.clone().into(), format!(r#"{{"curve_client":{{"server":"{PUBLIC}"}}}}"#)),
            (
                client.add_cert(cert).into(),
                format!(
                    r#"{{"curve_client":{{"client":{{"public":"{PUBLIC}","secret":"{SECRET}"}},"server":"{PUBLIC}"}}}}"#
                ),
            ),
        ] {
            assert_eq!(serde_json::to_string(&mechanism)?, json);
            assert_eq!(serde_json::from_str::<Mechanism>(&json)?, mechanism);
        }
        // The format of version 0.2 for a client without a key pair.
        let null = format!(r#"{{"curve_client":{{"client":null,"server":"{PUBLIC}"}}}}"#);
        assert!(serde_json::from_str::<Mechanism>(&null).is_ok());
        let bad = r#"{"curve_server":{"secret":"short"}}"#;
        assert!(serde_json::from_str::<Mechanism>(bad).is_err());
        Ok(())
    }
}
