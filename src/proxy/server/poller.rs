//! What a proxy of a server waits for.

use std::collections::BTreeMap;

use crate::{
    error::{Error, ErrorKind},
    message::RoutingId,
    poll::{Events, Poller, READABLE, Waker},
    raw::Bundle,
    socket::{Client, Server},
    util::Period,
};

/// How many clients are asked when one of them has something new. With a thousand of them there are
/// as many bundles as a bundle has clients, which is where the least is looked at.
const BUNDLE: usize = 32;

/// Finds what is new on the frontend and to the clients behind, at a price that grows with the
/// square root of their number.
pub(super) struct PeerPoller {
    poller: Poller<'static, Ready>,
    frontend: Bundle<()>,
    clients: BTreeMap<usize, Bundle<RoutingId>>,
    events: Events<Ready>,
}

/// What was signalled.
#[derive(Clone, Copy, Debug)]
enum Ready {
    Frontend,
    Clients(usize),
}

impl PeerPoller {
    pub(super) fn new(frontend: &Server) -> Result<Self, Error> {
        let frontend =
            Bundle::of(frontend.clone(), ()).map_err(|errno| Error::c(errno, "proxy"))?;
        let mut poller = Poller::default();
        poller.add(frontend.descriptor(), Ready::Frontend, READABLE)?;
        Ok(Self { poller, frontend, clients: BTreeMap::new(), events: Events::default() })
    }

    pub(super) fn waker(&mut self) -> Result<Waker, Error> {
        self.poller.waker()
    }

    /// Adds the client of that peer, and returns the index of its bundle.
    pub(super) fn add(&mut self, client: &Client, id: RoutingId) -> Result<usize, Error> {
        let refused = |errno| Error::c(errno, "proxy");
        let client = client.clone();
        if let Some((index, bundle)) =
            self.clients.iter_mut().find(|(_, bundle)| bundle.len() < BUNDLE)
        {
            return bundle.add(client, id).map(|()| *index).map_err(refused);
        }
        let index = self.clients.last_key_value().map_or(0, |(last, _)| last + 1);
        let bundle = Bundle::of(client, id).map_err(refused)?;
        self.poller.add(bundle.descriptor(), Ready::Clients(index), READABLE)?;
        self.clients.insert(index, bundle);
        Ok(index)
    }

    /// Takes out a client from the bundle of that index.
    pub(super) fn remove(&mut self, client: &Client, index: usize) -> Result<(), Error> {
        let Some(bundle) = self.clients.get_mut(&index) else { return Ok(()) };
        bundle.remove(client).map_err(|errno| Error::c(errno, "proxy"))?;
        if bundle.len() == 0 {
            self.poller.remove(bundle.descriptor())?;
            self.clients.remove(&index);
        }
        Ok(())
    }

    /// Waits for something new. Tells of each peer whose client has something to receive, and
    /// answers whether there was something new to the frontend.
    pub(super) fn wait(
        &mut self,
        period: impl Into<Period>,
        mut readable: impl FnMut(RoutingId),
    ) -> Result<bool, Error> {
        match self.poller.poll(&mut self.events, period) {
            Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(false),
            done => done?,
        }
        let mut news = false;
        for event in &self.events {
            match event.id() {
                Ready::Frontend => {
                    news = true;
                    self.frontend.look().map(drop)
                }
                Ready::Clients(index) => match self.clients.get_mut(&index) {
                    Some(bundle) => bundle.look().map(|found| found.for_each(&mut readable)),
                    None => Ok(()),
                },
            }
            .map_err(|errno| Error::c(errno, "proxy"))?;
        }
        Ok(news)
    }
}
