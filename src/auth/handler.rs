//! The authentication handler: the thread of a context that libzmq asks about each peer.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
    thread::{self, JoinHandle},
    time::Duration,
};

use super::{rules::Rules, zap::Request};
use crate::{
    ctx::{CtxHandle, Registration},
    error::{Error, ErrorKind},
    prelude::{RecvMultipart, SendMultipart},
    raw::{DeferDrops, Errno, GENERATIONS, HasRaw, PerProcess},
    socket::{Router, RouterBuilder},
};

/// Where libzmq looks for a handler.
const ENDPOINT: &str = "inproc://zeromq.zap.01";

/// The rules that a thread goes by. It goes with the thread, so a `Weak` one tells whether that
/// lives.
pub(super) struct Handler {
    rules: Mutex<Rules>,
}

struct Running {
    ctx: CtxHandle,
    handler: Arc<Handler>,
    thread: JoinHandle<()>,
}

/// The handlers of this process. A child that was forked has none of its parent's threads, nor its
/// contexts.
static RUNNING: PerProcess<Mutex<Vec<Running>>> =
    PerProcess::new([const { Mutex::new(Vec::new()) }; GENERATIONS]);

fn running() -> MutexGuard<'static, Vec<Running>> {
    RUNNING.get().lock().unwrap_or_else(PoisonError::into_inner)
}

impl Handler {
    /// Changes the rules that peers are judged by from now on.
    pub(super) fn change(&self, change: impl FnOnce(&mut Rules)) {
        change(&mut self.rules.lock().unwrap_or_else(PoisonError::into_inner));
    }

    /// The handler of the context with its rules changed. It is started if there is none, and then
    /// asks nobody by other rules.
    pub(super) fn of(
        ctx: CtxHandle,
        changed: impl FnOnce(&mut Rules),
    ) -> Result<Weak<Self>, Error> {
        // Until the lock is released: the drop of an owner may want it.
        let _deferred = DeferDrops::new();
        let mut running = running();
        if let Some(known) = running.iter().find(|known| known.ctx == ctx) {
            known.handler.change(changed);
            return Ok(Arc::downgrade(&known.handler));
        }
        let mut rules = Rules::default();
        changed(&mut rules);
        let handler = Arc::new(Self { rules: Mutex::new(rules) });
        let weak = Arc::downgrade(&handler);
        // Replies that cannot be delivered have nobody left to wait for them.
        let router = RouterBuilder::new().linger(Duration::ZERO).bind(ENDPOINT).with_ctx(ctx)?;
        // The end of the service closes it before the context is terminated.
        router.raw().uncount();
        let thread = start(ctx, router, handler.clone())?;
        running.push(Running { ctx, handler, thread });
        Ok(weak)
    }

    /// Answers requests until the context is shut down. Nothing that a peer sends ends it, and no
    /// reply waits.
    fn serve(&self, router: &Router) {
        loop {
            match router.recv_multipart() {
                Ok(parts) => {
                    let Some(request) = Request::read(&parts) else { continue };
                    let verdict =
                        self.rules.lock().unwrap_or_else(PoisonError::into_inner).judge(&request);
                    // Where it fails the peer is gone.
                    let _ = router.try_send_multipart(request.reply(verdict));
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => (),
                Err(_) => return,
            }
        }
    }
}

fn start(ctx: CtxHandle, router: Router, handler: Arc<Handler>) -> Result<JoinHandle<()>, Error> {
    /// Takes the handler off the list of those that run, however its thread ends.
    struct Listed {
        ctx: CtxHandle,
        _service: Registration,
    }

    impl Drop for Listed {
        fn drop(&mut self) {
            let ended = take(self.ctx);
            // Not under the lock: its drop is the end of the rules.
            drop(ended);
        }
    }

    let service = ctx.register_service(move || end(ctx));
    let serve = move || {
        let _listed = Listed { ctx, _service: service };
        handler.serve(&router);
        // Before the list forgets it: a new handler could not bind.
        drop(router);
    };
    let refused = |error| {
        Error::new(ErrorKind::Os(Errno::of_system(&error).0), "start the authentication handler")
            .caused_by(error)
    };
    thread::Builder::new().name("zmq-auth".into()).spawn(serve).map_err(refused)
}

fn take(ctx: CtxHandle) -> Option<Running> {
    let mut running = running();
    let index = running.iter().position(|known| known.ctx == ctx)?;
    Some(running.swap_remove(index))
}

/// Ends the context's handler, if it has one, and with it everything else in the context: shuts it
/// down, and waits until the handler's socket is closed.
fn end(ctx: CtxHandle) {
    if let Some(handler) = take(ctx) {
        ctx.shutdown();
        // It can only have panicked, and then its socket is closed, too.
        let _ = handler.thread.join();
    }
}
