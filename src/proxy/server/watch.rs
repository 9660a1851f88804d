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

/// Feels what is new to the frontend and to the clients behind, at a price that grows with the
/// square root of their number.
pub(super) struct Watch {
    poller: Poller<'static, Place>,
    frontend: Bundle<()>,
    clients: BTreeMap<usize, Bundle<RoutingId>>,
    events: Events<Place>,
}

/// What was signalled.
#[derive(Clone, Copy, Debug)]
enum Place {
    Frontend,
    Clients(usize),
}

impl Watch {
    pub(super) fn new(frontend: &Server) -> Result<Self, Error> {
        let frontend =
            Bundle::of(frontend.clone(), ()).map_err(|errno| Error::c(errno, "proxy"))?;
        let mut poller = Poller::default();
        poller.add(frontend.descriptor(), Place::Frontend, READABLE)?;
        Ok(Self { poller, frontend, clients: BTreeMap::new(), events: Events::default() })
    }

    pub(super) fn waker(&mut self) -> Result<Waker, Error> {
        self.poller.waker()
    }

    /// Adds the client of that peer, and answers with where it is.
    pub(super) fn add(&mut self, client: &Client, id: RoutingId) -> Result<usize, Error> {
        let refused = |errno| Error::c(errno, "proxy");
        let client = client.clone();
        if let Some((place, bundle)) =
            self.clients.iter_mut().find(|(_, bundle)| bundle.len() < BUNDLE)
        {
            return bundle.add(client, id).map(|()| *place).map_err(refused);
        }
        let place = self.clients.last_key_value().map_or(0, |(last, _)| last + 1);
        let bundle = Bundle::of(client, id).map_err(refused)?;
        self.poller.add(bundle.descriptor(), Place::Clients(place), READABLE)?;
        self.clients.insert(place, bundle);
        Ok(place)
    }

    /// Takes out a client from where it was put.
    pub(super) fn remove(&mut self, client: &Client, place: usize) -> Result<(), Error> {
        let Some(bundle) = self.clients.get_mut(&place) else { return Ok(()) };
        bundle.remove(client).map_err(|errno| Error::c(errno, "proxy"))?;
        if bundle.len() == 0 {
            self.poller.remove(bundle.descriptor())?;
            self.clients.remove(&place);
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
                Place::Frontend => {
                    news = true;
                    self.frontend.look().map(drop)
                }
                Place::Clients(place) => match self.clients.get_mut(&place) {
                    Some(bundle) => bundle.look().map(|found| found.for_each(&mut readable)),
                    None => Ok(()),
                },
            }
            .map_err(|errno| Error::c(errno, "proxy"))?;
        }
        Ok(news)
    }
}
