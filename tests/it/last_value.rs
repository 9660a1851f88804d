//! Values for new subscribers of an XPub, and for them alone.

use libzmq::{poll::READABLE, prelude::*};

use crate::common::*;

struct Cache {
    ctx: Ctx,
    xpub: XPub,
}

impl Cache {
    fn new(builder: &mut XPubBuilder) -> Self {
        let ctx = Ctx::new();
        let xpub = builder.bind("tcp://127.0.0.1:*").with_ctx(ctx.handle()).unwrap();
        Self { ctx, xpub }
    }

    /// A subscriber to everything that the cache has confirmed.
    fn subscriber(&self) -> Sub {
        let sub = SubBuilder::new()
            .connect(self.xpub.last_endpoint().unwrap())
            .subscribe("")
            .with_ctx(self.ctx.handle())
            .unwrap();
        assert_eq!(self.xpub.recv_subscription().unwrap(), Subscription::Subscribe(Msg::new()));
        self.xpub.subscribe("").unwrap();
        sub
    }

    /// Waits until the end of a subscription is queued, and leaves it there.
    fn await_leaving(&self) {
        self.xpub.poll(READABLE, Infinite).unwrap();
    }
}

#[test]
fn send_to_new_subscriber_reaches_only_the_newest() {
    let _watchdog = watchdog();
    let cache = Cache::new(XPubBuilder::new().manual(true).verbose(true));
    let old = cache.subscriber();
    cache.xpub.send_to_new_subscriber(["value", "one"]).unwrap();
    let new = cache.subscriber();
    // Not even right after the subscription.
    cache.xpub.send("for all").unwrap();
    let newest = cache.subscriber();
    cache.xpub.send_to_new_subscriber("value two").unwrap();
    cache.xpub.send("the end").unwrap();

    assert_eq!(old.recv_multipart().unwrap(), ["value", "one"]);
    assert_eq!(old.recv_msg().unwrap(), "for all");
    assert_eq!(old.recv_msg().unwrap(), "the end");
    assert_eq!(new.recv_msg().unwrap(), "for all");
    assert_eq!(new.recv_msg().unwrap(), "the end");
    assert_eq!(newest.recv_msg().unwrap(), "value two");
    assert_eq!(newest.recv_msg().unwrap(), "the end");
}

#[test]
fn send_to_new_subscriber_without_one_is_wrong_state() {
    let _watchdog = watchdog();
    let cache = Cache::new(XPubBuilder::new().manual(true).verbose(true));
    let mut error = cache.xpub.send_to_new_subscriber("value").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::WrongState);
    assert!(error.to_string().ends_with("receive a subscription first"), "{error}");
    assert_eq!(error.take().unwrap(), ["value"]);

    let _sub = cache.subscriber();
    cache.xpub.send_to_new_subscriber("value").unwrap();
    let again = cache.xpub.send_to_new_subscriber("value").unwrap_err();
    assert_eq!(again.kind(), ErrorKind::WrongState);

    let automatic = XPub::new().unwrap();
    let error = automatic.send_to_new_subscriber("value").unwrap_err();
    assert!(error.to_string().contains("`manual`"), "{error}");
    let error = cache.xpub.send_to_new_subscriber(Multipart::new()).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::InvalidInput(_)));
}

#[test]
fn send_to_new_subscriber_that_left_reaches_no_other() {
    let _watchdog = watchdog();
    for builder in [XPubBuilder::new().manual(true), XPubBuilder::new().manual_last_value(true)] {
        let cache = Cache::new(builder.verbose(true));
        let old = cache.subscriber();
        cache.xpub.send_to_new_subscriber("hello").unwrap();
        let new = cache.subscriber();
        drop(new);
        cache.await_leaving();
        cache.xpub.send_to_new_subscriber("for the one that left").unwrap();
        cache.xpub.send("for all").unwrap();
        assert_eq!(old.recv_msg().unwrap(), "hello");
        assert_eq!(old.recv_msg().unwrap(), "for all");
    }
}

#[test]
fn send_to_new_subscriber_reaches_it_although_another_left() {
    let _watchdog = watchdog();
    let cache = Cache::new(XPubBuilder::new().manual(true).verbose(true));
    let old = cache.subscriber();
    let other = SubBuilder::new()
        .connect(cache.xpub.last_endpoint().unwrap())
        .subscribe("other")
        .with_ctx(cache.ctx.handle())
        .unwrap();
    cache.xpub.recv_subscription().unwrap();
    cache.xpub.subscribe("other").unwrap();
    let new = cache.subscriber();
    drop(other);
    cache.await_leaving();
    cache.xpub.send_to_new_subscriber("for the new one").unwrap();
    cache.xpub.send("for all").unwrap();
    assert_eq!(new.recv_msg().unwrap(), "for the new one");
    assert_eq!(new.recv_msg().unwrap(), "for all");
    assert_eq!(old.recv_msg().unwrap(), "for all");
}
