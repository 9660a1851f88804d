//! Reports to `tracing`.

use std::{
    collections::BTreeSet,
    fmt::{Debug, Write},
    sync::{
        Arc, Mutex, OnceLock,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

use libzmq::{prelude::*, service::*};
use tracing::{
    Event, Metadata, Subscriber,
    field::{Field, Visit},
    span::{Attributes, Id, Record},
};

use super::{SOON, client_of, runtime, site};
use crate::common::{Transport, until, watchdog};

/// Records the reports of the service, and calls its handle during each report.
struct Notes {
    handle: Arc<OnceLock<ServiceHandle>>,
    lines: Arc<Mutex<Vec<String>>>,
}

struct Text(String);

impl Visit for Text {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        let _ = write!(self.0, "{}={value:?} ", field.name());
    }
}

impl Subscriber for Notes {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == "libzmq::service"
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        self.lines.lock().unwrap().push(span.metadata().name().to_owned());
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut text = Text(String::new());
        event.record(&mut text);
        self.lines.lock().unwrap().push(text.0);
        if let Some(handle) = self.handle.get() {
            handle.stats();
            handle.broadcast("told");
        }
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

#[test]
fn subscriber_hears_of_clients_and_may_use_the_service() {
    let _watchdog = watchdog();
    let lines = Arc::<Mutex<Vec<String>>>::default();
    let own = Arc::<OnceLock<ServiceHandle>>::default();
    let notes = Notes { handle: own.clone(), lines: lines.clone() };
    let site = site(Transport::Tcp, |builder| builder.panic_reply("sorry"));
    let handle = site.service.handle();
    own.set(handle.clone()).unwrap();
    let service = site.service;
    // For all threads: `tracing` disables a call site for good if a thread without a subscriber
    // reaches it first. So this subscriber also receives the reports of other tests' services.
    tracing::subscriber::set_global_default(notes).unwrap();
    let runtime = runtime();
    let serving = runtime.spawn(service.serve(|request| async move {
        assert_ne!(request.body().as_bytes(), b"secret panic", "asked to panic");
        request.into_body()
    }));
    let client = client_of(&site.ctx, &handle);
    client.send("secret").unwrap();
    client.send("secret panic").unwrap();
    let mut replies = BTreeSet::new();
    while !replies.is_superset(&BTreeSet::from(["secret".into(), "sorry".into()])) {
        replies
            .insert(client.recv_msg_timeout(SOON).unwrap().unwrap().to_str().unwrap().to_owned());
    }
    drop(client);
    until(|| handle.stats().left == 1);
    assert!(handle.blocking().stop(SOON).is_complete());
    runtime.block_on(serving).unwrap().unwrap();
    let lines = lines.lock().unwrap();
    for wanted in ["client joined", "client left", "handler panicked", "service ended", "request"] {
        assert!(lines.iter().any(|line| line.contains(wanted)), "{wanted}: {lines:#?}");
    }
    assert!(!lines.iter().any(|line| line.contains("secret")), "{lines:#?}");
}

/// Panics at each report.
struct Panics(Arc<AtomicUsize>);

impl Panics {
    fn panic(&self) -> ! {
        self.0.fetch_add(1, Ordering::SeqCst);
        panic!("a subscriber that panics");
    }
}

impl Subscriber for Panics {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == "libzmq::service"
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        self.panic()
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, _: &Event<'_>) {
        self.panic()
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

#[test]
fn subscriber_that_panics_does_not_end_the_service() {
    let _watchdog = watchdog();
    let site = site(Transport::Tcp, |builder| builder);
    let handle = site.service.handle();
    let panics = Arc::<AtomicUsize>::default();
    let subscriber = Panics(panics.clone());
    let service = site.service;
    let serving = thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let serve = || runtime.block_on(service.serve(|request| async { request.into_body() }));
        tracing::subscriber::with_default(subscriber, serve).unwrap()
    });
    let client = client_of(&site.ctx, &handle);
    client.send("hello").unwrap();
    assert_eq!(client.recv_msg_timeout(SOON).unwrap().unwrap(), "hello");
    drop(client);
    until(|| handle.stats().left == 1);
    assert!(handle.blocking().stop(SOON).is_complete());
    assert!(serving.join().unwrap().is_complete());
    assert!(panics.load(Ordering::SeqCst) > 0);
}
