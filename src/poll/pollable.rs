//! What a poller can wait for.

use std::rc::Rc;

use crate::raw::{AsDescriptor, Source, descriptor};

/// A socket or file descriptor that a [`Poller`](super::Poller) can wait for.
///
/// | From | The poller keeps |
/// |:---|:---|
/// | `&Server` or another thread-safe socket | a clone of the socket |
/// | `&Dealer` or another single-threaded socket | the borrow, as long as the poller lives |
/// | `Rc<Dealer>`, of any socket type | a clone of the `Rc` |
/// | `&TcpStream`, or any other type that is `AsFd` (on Windows `AsSocket`) | the borrow |
/// | `Rc<TcpStream>`, of any such type | a clone of the `Rc` |
///
/// Use an `Rc` for single-threaded sockets that are created and dropped while the poller lives.
///
/// ```
/// use libzmq::{poll::*, prelude::*};
/// use std::{net::TcpListener, rc::Rc};
///
/// # fn main() -> Result<(), anyhow::Error> {
/// let listener = TcpListener::bind("127.0.0.1:0")?;
/// let dealer = Dealer::new()?;
/// let mut poller = Poller::new();
///
/// let server = Server::new()?;
/// poller.add(&server, PollId(0), READABLE)?;
/// poller.add(&dealer, PollId(1), READABLE)?;
/// poller.add(&listener, PollId(2), READABLE)?;
///
/// let router = Rc::new(Router::new()?);
/// poller.add(router.clone(), PollId(3), READABLE)?;
/// poller.remove(router)?;
/// #     Ok(())
/// # }
/// ```
#[allow(missing_debug_implementations, reason = "it exists within one expression only")]
#[doc(alias = "as_poll_item")]
#[doc(alias = "zmq_pollitem_t")]
pub struct Pollable<'a>(pub(crate) Source<'a>);

/// Converts a file descriptor, or on Windows a socket of the system.
impl<'a, D: AsDescriptor> From<&'a D> for Pollable<'a> {
    fn from(owner: &'a D) -> Self {
        Self(Source::Descriptor(descriptor(owner)))
    }
}

/// Converts a file descriptor, or on Windows a socket of the system.
impl<'a, D: AsDescriptor + 'a> From<Rc<D>> for Pollable<'a> {
    fn from(owner: Rc<D>) -> Self {
        Self(Source::HeldDescriptor(owner))
    }
}

impl<'a> From<Source<'a>> for Pollable<'a> {
    fn from(source: Source<'a>) -> Self {
        Self(source)
    }
}
