//! The rules of the authentication handler.

use std::{
    collections::{HashMap, HashSet},
    net::IpAddr,
    sync::Arc,
};

use super::{
    AuthAnswer, AuthCredentials, AuthRequest, CurvePublicKey, PlainClientCreds,
    authenticator::Authenticator,
    key_folder::KeyFolder,
    secret::Secret,
    zap::{Origin, Request},
};
use crate::addr::IpNetwork;

/// All rules of a context's authentication handler.
#[derive(Default)]
pub(super) struct Rules {
    common: DomainRules,
    domains: HashMap<String, DomainRules>,
}

/// The rules of one ZAP domain, or the common ones for the other domains. At first no client is
/// registered.
#[derive(Default)]
pub(super) struct DomainRules {
    pub(super) blacklist: IpSet,
    pub(super) whitelist: IpSet,
    plain: HashMap<String, Secret>,
    pub(super) curve: HashSet<CurvePublicKey>,
    /// Whether the handler accepts every CURVE key.
    pub(super) any_key: bool,
    pub(super) folder: Option<Arc<KeyFolder>>,
    pub(super) authenticator: Option<Authenticator>,
}

/// A set of addresses and networks.
#[derive(Default)]
pub(super) struct IpSet(HashSet<IpNetwork>);

impl IpSet {
    pub(super) fn add(&mut self, networks: impl IntoIterator<Item = IpNetwork>) {
        self.0.extend(networks);
    }

    pub(super) fn remove(&mut self, networks: impl IntoIterator<Item = IpNetwork>) {
        for network in networks {
            self.0.remove(&network);
        }
    }

    pub(super) fn replace(&mut self, networks: impl IntoIterator<Item = IpNetwork>) {
        self.0.clear();
        self.add(networks);
    }

    fn contains(&self, ip: IpAddr) -> bool {
        !self.0.is_empty() && IpNetwork::all_around(ip).any(|network| self.0.contains(&network))
    }
}

/// The result of the rules for a request.
pub(super) enum Judgement {
    Answer(AuthAnswer),
    /// The authenticator has to decide.
    Ask(Authenticator, AuthRequest),
}

/// The reason for refusing a peer.
type Refusal = &'static str;

/// One text for unknown names and wrong passwords: a refusal must not reveal which names exist.
const WRONG: Refusal = "the user name or the password is wrong";
const MECHANISM: Refusal = "the mechanism is not known";

impl Rules {
    /// Returns the rules of a domain, creating them if necessary, or the common ones.
    pub(super) fn of(&mut self, domain: Option<&str>) -> &mut DomainRules {
        match domain {
            None => &mut self.common,
            Some(domain) => self.domains.entry(domain.to_owned()).or_default(),
        }
    }

    /// Removes the rules of a domain, so that the common ones apply to it again, or resets the
    /// common ones.
    pub(super) fn forget(&mut self, domain: Option<&str>) -> Option<DomainRules> {
        match domain {
            None => Some(std::mem::take(&mut self.common)),
            Some(domain) => self.domains.remove(domain),
        }
    }

    /// Returns the key folder that has to be refreshed before this request is answered.
    pub(super) fn key_folder(&self, request: &Request<'_>) -> Option<Arc<KeyFolder>> {
        let rules = self.passed(request).ok()?;
        (request.mechanism == b"CURVE").then(|| rules.folder.clone())?
    }

    pub(super) fn judge(&self, request: &Request<'_>) -> Judgement {
        self.passed(request)
            .and_then(|rules| rules.judge(request))
            .unwrap_or_else(|why| Judgement::Answer(AuthAnswer::deny(why)))
    }

    /// Checks the peer's address against the lists, and returns the rules of its domain.
    fn passed(&self, request: &Request<'_>) -> Result<&DomainRules, Refusal> {
        self.common.judge_origin(request.origin)?;
        let name = std::str::from_utf8(request.domain).ok();
        let own = name.and_then(|name| self.domains.get(name));
        own.map_or(Ok(&self.common), |own| {
            own.judge_origin(request.origin)?;
            Ok(own)
        })
    }
}

impl DomainRules {
    pub(super) fn add_plain(&mut self, creds: impl IntoIterator<Item = PlainClientCreds>) {
        self.plain.extend(creds.into_iter().map(PlainClientCreds::into_parts));
    }

    pub(super) fn remove_plain(&mut self, usernames: &[String]) {
        for username in usernames {
            self.plain.remove(username);
        }
    }

    pub(super) fn replace_plain(&mut self, creds: impl IntoIterator<Item = PlainClientCreds>) {
        self.plain.clear();
        self.add_plain(creds);
    }

    fn judge_origin(&self, origin: Origin) -> Result<(), Refusal> {
        let (denied, allowed) = (&self.blacklist, &self.whitelist);
        let good = match origin {
            Origin::Ip(ip) => {
                !denied.contains(ip) && (allowed.0.is_empty() || allowed.contains(ip))
            }
            Origin::Local => true,
            Origin::Unknown => denied.0.is_empty() && allowed.0.is_empty(),
        };
        if good { Ok(()) } else { Err("the address is not allowed") }
    }

    /// Checks the registries, then the authenticator or the default decides.
    fn judge(&self, request: &Request<'_>) -> Result<Judgement, Refusal> {
        let credentials = credentials(request)?;
        let registered = match &credentials {
            AuthCredentials::Null => None,
            AuthCredentials::Plain(creds) => self.registered_user(creds)?,
            AuthCredentials::Curve(key) => self.registered_key(key),
        };
        if let Some(answer) = registered {
            return Ok(Judgement::Answer(answer));
        }
        if let Some(authenticator) = &self.authenticator {
            let request = AuthRequest {
                domain: String::from_utf8_lossy(request.domain).into_owned(),
                address: request.address_text(),
                ip: match request.origin {
                    Origin::Ip(ip) => Some(ip),
                    Origin::Local | Origin::Unknown => None,
                },
                identity: request.identity.to_vec(),
                credentials,
            };
            return Ok(Judgement::Ask(authenticator.clone(), request));
        }
        match credentials {
            AuthCredentials::Null => Ok(Judgement::Answer(AuthAnswer::allow(""))),
            AuthCredentials::Plain(_) => Err(WRONG),
            AuthCredentials::Curve(key) if self.any_key => Ok(Judgement::Answer(user_of(&key))),
            AuthCredentials::Curve(_) => Err("the key is not known"),
        }
    }

    /// Returns `None` for a name that is not registered.
    fn registered_user(&self, creds: &PlainClientCreds) -> Result<Option<AuthAnswer>, Refusal> {
        match self.plain.get(creds.username()) {
            Some(password) if creds.has_password(password) => {
                Ok(Some(AuthAnswer::allow(creds.username())))
            }
            Some(_) => Err(WRONG),
            None => Ok(None),
        }
    }

    fn registered_key(&self, key: &CurvePublicKey) -> Option<AuthAnswer> {
        let of_folder = || self.folder.as_ref()?.answer(key);
        self.curve.contains(key).then(|| user_of(key)).or_else(of_folder)
    }
}

fn user_of(key: &CurvePublicKey) -> AuthAnswer {
    AuthAnswer::allow(key.as_str())
}

fn credentials(request: &Request<'_>) -> Result<AuthCredentials, Refusal> {
    match (request.mechanism, request.credentials) {
        (b"NULL", []) => Ok(AuthCredentials::Null),
        (b"PLAIN", [username, password]) => match (username.to_str(), password.to_str()) {
            (Ok(name), Ok(password)) => {
                Ok(AuthCredentials::Plain(PlainClientCreds::new(name, password)))
            }
            _ => Err(WRONG),
        },
        (b"CURVE", [key]) => match key.as_bytes().try_into() {
            Ok(bytes) => Ok(AuthCredentials::Curve(CurvePublicKey::from_bytes(bytes))),
            Err(_) => Err("the key is not valid"),
        },
        _ => Err(MECHANISM),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Msg, auth::request::Verdict};

    fn verdict(
        rules: &Rules,
        address: &str,
        mechanism: &str,
        credentials: &[&[u8]],
    ) -> Result<String, String> {
        let head = ["peer", "", "1.0", "1", "global", address, "", mechanism].map(Msg::from);
        let parts: Vec<Msg> =
            head.into_iter().chain(credentials.iter().map(|bytes| Msg::from(*bytes))).collect();
        let request = Request::read(&parts).ok_or("no request")?;
        match rules.judge(&request) {
            Judgement::Answer(AuthAnswer(Verdict::Allow { user, .. })) => Ok(user),
            Judgement::Answer(AuthAnswer(Verdict::Deny(why))) => Err(why),
            Judgement::Answer(_) => Err("another answer".into()),
            Judgement::Ask(..) => Err("the program is asked".into()),
        }
    }

    #[test]
    fn addresses() {
        let ip = |text: &str| text.parse::<IpNetwork>();
        let asks = |rules: &Rules, address| verdict(rules, address, "NULL", &[]).is_ok();

        let mut rules = Rules::default();
        assert!(asks(&rules, "10.0.0.1") && asks(&rules, "") && asks(&rules, "localhost:1:2:3"));
        rules.common.blacklist.add(ip("::ffff:10.0.0.1"));
        assert!(!asks(&rules, "10.0.0.1") && !asks(&rules, "::ffff:10.0.0.1") && !asks(&rules, ""));
        assert!(asks(&rules, "10.0.0.2") && asks(&rules, "localhost:1:2:3"));
        rules.common.whitelist.add(["10.0.0.1", "10.0.0.3"].iter().flat_map(|text| ip(text)));
        assert!(!asks(&rules, "10.0.0.1") && !asks(&rules, "10.0.0.2") && asks(&rules, "10.0.0.3"));
        assert!(asks(&rules, "localhost"));
        rules.common.blacklist.remove(ip("10.0.0.1"));
        rules.common.whitelist.replace(ip("10.0.0.2"));
        assert!(!asks(&rules, "10.0.0.1") && asks(&rules, "::ffff:10.0.0.2") && !asks(&rules, ""));
    }

    #[test]
    fn names_and_passwords() {
        let asks = |rules: &Rules, name: &[u8], password: &[u8]| {
            verdict(rules, "10.0.0.1", "PLAIN", &[name, password])
        };

        let mut rules = Rules::default();
        assert!(asks(&rules, b"a", b"b").is_err());
        rules.common.add_plain([PlainClientCreds::new("a", "b")]);
        assert_eq!(asks(&rules, b"a", b"b"), Ok("a".into()));
        for (name, password) in [
            (&b"a"[..], &b"c"[..]),
            (b"b", b"b"),
            (b"", b""),
            (b"a", b""),
            (b"a", b"\xff"),
            (b"\xff", b"b"),
        ] {
            assert!(asks(&rules, name, password).is_err());
        }
        rules.common.replace_plain([PlainClientCreds::new("c", "d")]);
        assert!(asks(&rules, b"a", b"b").is_err() && asks(&rules, b"c", b"d").is_ok());
        rules.common.remove_plain(&["c".into()]);
        assert!(asks(&rules, b"c", b"d").is_err());
    }

    #[test]
    fn keys() {
        let key = CurvePublicKey::from_bytes(&[7; 32]);
        let asks = |rules: &Rules| verdict(rules, "10.0.0.1", "CURVE", &[&[7; 32]]);

        let mut rules = Rules::default();
        assert!(asks(&rules).is_err());
        rules.common.any_key = true;
        assert_eq!(asks(&rules), Ok(key.as_str().into()));
        rules.common.any_key = false;
        rules.common.curve.insert(key.clone());
        assert_eq!(asks(&rules), Ok(key.as_str().into()));
        assert!(verdict(&rules, "10.0.0.1", "CURVE", &[&[7; 31]]).is_err());
        assert!(verdict(&rules, "10.0.0.1", "CURVE", &[&[8; 32]]).is_err());
    }

    #[test]
    fn other_mechanisms_and_credentials() {
        let mut rules = Rules::default();
        rules.common.any_key = true;
        for (mechanism, credentials) in [
            ("GSSAPI", &[&b"principal"[..]][..]),
            ("", &[]),
            ("null", &[]),
            ("NULL", &[b"x"]),
            ("PLAIN", &[]),
            ("PLAIN", &[b"x"]),
            ("CURVE", &[]),
        ] {
            assert!(verdict(&rules, "10.0.0.1", mechanism, credentials).is_err(), "{mechanism}");
        }
    }
}
