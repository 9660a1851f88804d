//! The authentication handler: the thread of a context that answers libzmq's ZAP requests.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
    thread::{self, JoinHandle},
    time::Duration,
};

use super::{
    AuthAnswer,
    pool::Pool,
    rules::{Judgement, Rules},
    stats::Counters,
    zap::{ReplyTo, Request},
};
use crate::{
    ctx::{CtxHandle, Registration},
    error::{Error, ErrorKind},
    poll::{Events, PollId, Poller, READABLE},
    prelude::{RecvMultipart, SendMultipart},
    raw::{DeferDrops, GENERATIONS, HasRaw, PerProcess, contained},
    socket::{Router, RouterBuilder},
    util::Period,
};

/// The endpoint that libzmq sends ZAP requests to.
const ENDPOINT: &str = "inproc://zeromq.zap.01";

/// The rules and counters of a handler's thread. The thread owns it, so a `Weak` reference shows
/// whether the thread is alive.
pub(super) struct Handler {
    rules: Mutex<Rules>,
    counters: Counters,
}

struct Running {
    ctx: CtxHandle,
    handler: Arc<Handler>,
    thread: JoinHandle<()>,
}

/// The handlers of this process. A forked child has neither its parent's threads nor its contexts.
static RUNNING: PerProcess<Mutex<Vec<Running>>> =
    PerProcess::new([const { Mutex::new(Vec::new()) }; GENERATIONS]);

fn running() -> MutexGuard<'static, Vec<Running>> {
    RUNNING.get().lock().unwrap_or_else(PoisonError::into_inner)
}

impl Handler {
    /// Changes the rules for later requests. The caller drops the replaced value outside the lock,
    /// because it may be a value of the program, and its drop may change the rules.
    pub(super) fn change<R>(&self, change: impl FnOnce(&mut Rules) -> R) -> R {
        change(&mut self.rules.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(super) fn counters(&self) -> &Counters {
        &self.counters
    }

    /// Changes the rules of the context's handler, and returns the handler and the replaced value.
    /// Starts the handler with these rules if there is none.
    pub(super) fn of<R>(
        ctx: CtxHandle,
        changed: impl FnOnce(&mut Rules) -> R,
    ) -> Result<(Weak<Self>, R), Error> {
        // Until the lock is released: the drop of a message's owner may take the lock.
        let _deferred = DeferDrops::new();
        let mut running = running();
        if let Some(known) = running.iter().find(|known| known.ctx == ctx) {
            let replaced = known.handler.change(changed);
            return Ok((Arc::downgrade(&known.handler), replaced));
        }
        let mut rules = Rules::default();
        let replaced = changed(&mut rules);
        let handler = Arc::new(Self { rules: Mutex::new(rules), counters: Counters::default() });
        let weak = Arc::downgrade(&handler);
        // A reply that cannot be delivered belongs to a closed connection, so nothing lingers.
        let router = RouterBuilder::new().linger(Duration::ZERO).bind(ENDPOINT).with_ctx(ctx)?;
        // The end of the service closes the socket before the context is terminated.
        router.raw().uncount();
        let thread = start(ctx, router, handler.clone())?;
        running.push(Running { ctx, handler, thread });
        Ok((weak, replaced))
    }

    /// Answers requests until the context is shut down. No input of a peer ends the loop, and
    /// sending a reply does not block.
    fn serve(&self, router: &Router) {
        let mut asking = None;
        loop {
            if let Some(asking) = &asking {
                self.pass_on(router, asking);
            }
            let received = match &asking {
                None => router.recv_multipart(),
                Some(_) => router.try_recv_multipart(),
            };
            match (received, &mut asking) {
                (Ok(parts), asking) => {
                    let Some(request) = Request::read(&parts) else { continue };
                    // Without the lock of the rules, because it reads files.
                    if let Some(folder) = self.change(|rules| rules.key_folder(&request)) {
                        // An unreadable folder has no keys, and `refresh` has reported it.
                        let _ = folder.refresh();
                    }
                    match self.change(|rules| rules.judge(&request)) {
                        Judgement::Answer(answer) => {
                            self.answer(router, request.reply_to(), answer);
                        }
                        Judgement::Ask(authenticator, about) => {
                            let reply_to = request.reply_to();
                            match Asking::started(asking, router) {
                                Ok(asking) => {
                                    asking.pool.submit(authenticator.judge(about), reply_to);
                                    // It may have been replaced meanwhile, and this its last use.
                                    contained(|| drop(authenticator));
                                }
                                Err(_) => self.answer(router, reply_to, AuthAnswer::later(NO_POOL)),
                            }
                        }
                    }
                }
                (Err(error), asking) if error.kind() == ErrorKind::WouldBlock => {
                    if asking.as_mut().is_some_and(|asking| asking.wait().is_err()) {
                        return;
                    }
                }
                (Err(_), _) => return,
            }
        }
    }

    /// Sends the answers of the authenticator.
    fn pass_on(&self, router: &Router, asking: &Asking<'_>) {
        for (reply_to, answer) in asking.pool.answers() {
            self.answer(router, reply_to, answer);
        }
        self.counters.set_pending(asking.pool.pending());
    }

    fn answer(&self, router: &Router, reply_to: ReplyTo, answer: AuthAnswer) {
        self.counters.count(&answer.0);
        reply_to.log(&answer);
        // It fails only if the peer's connection is closed.
        let _ = router.try_send_multipart(reply_to.reply(answer));
    }
}

const NO_POOL: &str = "the system has no resources for the authenticator";

/// The state of a handler that has called an authenticator: created for the first call.
struct Asking<'a> {
    pool: Pool,
    poller: Poller<'a>,
}

impl<'a> Asking<'a> {
    fn started<'b>(asking: &'b mut Option<Self>, router: &'a Router) -> Result<&'b Self, Error> {
        if asking.is_none() {
            let mut poller = Poller::new();
            poller.add(router, PollId(0), READABLE)?;
            let pool = Pool::new(poller.waker()?);
            *asking = Some(Self { pool, poller });
        }
        asking.as_ref().ok_or_else(|| Error::new(ErrorKind::NotFound("pool"), "ask authenticator"))
    }

    /// Blocks until a request or an answer arrives.
    fn wait(&mut self) -> Result<(), Error> {
        match self.poller.poll(&mut Events::new(), Period::Infinite) {
            Err(error) if error.is_would_block() => Ok(()),
            done => done,
        }
    }
}

fn start(ctx: CtxHandle, router: Router, handler: Arc<Handler>) -> Result<JoinHandle<()>, Error> {
    /// Removes the handler from the list of running ones, however its thread ends.
    struct Listed {
        ctx: CtxHandle,
        _service: Registration,
    }

    impl Drop for Listed {
        fn drop(&mut self) {
            let ended = take(self.ctx);
            // Dropped without the lock: the drop ends the rules, and may run code of the program.
            drop(ended);
        }
    }

    let service = ctx.register_service(move || end(ctx));
    let serve = move || {
        let _listed = Listed { ctx, _service: service };
        handler.serve(&router);
        // Before the handler leaves the list: otherwise a new handler could not bind.
        drop(router);
    };
    thread::Builder::new()
        .name("zmq-auth".into())
        .spawn(serve)
        .map_err(|error| Error::system(error, "start the authentication handler"))
}

fn take(ctx: CtxHandle) -> Option<Running> {
    let mut running = running();
    let index = running.iter().position(|known| known.ctx == ctx)?;
    Some(running.swap_remove(index))
}

/// Ends the context's handler, if it has one: shuts the context down, which ends all its sockets'
/// calls, and blocks until the handler's socket is closed.
fn end(ctx: CtxHandle) {
    if let Some(handler) = take(ctx) {
        ctx.shutdown();
        // An error means that the thread panicked, which closes its socket, too.
        let _ = handler.thread.join();
    }
}
