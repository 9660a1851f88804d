//! The request and the answer of an authenticator.

use std::net::IpAddr;

use super::{CurvePublicKey, PlainClientCreds};

/// The request for an [authenticator](super::AuthClient::set_authenticator): a peer, its
/// credentials, and the domain of the server.
///
/// ```
/// use libzmq::auth::{AuthAnswer, AuthRequest};
///
/// fn decide(request: AuthRequest) -> AuthAnswer {
///     match request.ip() {
///         Some(ip) if ip.is_loopback() => AuthAnswer::allow("local"),
///         _ => AuthAnswer::deny(format!("{} is not local", request.address())),
///     }
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthRequest {
    pub(super) domain: String,
    pub(super) address: String,
    pub(super) ip: Option<IpAddr>,
    pub(super) identity: Vec<u8>,
    pub(super) credentials: AuthCredentials,
}

/// The credentials of a peer, by the mechanism of its handshake.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AuthCredentials {
    /// No credentials: the server has no mechanism, only a [`ZapDomain`](crate::opt::ZapDomain).
    Null,
    /// A user name and a password.
    Plain(PlainClientCreds),
    /// The public key of the peer. The handshake has proved that the peer has the secret key.
    Curve(CurvePublicKey),
}

impl AuthRequest {
    /// Returns the [`ZapDomain`](crate::opt::ZapDomain) of the server's socket. The default is
    /// `"global"`.
    pub fn domain(&self) -> &str {
        &self.domain
    }

    /// Returns the address of the peer:
    /// - over tcp and ws, the IP address without a port
    /// - over ipc, `localhost:uid:gid:pid` of the process, if the system reports them
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Returns the IP address of the peer, or `None` over ipc and if libzmq reports no address. An
    /// IPv4-mapped IPv6 address is returned as IPv4 address.
    pub fn ip(&self) -> Option<IpAddr> {
        self.ip
    }

    /// Returns the identity in the ZAP request. libzmq sends the
    /// [`RoutingIdentity`](crate::opt::RoutingIdentity) of the *server's* socket, which is empty by
    /// default: the handshake sends the ZAP request before it reads the identity of the peer.
    pub fn identity(&self) -> &[u8] {
        &self.identity
    }

    /// Returns the mechanism: `"NULL"`, `"PLAIN"` or `"CURVE"`.
    pub fn mechanism(&self) -> &'static str {
        match self.credentials {
            AuthCredentials::Null => "NULL",
            AuthCredentials::Plain(_) => "PLAIN",
            AuthCredentials::Curve(_) => "CURVE",
        }
    }

    /// Returns the credentials of the peer.
    pub fn credentials(&self) -> &AuthCredentials {
        &self.credentials
    }

    /// Returns the user name and the password, if the mechanism is PLAIN.
    pub fn plain(&self) -> Option<&PlainClientCreds> {
        match &self.credentials {
            AuthCredentials::Plain(creds) => Some(creds),
            _ => None,
        }
    }

    /// Returns the public key, if the mechanism is CURVE.
    pub fn curve(&self) -> Option<&CurvePublicKey> {
        match &self.credentials {
            AuthCredentials::Curve(key) => Some(key),
            _ => None,
        }
    }
}

/// The answer of an [authenticator](super::AuthClient::set_authenticator).
///
/// ```
/// use libzmq::auth::AuthAnswer;
///
/// let _ = AuthAnswer::allow("anna").property("X-Role", "editor");
/// let _ = AuthAnswer::deny("the account is locked");
/// let _ = AuthAnswer::later("the directory of users is down");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "an authenticator returns it"]
pub struct AuthAnswer(pub(super) Verdict);

/// The decision about a peer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Allow {
        user: String,
        properties: Vec<(String, String)>,
    },
    Deny(String),
    Later(String),
    /// The authenticator failed.
    Failed(String),
}

impl Verdict {
    /// Returns the status code of ZAP.
    pub(super) fn status(&self) -> u16 {
        match self {
            Self::Allow { .. } => 200,
            Self::Later(_) => 300,
            Self::Deny(_) => 400,
            Self::Failed(_) => 500,
        }
    }
}

const USER: &str = "the authenticator gave a user id with a NUL in it";
const PROPERTY: &str = "the authenticator gave a property that a message cannot have";

/// The properties that libzmq sets itself.
const RESERVED: [&str; 6] =
    ["User-Id", "Peer-Address", "Routing-Id", "__fd", "Socket-Type", "Identity"];

impl AuthAnswer {
    /// Accepts the peer. Its messages carry the user id as [`Msg::user_id`](crate::Msg::user_id). A
    /// user id with a NUL in it is an error of the authenticator: the handler refuses the peer with
    /// status 500.
    pub fn allow(user: impl Into<String>) -> Self {
        let user = user.into();
        if user.contains('\0') {
            return Self::failed(USER);
        }
        Self(Verdict::Allow { user, properties: Vec::new() })
    }

    /// Adds a property. The peer's messages carry it as [`Msg::property`](crate::Msg::property). It
    /// has an effect only on an answer of [`allow`](Self::allow).
    ///
    /// A name has 1 to 255 ASCII letters, digits, and characters of `-_.+`. libzmq reserves the
    /// names `User-Id`, `Peer-Address`, `Routing-Id`, `Socket-Type`, `Identity` and `__fd`; the
    /// prefix `X-` avoids names that it may add. A value contains no NUL. An invalid name or value
    /// is an error of the authenticator: the handler refuses the peer with status 500.
    pub fn property(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        if let Verdict::Allow { properties, .. } = &mut self.0 {
            let (name, value) = (name.into(), value.into());
            if !is_property(&name, &value) {
                return Self::failed(PROPERTY);
            }
            properties.push((name, value));
        }
        self
    }

    /// Refuses the peer permanently, with status 400. The peer does not connect again. The reason
    /// appears in the server's [monitor](crate::monitor::Event::refusal) and log; the peer receives
    /// only the status.
    pub fn deny(reason: impl Into<String>) -> Self {
        Self(Verdict::Deny(reason.into()))
    }

    /// Refuses the peer temporarily, with status 300. libzmq closes the connection without an
    /// error, and the peer connects again after its
    /// [`ReconnectInterval`](crate::opt::ReconnectInterval). The reason appears in the server's
    /// monitor and log.
    pub fn later(reason: impl Into<String>) -> Self {
        Self(Verdict::Later(reason.into()))
    }

    /// Refuses the peer with status 500, because the authenticator failed.
    pub(super) fn failed(reason: impl Into<String>) -> Self {
        Self(Verdict::Failed(reason.into()))
    }
}

/// Returns whether a message can carry the property, and libzmq does not reserve its name.
pub(super) fn is_property(name: &str, value: &str) -> bool {
    (1..=255).contains(&name.len())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.+".contains(&byte))
        && !RESERVED.iter().any(|reserved| reserved.eq_ignore_ascii_case(name))
        && !value.contains('\0')
        && u32::try_from(value.len()).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_failure(answer: AuthAnswer) -> bool {
        matches!(answer.0, Verdict::Failed(_))
    }

    #[test]
    fn answer_with_what_a_message_cannot_have_is_a_failure() {
        let allow = || AuthAnswer::allow("anna");
        assert!(is_failure(AuthAnswer::allow("an\0na")));
        for name in ["", "user-id", "__FD", "Identity", "X Role", "X-Rôle", &"x".repeat(256)] {
            assert!(is_failure(allow().property(name, "value")), "{name}");
        }
        assert!(is_failure(allow().property("X-Role", "a\0b").property("X-Other", "good")));
        let good = allow().property("X-Role", "").property("x".repeat(255), "ü");
        assert!(matches!(good.0, Verdict::Allow { properties, .. } if properties.len() == 2));
        assert_eq!(AuthAnswer::deny("no").property("", "\0"), AuthAnswer::deny("no"));
    }
}
