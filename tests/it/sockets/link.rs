//! Two sockets of any types that talk to each other.

use std::time::Duration;

use libzmq::{prelude::*, *};

use crate::common::{Transport, context};

pub const fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

/// Two joined sockets, in a context of their own.
pub struct Link<B, C> {
    pub bound: B,
    pub connected: C,
    pub ctx: Ctx,
}

pub fn link<B: Socket, C: Socket>(
    transport: Transport,
    bound: &Builder<B>,
    connected: &Builder<C>,
) -> Link<B, C> {
    let ctx = context();
    let bound = bound.clone().bind(transport.anywhere()).with_ctx(ctx.handle()).unwrap();
    let connected =
        connected.clone().connect(bound.last_endpoint().unwrap()).with_ctx(ctx.handle()).unwrap();
    Link { bound, connected, ctx }
}

impl<B: Socket, C> Link<B, C> {
    /// Another socket, connected to the one that is bound.
    pub fn join<D: Socket>(&self, builder: &Builder<D>) -> D {
        builder
            .clone()
            .connect(self.bound.last_endpoint().unwrap())
            .with_ctx(self.ctx.handle())
            .unwrap()
    }
}
