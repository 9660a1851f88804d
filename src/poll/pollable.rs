use std::rc::Rc;

use crate::raw::{AsDescriptor, Source, descriptor};

/// What a [`Poller`](super::Poller) can wait for.
///
/// | From | What the poller keeps |
/// |:---|:---|
/// | `&Server` or another thread-safe socket | a clone of it: the socket stays open until it is removed |
/// | `&Dealer` or another socket of one thread | the borrow: it can be neither dropped nor moved before the poller is |
/// | `Rc<Dealer>`, of any socket | a clone of the `Rc`: for sockets that come and go while the poller stays |
/// | `&TcpStream`, or whatever else is `AsFd` (on Windows `AsSocket`) | the borrow |
/// | `Rc<TcpStream>`, likewise | a clone of the `Rc` |
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
/// let comes_and_goes = Rc::new(Router::new()?);
/// poller.add(comes_and_goes.clone(), PollId(3), READABLE)?;
/// poller.remove(comes_and_goes)?;
/// #     Ok(())
/// # }
/// ```
#[allow(missing_debug_implementations, reason = "it is made and taken within one expression")]
#[doc(alias = "as_poll_item")]
#[doc(alias = "zmq_pollitem_t")]
pub struct Pollable<'a>(pub(crate) Source<'a>);

/// A file descriptor, or on Windows a socket of the system.
impl<'a, D: AsDescriptor> From<&'a D> for Pollable<'a> {
    fn from(owner: &'a D) -> Self {
        Self(Source::Descriptor(descriptor(owner)))
    }
}

/// A file descriptor, or on Windows a socket of the system.
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
