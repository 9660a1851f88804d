//! Connections that are awaited.

use std::ffi::CString;

use super::{Async, AsyncMonitor, limit::within};
use crate::{
    addr::Endpoint,
    error::Error,
    monitor::{Attempt, Ended, end_attempt},
    socket::Socket,
    util::Period,
};

/// Ends the attempt, also if its future is dropped.
struct Ending<'a, S: Socket> {
    socket: &'a Async<S>,
    watch: CString,
    connected: bool,
}

impl<S: Socket> Drop for Ending<'_, S> {
    fn drop(&mut self) {
        self.socket.with(|socket| end_attempt(socket, &self.watch, self.connected));
    }
}

impl<S: Socket> Async<S> {
    /// Connects to the endpoint, and waits until the connection is made and its handshake is over,
    /// as [`connect_and_wait`](crate::prelude::Monitored::connect_and_wait) does: its page says
    /// what is an error, and when.
    ///
    /// ```
    /// use libzmq::prelude::*;
    /// use std::time::Duration;
    ///
    /// # #[cfg(feature = "tokio")]
    /// # #[tokio::main]
    /// # async fn main() -> Result<(), anyhow::Error> {
    /// let server = ServerBuilder::new().bind("tcp://127.0.0.1:*").build()?;
    ///
    /// let client = Async::new(Client::new()?)?;
    /// client.connect_and_wait(server.last_endpoint()?, Duration::from_secs(10)).await?;
    /// #     Ok(())
    /// # }
    /// # #[cfg(not(feature = "tokio"))]
    /// # fn main() {}
    /// ```
    ///
    /// # Cancel safety
    /// If the future is dropped before it is ready, the connection is given up.
    ///
    /// # Errors
    /// As the blocking method, and as [`AsyncMonitor::new`].
    pub async fn connect_and_wait<E, P>(&self, endpoint: E, limit: P) -> Result<(), Error>
    where
        E: TryInto<Endpoint>,
        E::Error: Into<Error>,
        P: Into<Period>,
    {
        let Attempt { monitor, mut progress, watch, endpoint } =
            self.with(|socket| Attempt::start(socket, endpoint))?;
        let mut ending = Ending { socket: self, watch, connected: false };
        let monitor = AsyncMonitor::new(monitor)?;
        let waiting = async {
            loop {
                let event = monitor.recv().await?;
                if let Some(ended) = progress.note(&event) {
                    return Ok::<Ended, Error>(ended);
                }
            }
        };
        let ended = within(limit.into(), waiting).await?.transpose()?;
        let ended = ended.unwrap_or_else(|| Err(progress.timed_out()));
        ending.connected = ended.is_ok();
        ended.map_err(|why| Attempt::error(&endpoint, why))
    }
}
