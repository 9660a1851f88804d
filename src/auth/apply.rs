//! Sets the mechanism of a socket, and reads it back.

use libc::c_int;
use libzmq_sys as sys;
use zeroize::Zeroize;

use super::{
    CurveCert, CurveClientCreds, CurvePublicKey, CurveSecretKey, CurveServerCreds, Mechanism,
    PlainClientCreds,
};
use crate::{
    Error, ErrorKind,
    raw::{self, Errno, Size, Socket},
};

const READ: &str = "get mechanism";
const WRITE: &str = "set mechanism";

const NO_CURVE: ErrorKind =
    ErrorKind::Unsupported("this libzmq has no CURVE: the feature `curve` adds it");

/// The domain of a server without one. libzmq sends a ZAP request only for a socket with a domain.
const DOMAIN: &[u8] = b"global";

pub(crate) fn write(socket: &Socket, mechanism: &Mechanism) -> Result<(), Error> {
    check(mechanism)?;
    apply(socket, mechanism).map_err(|errno| Error::c(errno, WRITE))
}

/// Returns the error that libzmq would return, before any option is set.
fn check(mechanism: &Mechanism) -> Result<(), Error> {
    match mechanism {
        Mechanism::PlainClient(creds) => creds.check(WRITE),
        Mechanism::CurveClient(_) | Mechanism::CurveServer(_) if !raw::has("curve") => {
            Err(Error::new(NO_CURVE, WRITE))
        }
        _ => Ok(()),
    }
}

fn apply(socket: &Socket, mechanism: &Mechanism) -> Result<(), Errno> {
    let set = |option: u32, value: &[u8]| socket.set(option as c_int, value);
    let flag = |option, value: c_int| set(option, &value.to_ne_bytes());

    if !is_server(mechanism) && is_server(&ask(socket)?) {
        release(socket)?;
    }
    match mechanism {
        // C has no value for NULL. Clearing `ZMQ_PLAIN_SERVER` resets the mechanism to NULL.
        Mechanism::Null => flag(sys::ZMQ_PLAIN_SERVER, 0),
        Mechanism::PlainClient(creds) => {
            let set = |option: u32, text: &str| socket.set_text(option as c_int, text.as_bytes());
            set(sys::ZMQ_PLAIN_USERNAME, creds.username())?;
            set(sys::ZMQ_PLAIN_PASSWORD, creds.password())
        }
        Mechanism::PlainServer => {
            name_domain(socket)?;
            flag(sys::ZMQ_PLAIN_SERVER, 1)
        }
        Mechanism::CurveClient(creds) => {
            let unique;
            let cert = match creds.cert() {
                Some(cert) => cert,
                None => {
                    unique = unique_cert()?;
                    &unique
                }
            };
            set(sys::ZMQ_CURVE_PUBLICKEY, &cert.public().to_bytes())?;
            set_secret(socket, cert.secret())?;
            // Last, because this option makes the socket a client.
            set(sys::ZMQ_CURVE_SERVERKEY, &creds.server().to_bytes())
        }
        Mechanism::CurveServer(creds) => {
            name_domain(socket)?;
            set_secret(socket, creds.secret())?;
            flag(sys::ZMQ_CURVE_SERVER, 1)
        }
    }
}

fn set_secret(socket: &Socket, secret: &CurveSecretKey) -> Result<(), Errno> {
    let mut bytes = secret.to_bytes();
    let done = socket.set(sys::ZMQ_CURVE_SECRETKEY as c_int, &bytes);
    bytes.zeroize();
    done
}

fn is_server(mechanism: &Mechanism) -> bool {
    matches!(mechanism, Mechanism::PlainServer | Mechanism::CurveServer(_))
}

/// Sets a domain unless the server has one, so that libzmq sends ZAP requests, and refuses all
/// clients if there is no authentication handler. A CURVE server in C would accept all of them.
fn name_domain(socket: &Socket) -> Result<(), Errno> {
    if text(socket, sys::ZMQ_ZAP_DOMAIN)?.is_empty() {
        socket.set(sys::ZMQ_ZAP_DOMAIN as c_int, DOMAIN)?;
    }
    // After the domain: an unpatched PLAIN server aborts on a ZAP request without a domain.
    socket.set(sys::ZMQ_ZAP_ENFORCE_DOMAIN as c_int, &c_int::from(true).to_ne_bytes())
}

/// Lets a socket that no longer is a server work without an authentication handler. Its domain
/// stays, since C accepts no empty one; if there is a handler, it checks the addresses of peers.
fn release(socket: &Socket) -> Result<(), Errno> {
    if text(socket, sys::ZMQ_ZAP_DOMAIN)?.as_bytes() == DOMAIN {
        socket.set(sys::ZMQ_ZAP_ENFORCE_DOMAIN as c_int, &c_int::from(false).to_ne_bytes())?;
    }
    Ok(())
}

#[cfg(zmq_has = "curve")]
fn unique_cert() -> Result<CurveCert, Errno> {
    CurveCert::generate()
}

/// Not reached: [`check`] comes first.
#[cfg(not(zmq_has = "curve"))]
fn unique_cert() -> Result<CurveCert, Errno> {
    Err(Errno::INVALID)
}

pub(crate) fn read(socket: &Socket) -> Result<Mechanism, Error> {
    ask(socket).map_err(|errno| Error::c(errno, READ))
}

fn ask(socket: &Socket) -> Result<Mechanism, Errno> {
    let number = |option: u32| {
        let bytes = socket.get(option as c_int, Size::INT)?;
        raw::int(&bytes).ok_or(Errno::INVALID)
    };

    match number(sys::ZMQ_MECHANISM)? as u32 {
        sys::ZMQ_PLAIN if number(sys::ZMQ_PLAIN_SERVER)? == 1 => Ok(Mechanism::PlainServer),
        sys::ZMQ_PLAIN => {
            let username = text(socket, sys::ZMQ_PLAIN_USERNAME)?;
            let password = text(socket, sys::ZMQ_PLAIN_PASSWORD)?;
            Ok(PlainClientCreds::new(username, password).into())
        }
        sys::ZMQ_CURVE => {
            let secret = secret(socket)?;
            if number(sys::ZMQ_CURVE_SERVER)? == 1 {
                return Ok(CurveServerCreds::new(secret).into());
            }
            let public = CurvePublicKey::from_bytes(&key(socket, sys::ZMQ_CURVE_PUBLICKEY)?);
            let server = CurvePublicKey::from_bytes(&key(socket, sys::ZMQ_CURVE_SERVERKEY)?);
            Ok(CurveClientCreds::new(server).add_cert(CurveCert::new(public, secret)).into())
        }
        _ => Ok(Mechanism::Null),
    }
}

fn text(socket: &Socket, option: u32) -> Result<String, Errno> {
    let mut bytes = socket.get(option as c_int, Size::Any)?;
    // C's length includes the NUL at the end.
    bytes.pop();
    String::from_utf8(bytes).map_err(|_| Errno::INVALID)
}

fn key(socket: &Socket, option: u32) -> Result<[u8; 32], Errno> {
    let mut bytes = socket.get(option as c_int, Size::Exactly(32))?;
    let key = bytes.as_slice().try_into().map_err(|_| Errno::INVALID);
    bytes.zeroize();
    key
}

fn secret(socket: &Socket) -> Result<CurveSecretKey, Errno> {
    let mut bytes = key(socket, sys::ZMQ_CURVE_SECRETKEY)?;
    let secret = CurveSecretKey::from_bytes(&bytes);
    bytes.zeroize();
    Ok(secret)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Client, Server, opt, prelude::Socket as _};

    type Done = Result<(), Box<dyn std::error::Error>>;

    #[test]
    fn a_mechanism_is_read_back() -> Done {
        let client = Client::new()?;
        let creds = PlainClientCreds::new("user", "password");
        for mechanism in [
            Mechanism::PlainClient(creds),
            Mechanism::Null,
            Mechanism::PlainServer,
            Mechanism::Null,
        ] {
            client.set_mechanism(&mechanism)?;
            assert_eq!(client.mechanism(), mechanism);
        }
        Ok(())
    }

    #[test]
    fn plain_texts_have_up_to_255_bytes() -> Done {
        let client = Client::new()?;
        let (long, longer) = ("x".repeat(255), "x".repeat(256));
        client.set_mechanism(PlainClientCreds::new(&long, &long))?;
        client.set_mechanism(Mechanism::Null)?;
        for (username, password) in [("u", &longer), (&longer, &long)] {
            let done = client.set_mechanism(PlainClientCreds::new(username, password));
            assert!(matches!(done.map_err(|error| error.kind()), Err(ErrorKind::InvalidInput(_))));
            // Neither of the two options was set.
            assert_eq!(client.mechanism(), Mechanism::Null);
        }
        Ok(())
    }

    #[test]
    fn a_server_has_a_domain() -> Done {
        let server = Server::new()?;
        server.set_mechanism(Mechanism::PlainServer)?;
        assert_eq!(server.get(opt::ZapDomain)?, "global");
        assert!(server.get(opt::ZapEnforceDomain)?);
        server.set_mechanism(Mechanism::Null)?;
        assert!(!server.get(opt::ZapEnforceDomain)?);

        let server = Server::new()?;
        server.set(opt::ZapDomain, "mine".to_owned())?;
        server.set_mechanism(Mechanism::PlainServer)?;
        assert_eq!(server.get(opt::ZapDomain)?, "mine");
        Ok(())
    }

    #[cfg(zmq_has = "curve")]
    #[test]
    fn curve_is_read_back() -> Done {
        let (ours, theirs) = (CurveCert::try_new_unique()?, CurveCert::try_new_unique()?);
        let client = Client::new()?;
        let creds = CurveClientCreds::new(theirs.public()).add_cert(&ours);
        client.set_mechanism(&creds)?;
        assert_eq!(client.mechanism(), creds.into());

        // Without a key pair, the socket generates one.
        client.set_mechanism(CurveClientCreds::new(theirs.public()))?;
        let Mechanism::CurveClient(creds) = client.mechanism() else {
            return Err("not CURVE".into());
        };
        let cert = creds.cert().ok_or("no pair")?;
        assert_ne!(cert, &ours);
        assert_eq!(&cert.secret().try_public()?, cert.public());

        let server = Server::new()?;
        let creds = CurveServerCreds::new(theirs.secret());
        server.set_mechanism(&creds)?;
        assert_eq!(server.mechanism(), creds.into());
        Ok(())
    }

    #[cfg(not(zmq_has = "curve"))]
    #[test]
    fn curve_that_is_not_there() -> Done {
        let server = Server::new()?;
        let secret = CurveSecretKey::from_bytes(&[1; 32]);
        let done = server.set_mechanism(CurveServerCreds::new(secret));
        assert!(matches!(done.map_err(|error| error.kind()), Err(ErrorKind::Unsupported(_))));
        Ok(())
    }
}
