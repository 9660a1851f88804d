//! Polling the frontend and the clients of all peers.

use std::collections::BTreeMap;

use crate::{
    error::{Error, ErrorKind},
    message::RoutingId,
    poll::{Events, Poller, READABLE, Waker},
    raw::Bundle,
    socket::{Client, Server},
    util::Period,
};

/// The number of clients in a bundle, all of which are checked when one of them signals. The cost
/// is least if there are as many bundles as clients in a bundle: at about 1000 clients.
const BUNDLE: usize = 32;

/// Waits for the frontend and the clients. The cost of a wakeup grows with the square root of the
/// number of clients.
pub(super) struct PeerPoller {
    poller: Poller<'static, Ready>,
    frontend: Bundle<()>,
    clients: BTreeMap<usize, Bundle<RoutingId>>,
    events: Events<Ready>,
}

/// The source of a signal.
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

    /// Adds the client of a peer, and returns the index of its bundle.
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

    /// Removes a client from its bundle.
    pub(super) fn remove(&mut self, client: &Client, index: usize) -> Result<(), Error> {
        let Some(bundle) = self.clients.get_mut(&index) else { return Ok(()) };
        bundle.remove(client).map_err(|errno| Error::c(errno, "proxy"))?;
        if bundle.len() == 0 {
            self.poller.remove(bundle.descriptor())?;
            self.clients.remove(&index);
        }
        Ok(())
    }

    /// Waits for a signal. Calls `readable` for each peer whose client is readable, and returns
    /// whether the frontend has signalled.
    pub(super) fn wait(
        &mut self,
        period: impl Into<Period>,
        mut readable: impl FnMut(RoutingId),
    ) -> Result<bool, Error> {
        match self.poller.poll(&mut self.events, period) {
            Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(false),
            done => done?,
        }
        let mut frontend = false;
        for event in &self.events {
            match event.id() {
                Ready::Frontend => {
                    frontend = true;
                    self.frontend.take_readable().map(drop)
                }
                Ready::Clients(index) => match self.clients.get_mut(&index) {
                    Some(bundle) => {
                        bundle.take_readable().map(|found| found.for_each(&mut readable))
                    }
                    None => Ok(()),
                },
            }
            .map_err(|errno| Error::c(errno, "proxy"))?;
        }
        Ok(frontend)
    }
}
