//! The protocol between libzmq and the authentication handler, [RFC
//! 27](https://rfc.zeromq.org/spec/27/): ZAP.

use std::net::IpAddr;

use super::{AuthAnswer, request::Verdict};
use crate::{Msg, Multipart, util::log};

const VERSION: &[u8] = b"1.0";

/// A ZAP request about one peer.
pub(super) struct Request<'a> {
    /// The routing envelope of the reply, including the empty delimiter frame.
    envelope: &'a [Msg],
    id: &'a Msg,
    pub(super) domain: &'a [u8],
    address: &'a [u8],
    pub(super) origin: Origin,
    pub(super) identity: &'a [u8],
    pub(super) mechanism: &'a [u8],
    pub(super) credentials: &'a [Msg],
}

/// The origin of a peer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    Ip(IpAddr),
    /// The same machine, over ipc.
    Local,
    /// Unknown: a transport without IP addresses, or a connection that was closed already.
    Unknown,
}

/// The destination of an answer. It does not contain the request, which may contain a password.
pub(super) struct ReplyTo {
    envelope: Vec<Msg>,
    id: Msg,
    domain: String,
    address: String,
    mechanism: String,
}

impl<'a> Request<'a> {
    /// Reads a request. Returns `None` if it is malformed and cannot be answered.
    pub(super) fn read(parts: &'a [Msg]) -> Option<Self> {
        let delimiter = parts.iter().position(|part| part.as_bytes().is_empty())?;
        let (envelope, body) = parts.split_at(delimiter + 1);
        let [version, id, domain, address, identity, mechanism, credentials @ ..] = body else {
            return None;
        };
        let address = address.as_bytes();
        (version.as_bytes() == VERSION).then_some(Self {
            envelope,
            id,
            domain: domain.as_bytes(),
            address,
            origin: Origin::read(address),
            identity: identity.as_bytes(),
            mechanism: mechanism.as_bytes(),
            credentials,
        })
    }

    /// Returns the readable address. An IPv4-mapped address has no IPv6 prefix.
    pub(super) fn address_text(&self) -> String {
        match self.origin {
            Origin::Ip(IpAddr::V4(ip)) => ip.to_string(),
            _ => String::from_utf8_lossy(self.address).into_owned(),
        }
    }

    pub(super) fn reply_to(&self) -> ReplyTo {
        let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
        ReplyTo {
            envelope: self.envelope.to_vec(),
            id: self.id.clone(),
            domain: text(self.domain),
            address: self.address_text(),
            mechanism: text(self.mechanism),
        }
    }
}

impl ReplyTo {
    /// Logs the answer.
    pub(super) fn log(&self, answer: &AuthAnswer) {
        let (domain, address, mechanism) = (&self.domain, &self.address, &self.mechanism);
        match &answer.0 {
            Verdict::Allow { user, .. } => {
                log::peer_allowed(domain, address, mechanism, user.escape_debug());
            }
            Verdict::Deny(why) | Verdict::Later(why) | Verdict::Failed(why) => {
                let (status, why) = (answer.0.status(), why.escape_debug());
                log::peer_refused(domain, address, mechanism, status, why);
            }
        }
    }

    /// Builds the ZAP reply: a user id and properties, or the reason of a refusal.
    pub(super) fn reply(self, answer: AuthAnswer) -> Multipart {
        let status = answer.0.status().to_string();
        let (text, user, metadata) = match answer.0 {
            Verdict::Allow { user, properties } => ("OK".to_owned(), user, metadata(&properties)),
            Verdict::Deny(why) | Verdict::Later(why) | Verdict::Failed(why) => {
                (why, String::new(), Msg::new())
            }
        };
        let answer = [VERSION.into(), self.id, status.into(), text.into(), user.into(), metadata];
        self.envelope.into_iter().chain(answer).collect()
    }
}

/// Encodes properties as ZMTP metadata.
fn metadata(properties: &[(String, String)]) -> Msg {
    let mut bytes = Vec::new();
    for (name, value) in properties {
        // Both lengths were checked when the answer was created.
        bytes.push(name.len() as u8);
        bytes.extend_from_slice(name.as_bytes());
        bytes.extend_from_slice(&(value.len() as u32).to_be_bytes());
        bytes.extend_from_slice(value.as_bytes());
    }
    bytes.into()
}

impl Origin {
    fn read(address: &[u8]) -> Self {
        let Ok(address) = std::str::from_utf8(address) else { return Self::Unknown };
        // libzmq's address of every ipc peer begins so; its process and user follow. libzmq never
        // resolves names of peers.
        if address.split(':').next() == Some("localhost") {
            return Self::Local;
        }
        // The interface follows a link-local address.
        let ip = address.split('%').next().unwrap_or_default();
        // A socket with IPv6 reports 127.0.0.1 as ::ffff:127.0.0.1.
        ip.parse().map_or(Self::Unknown, |ip: IpAddr| Self::Ip(ip.to_canonical()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn msgs(parts: &[&str]) -> Vec<Msg> {
        parts.iter().copied().map(Msg::from).collect()
    }

    #[test]
    fn a_request_and_its_replies() {
        let parts = msgs(&[
            "peer", "", "1.0", "7", "global", "::ffff:10.1.2.3", "id", "PLAIN", "user", "password",
        ]);
        let request = Request::read(&parts).unwrap_or_else(|| unreachable!("a request"));
        assert_eq!(request.origin, Origin::Ip([10, 1, 2, 3].into()));
        assert_eq!(request.mechanism, b"PLAIN");
        assert_eq!(request.credentials, msgs(&["user", "password"]));
        assert_eq!(request.domain, b"global");
        assert_eq!(request.identity, b"id");
        let reply = |answer| request.reply_to().reply(answer);
        assert_eq!(
            reply(AuthAnswer::allow("user")),
            ["peer", "", "1.0", "7", "200", "OK", "user", ""]
        );
        assert_eq!(
            reply(AuthAnswer::allow("").property("X-A", "bc").property("D", "")),
            ["peer", "", "1.0", "7", "200", "OK", "", "\x03X-A\0\0\0\x02bc\x01D\0\0\0\0"]
        );
        for (answer, status) in [
            (AuthAnswer::deny("no"), "400"),
            (AuthAnswer::later("no"), "300"),
            (AuthAnswer::failed("no"), "500"),
        ] {
            assert_eq!(reply(answer), ["peer", "", "1.0", "7", status, "no", "", ""]);
        }
    }

    #[test]
    fn what_is_no_request() {
        for parts in [
            &[][..],
            &["peer"],
            &["peer", ""],
            &["peer", "1.0", "7", "global", "10.1.2.3", "id", "NULL"],
            &["peer", "", "1.0", "7", "global", "10.1.2.3", ""],
            &["peer", "", "2.0", "7", "global", "10.1.2.3", "", "NULL"],
        ] {
            assert!(Request::read(&msgs(parts)).is_none(), "{parts:?}");
        }
    }

    #[test]
    fn origins_of_addresses() {
        let ip = |text: &str| text.parse().map_or(Origin::Unknown, Origin::Ip);
        for (address, origin) in [
            ("127.0.0.1", ip("127.0.0.1")),
            ("::ffff:127.0.0.1", ip("127.0.0.1")),
            ("fe80::1%eth0", ip("fe80::1")),
            ("localhost", Origin::Local),
            ("localhost:1000:1000:4711", Origin::Local),
            ("localhostile", Origin::Unknown),
            ("", Origin::Unknown),
        ] {
            assert_eq!(Origin::read(address.as_bytes()), origin, "{address}");
        }
        assert_eq!(Origin::read(&[0xff]), Origin::Unknown);
    }
}
