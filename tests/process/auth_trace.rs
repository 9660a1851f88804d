//! The `tracing` events of the authentication handler.
//!
//! The handler's thread reports to the process's global subscriber, of which there can be only one.

#[path = "../common/mod.rs"]
mod common;

use std::{
    fmt::{Debug, Write},
    sync::{Mutex, MutexGuard, PoisonError},
};

use common::{
    Transport,
    site::{Site, user},
    until, watchdog,
};
use libzmq::{auth::*, prelude::*};
use tracing::{
    Event, Level, Metadata, Subscriber,
    field::{Field, Visit},
    span,
};

/// The events so far.
static REPORTED: Mutex<Vec<(Level, String)>> = Mutex::new(Vec::new());

fn reported() -> MutexGuard<'static, Vec<(Level, String)>> {
    REPORTED.lock().unwrap_or_else(PoisonError::into_inner)
}

struct Reporter;

struct Fields(String);

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        write!(self.0, "{field}={value:?} ").unwrap();
    }
}

impl Subscriber for Reporter {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().starts_with("libzmq")
    }

    fn new_span(&self, _: &span::Attributes<'_>) -> span::Id {
        span::Id::from_u64(1)
    }

    fn record(&self, _: &span::Id, _: &span::Record<'_>) {}
    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}
    fn enter(&self, _: &span::Id) {}
    fn exit(&self, _: &span::Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut fields = Fields(String::new());
        event.record(&mut fields);
        reported().push((*event.metadata().level(), fields.0));
    }
}

#[test]
fn refusals_are_reported_without_secrets() {
    let _watchdog = watchdog();
    tracing::subscriber::set_global_default(Reporter).unwrap();
    let site = Site::at(
        Transport::Tcp,
        ServerBuilder::new()
            .mechanism(Mechanism::PlainServer)
            .option(opt::ZapDomain, "of the trace".to_owned()),
    );
    let auth = site.auth();
    auth.add_plain_registry(user("anna", "hunter2")).unwrap();
    site.accepts(user("anna", "hunter2"));
    site.refuses(user("typed hunter2 here", "hunter3"));
    auth.set_authenticator(|_| AuthAnswer::deny("the account\nis locked")).unwrap();
    site.refuses(user("ben", "hunter3"));

    let own = || -> Vec<_> {
        reported().iter().filter(|(_, text)| text.contains("of the trace")).cloned().collect()
    };
    until(|| own().len() == 3);
    let own = own();
    assert_eq!(
        own.iter().map(|(level, _)| *level).collect::<Vec<_>>(),
        [Level::DEBUG, Level::WARN, Level::WARN]
    );
    assert!(own[0].1.contains("user=anna") && own[0].1.contains("address=127.0.0.1"), "{own:?}");
    assert!(own[1].1.contains("status=400") && own[1].1.contains("mechanism=PLAIN"), "{own:?}");
    assert!(own[2].1.contains("is locked") && !own[2].1.contains('\n'), "{own:?}");
    assert!(own.iter().all(|(_, text)| !text.contains("hunter")), "{own:?}");
}
