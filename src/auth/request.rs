//! What an authenticator is asked, and what it answers.

use std::net::IpAddr;

use super::{CurvePublicKey, PlainClientCreds};

/// What an [authenticator](super::AuthClient::set_authenticator) is asked: who wants to connect,
/// and where to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthRequest {
    pub(super) domain: String,
    pub(super) address: String,
    pub(super) ip: Option<IpAddr>,
    pub(super) identity: Vec<u8>,
    pub(super) credentials: AuthCredentials,
}

/// What a peer presents, by the mechanism of its handshake.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AuthCredentials {
    /// Nothing: the server has no mechanism, only a [`ZapDomain`](crate::opt::ZapDomain).
    Null,
    /// A name and a password.
    Plain(PlainClientCreds),
    /// The public key whose secret key the peer has.
    Curve(CurvePublicKey),
}

impl AuthRequest {
    /// The [`ZapDomain`](crate::opt::ZapDomain) of the server's socket: `"global"` unless it was
    /// set.
    pub fn domain(&self) -> &str {
        &self.domain
    }

    /// Where the peer is: an IP address over tcp and ws, without a port; over ipc the process, as
    /// `localhost:uid:gid:pid` where the system reports it.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// The IP address of the peer; `None` over ipc. An IPv4-mapped address is the IPv4 address.
    pub fn ip(&self) -> Option<IpAddr> {
        self.ip
    }

    /// The identity that the ZAP request carries. libzmq fills in the
    /// [`RoutingId`](crate::opt::RoutingIdentity) of the *server's* socket, and leaves it empty if
    /// the socket has none: the handshake asks the handler before it reads the identity of the
    /// peer.
    pub fn identity(&self) -> &[u8] {
        &self.identity
    }

    /// The mechanism: `"NULL"`, `"PLAIN"` or `"CURVE"`.
    pub fn mechanism(&self) -> &'static str {
        match self.credentials {
            AuthCredentials::Null => "NULL",
            AuthCredentials::Plain(_) => "PLAIN",
            AuthCredentials::Curve(_) => "CURVE",
        }
    }

    /// What the peer presents.
    pub fn credentials(&self) -> &AuthCredentials {
        &self.credentials
    }

    /// The user's name and password, if the mechanism is PLAIN.
    pub fn plain(&self) -> Option<&PlainClientCreds> {
        match &self.credentials {
            AuthCredentials::Plain(creds) => Some(creds),
            _ => None,
        }
    }

    /// The public key, if the mechanism is CURVE.
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

/// What becomes of a peer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Allow {
        user: String,
        properties: Vec<(String, String)>,
    },
    Deny(String),
    Later(String),
    /// The one who should judge could not.
    Failed(String),
}

impl Verdict {
    /// Its number in ZAP.
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

/// What libzmq says of a connection itself.
const RESERVED: [&str; 6] =
    ["User-Id", "Peer-Address", "Routing-Id", "__fd", "Socket-Type", "Identity"];

impl AuthAnswer {
    /// Lets the peer in. The user id arrives with each of its messages as
    /// [`Msg::user_id`](crate::Msg::user_id). A user id with a NUL in it is an error of the
    /// authenticator, and refuses the peer with status 500.
    pub fn allow(user: impl Into<String>) -> Self {
        let user = user.into();
        if user.contains('\0') {
            return Self::failed(USER);
        }
        Self(Verdict::Allow { user, properties: Vec::new() })
    }

    /// Adds a property, which arrives with each message of the peer as
    /// [`Msg::property`](crate::Msg::property). It has no effect on another answer than
    /// [`allow`](Self::allow).
    ///
    /// A name has 1 to 255 ASCII letters, digits, and characters of `-_.+`. The names that libzmq
    /// sets (`User-Id`, `Peer-Address`, `Routing-Id`, `Socket-Type`, `Identity`, `__fd`) are taken;
    /// a prefix of `X-` avoids those to come. A value has no NUL. Another name or value is an error
    /// of the authenticator, and refuses the peer with status 500.
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

    /// Refuses the peer for good, with status 400: it does not try again. The reason is for the
    /// server's [monitor](crate::monitor::Event::refusal) and log; the peer receives the status
    /// only.
    pub fn deny(reason: impl Into<String>) -> Self {
        Self(Verdict::Deny(reason.into()))
    }

    /// Refuses the peer for now, with status 300: the connection ends without a word, and the peer
    /// tries again after its [`ReconnectInterval`](crate::opt::ReconnectInterval). The reason is
    /// for the server's monitor and log.
    pub fn later(reason: impl Into<String>) -> Self {
        Self(Verdict::Later(reason.into()))
    }

    /// Refuses the peer with status 500, because the authenticator failed.
    pub(super) fn failed(reason: impl Into<String>) -> Self {
        Self(Verdict::Failed(reason.into()))
    }
}

/// Whether a message can have such a property from here.
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
