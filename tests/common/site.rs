//! A server with a mechanism, and clients with valid and invalid credentials.

use std::time::Duration;

use libzmq::{auth::*, prelude::*};

use super::Transport;

/// The time to wait for a message that must not arrive. No event on the server's socket reports
/// that a client was refused.
pub const NEVER: Duration = Duration::from_millis(300);

/// A server in its own context.
pub struct Site {
    pub ctx: Ctx,
    pub server: Server,
}

impl Site {
    pub fn of(mechanism: impl Into<Mechanism>) -> Self {
        Self::at(Transport::Tcp, ServerBuilder::new().mechanism(mechanism))
    }

    pub fn at(transport: Transport, builder: &mut ServerBuilder) -> Self {
        let ctx = Ctx::new();
        let server = builder.clone().bind(transport.anywhere()).with_ctx(ctx.handle()).unwrap();
        Self { ctx, server }
    }

    pub fn auth(&self) -> AuthClient {
        AuthClient::with_ctx(self.ctx.handle()).unwrap()
    }

    pub fn client(&self, mechanism: impl Into<Mechanism>) -> Client {
        ClientBuilder::new()
            .connect(self.server.last_endpoint().unwrap())
            .mechanism(mechanism)
            .linger(Duration::ZERO)
            .with_ctx(self.ctx.handle())
            .unwrap()
    }

    /// Connects a new client with this mechanism, and returns the message that the server received
    /// from it.
    pub fn accepts(&self, mechanism: impl Into<Mechanism>) -> Msg {
        let client = self.client(mechanism);
        client.send("accepted").unwrap();
        self.server.set_recv_timeout(Infinite).unwrap();
        let msg = self.server.recv_msg().unwrap();
        assert_eq!(msg, "accepted");
        self.server.route("welcome", msg.routing_id().unwrap()).unwrap();
        assert_eq!(client.recv_msg().unwrap(), "welcome");
        msg
    }

    /// Checks that the server receives no message from a new client with this mechanism.
    pub fn refuses(&self, mechanism: impl Into<Mechanism>) {
        let client = self.client(mechanism);
        // A refused client has no connection to queue the message for.
        if let Err(error) = client.try_send("refused") {
            assert_eq!(error.kind(), ErrorKind::WouldBlock);
        }
        self.server.set_recv_timeout(NEVER).unwrap();
        let error = self.server.recv_msg().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::WouldBlock);
    }
}

pub fn user(name: &str, password: &str) -> PlainClientCreds {
    PlainClientCreds::new(name, password)
}
