//! Authenticators, and the rules of one domain.

use std::{
    future::{self, Future},
    pin::Pin,
    sync::{
        Arc, Barrier, Mutex,
        atomic::{AtomicUsize, Ordering},
        mpsc,
    },
    task::{Context, Poll, Waker},
    thread,
    time::Duration,
};

use libzmq::{auth::*, monitor::*, prelude::*};

use crate::common::{
    Transport, greet,
    site::{Site, user},
    until, watchdog,
};

fn plain() -> Site {
    Site::of(Mechanism::PlainServer)
}

/// Binds a server of this domain in the context of the site.
fn server_of(site: &Site, domain: &str) -> Site {
    let server = ServerBuilder::new()
        .mechanism(Mechanism::PlainServer)
        .option(opt::ZapDomain, domain.to_owned())
        .bind("tcp://127.0.0.1:*")
        .with_ctx(site.ctx.handle())
        .unwrap();
    Site { ctx: Ctx::new(), server }
}

fn by_password(request: AuthRequest) -> AuthAnswer {
    match request.plain() {
        Some(creds) if creds.password() == "good" => AuthAnswer::allow(creds.username()),
        _ => AuthAnswer::deny("the password is not good"),
    }
}

#[test]
fn authenticator_gets_the_request_and_names_the_user() {
    let _watchdog = watchdog();
    for &transport in if cfg!(unix) {
        &[Transport::Tcp, Transport::Ipc, Transport::Ws][..]
    } else {
        &[Transport::Tcp, Transport::Ws]
    } {
        let site = Site::at(
            transport,
            ServerBuilder::new()
                .mechanism(Mechanism::PlainServer)
                .option(opt::ZapDomain, "mine".to_owned()),
        );
        let (asked, requests) = mpsc::channel();
        site.auth()
            .set_authenticator(move |request| {
                asked.send(request.clone()).unwrap();
                by_password(request).property("X-Role", "editor").property("X-Empty", "")
            })
            .unwrap();
        let msg = site.accepts(user("anna", "good"));
        assert_eq!(msg.user_id(), Some("anna"));
        assert_eq!(msg.property("X-Role"), Some("editor"));
        assert_eq!(msg.property("X-Empty"), Some(""));

        let request = requests.recv().unwrap();
        assert_eq!((request.domain(), request.mechanism()), ("mine", "PLAIN"));
        assert_eq!(request.credentials(), &AuthCredentials::Plain(user("anna", "good")));
        assert_eq!(request.identity(), b"");
        let here = std::net::IpAddr::from([127, 0, 0, 1]);
        assert_eq!(request.ip(), (transport != Transport::Ipc).then_some(here));
        match transport {
            Transport::Ipc => assert!(request.address().starts_with("localhost")),
            _ => assert_eq!(request.address(), "127.0.0.1"),
        }
        assert!(!format!("{request:?}").contains("good"));
        site.refuses(user("anna", "bad"));
        assert!(requests.recv().is_ok());
    }
}

#[test]
fn request_has_the_routing_id_of_the_server() {
    let _watchdog = watchdog();
    let ctx = Ctx::new();
    let (asked, requests) = mpsc::channel();
    AuthClient::with_ctx(ctx.handle())
        .unwrap()
        .set_authenticator(move |request| {
            asked.send(request.identity().to_vec()).unwrap();
            AuthAnswer::allow("")
        })
        .unwrap();
    let router = RouterBuilder::new()
        .mechanism(Mechanism::PlainServer)
        .option(opt::RoutingIdentity, Identity::new("the server").unwrap())
        .bind("tcp://127.0.0.1:*")
        .with_ctx(ctx.handle())
        .unwrap();
    let _dealer = DealerBuilder::new()
        .mechanism(user("a", "b"))
        .option(opt::RoutingIdentity, Identity::new("the client").unwrap())
        .connect(router.last_endpoint().unwrap())
        .with_ctx(ctx.handle())
        .unwrap();
    assert_eq!(requests.recv().unwrap(), b"the server");
}

#[test]
fn authenticator_is_asked_after_lists_and_registries() {
    let _watchdog = watchdog();
    let site = plain();
    let auth = site.auth();
    let asked = Arc::new(AtomicUsize::new(0));
    let count = asked.clone();
    auth.set_authenticator(move |request| {
        count.fetch_add(1, Ordering::Relaxed);
        by_password(request)
    })
    .unwrap();
    auth.add_plain_registry(user("registered", "own")).unwrap();

    assert_eq!(site.accepts(user("registered", "own")).user_id(), Some("registered"));
    site.refuses(user("registered", "good"));
    assert_eq!(asked.load(Ordering::Relaxed), 0);
    site.accepts(user("other", "good"));
    assert_eq!(asked.load(Ordering::Relaxed), 1);
    auth.deny("127.0.0.0/8").unwrap();
    site.refuses(user("other", "good"));
    auth.set_blacklist(Vec::<&str>::new()).unwrap();
    auth.allow("10.0.0.0/8").unwrap();
    site.refuses(user("other", "good"));
    assert_eq!(asked.load(Ordering::Relaxed), 1);
}

#[test]
fn authenticator_judges_peers_without_a_mechanism() {
    let _watchdog = watchdog();
    let site =
        Site::at(Transport::Tcp, ServerBuilder::new().option(opt::ZapDomain, "mine".to_owned()));
    let auth = site.auth();
    auth.set_authenticator(|request| {
        assert_eq!(request.credentials(), &AuthCredentials::Null);
        AuthAnswer::allow("somebody")
    })
    .unwrap();
    assert_eq!(site.accepts(Mechanism::Null).user_id(), Some("somebody"));
    auth.set_authenticator(|_| AuthAnswer::deny("nobody")).unwrap();
    site.refuses(Mechanism::Null);
    auth.remove_authenticator().unwrap();
    site.accepts(Mechanism::Null);
}

#[test]
fn temporary_refusal_lets_the_client_try_again() {
    let _watchdog = watchdog();
    let site = plain();
    let auth = site.auth();
    let asked = AtomicUsize::new(0);
    auth.set_authenticator(move |request| match asked.fetch_add(1, Ordering::Relaxed) {
        0..3 => AuthAnswer::later("busy"),
        _ => by_password(request),
    })
    .unwrap();
    let client = ClientBuilder::new()
        .reconnect_interval(Duration::from_millis(5))
        .connect(site.server.last_endpoint().unwrap())
        .mechanism(user("anna", "good"))
        .with_ctx(site.ctx.handle())
        .unwrap();
    greet(&site.server, &client);
    let stats = auth.stats().unwrap();
    assert_eq!((stats.later, stats.allowed), (3, 1));
}

#[test]
fn authenticator_that_panics_refuses_and_the_handler_goes_on() {
    let _watchdog = watchdog();
    let site = plain();
    let auth = site.auth();
    let monitor = site.server.monitor(EventSet::HANDSHAKE_FAILED_AUTH).unwrap();
    for number in 1..10 {
        auth.set_authenticator(|_| panic!("on purpose")).unwrap();
        site.refuses(user("anna", "good"));
        assert_eq!(monitor.recv().unwrap().kind(), EventKind::HandshakeFailedAuth(500));
        assert_eq!(auth.stats().unwrap().failed, number);
        auth.set_authenticator(by_password).unwrap();
        site.accepts(user("anna", "good"));
    }
    auth.set_async_authenticator(async |_| panic!("on purpose")).unwrap();
    site.refuses(user("anna", "good"));
    auth.set_authenticator(|_| AuthAnswer::allow("a\0b")).unwrap();
    site.refuses(user("anna", "good"));
    auth.set_authenticator(|_| AuthAnswer::allow("a").property("User-Id", "b")).unwrap();
    site.refuses(user("anna", "good"));
    assert_eq!(auth.stats().unwrap().failed, 12);
}

#[test]
fn slow_authenticator_delays_no_registered_peer() {
    let _watchdog = watchdog();
    let site = plain();
    let auth = site.auth();
    auth.add_plain_registry(user("known", "own")).unwrap();
    let (release, held) = mpsc::channel::<()>();
    let held = Mutex::new(held);
    auth.set_authenticator(move |request| {
        let _ = held.lock().unwrap().recv();
        by_password(request)
    })
    .unwrap();
    // More clients than the authenticator has threads.
    let slow: Vec<_> = (0..8).map(|_| site.client(user("slow", "good"))).collect();
    until(|| {
        site.accepts(user("known", "own"));
        auth.stats().unwrap().pending == slow.len()
    });
    drop(release);
    for client in &slow {
        client.send("at last").unwrap();
        assert_eq!(site.server.recv_msg().unwrap().user_id(), Some("slow"));
    }
    until(|| {
        site.accepts(user("known", "own"));
        auth.stats().unwrap().pending == 0
    });
}

/// The handler refuses a peer above the limit temporarily.
#[test]
fn peers_that_wait_for_the_authenticator_are_bounded() {
    const PENDING: usize = 1024;

    let _watchdog = watchdog();
    let ctx = Ctx::new();
    let auth = AuthClient::with_ctx(ctx.handle()).unwrap();
    auth.set_async_authenticator(|_| future::pending()).unwrap();
    assert_eq!(auth.stats().unwrap().pending, 0);

    let barrier = Arc::new(Barrier::new(5));
    let held = barrier.clone();
    let first = AtomicUsize::new(0);
    auth.set_authenticator(move |_| {
        if first.fetch_add(1, Ordering::Relaxed) < 4 {
            held.wait();
        }
        AuthAnswer::allow("")
    })
    .unwrap();
    let asker =
        DealerBuilder::new().connect("inproc://zeromq.zap.01").with_ctx(ctx.handle()).unwrap();
    let request = |number: usize| {
        let number = number.to_string();
        ["", "1.0", &number, "global", "10.0.0.1", "", "PLAIN", "a", "b"].map(Msg::from)
    };
    for number in 0..PENDING + 10 {
        asker.send_multipart(request(number).to_vec()).unwrap();
    }
    for number in PENDING..PENDING + 10 {
        let reply = asker.recv_multipart().unwrap();
        assert_eq!((reply[2].to_str().unwrap(), &reply[3]), (&*number.to_string(), &"300".into()));
    }
    barrier.wait();
    let mut allowed: Vec<usize> = (0..PENDING)
        .map(|_| {
            let reply = asker.recv_multipart().unwrap();
            assert_eq!(reply[3], "200");
            reply[2].to_str().unwrap().parse().unwrap()
        })
        .collect();
    allowed.sort_unstable();
    assert!(allowed.into_iter().eq(0..PENDING));
}

/// A future that is ready after this number of polls.
struct After(usize);

impl Future for After {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        if self.0 == 0 {
            return Poll::Ready(());
        }
        self.0 -= 1;
        match self.0 % 3 {
            0 => cx.waker().wake_by_ref(),
            1 => {
                let waker = cx.waker().clone();
                thread::spawn(move || waker.wake());
            }
            _ => {
                cx.waker().wake_by_ref();
                cx.waker().wake_by_ref();
            }
        }
        Poll::Pending
    }
}

#[test]
fn async_authenticator_judges_many_peers_at_once() {
    let _watchdog = watchdog();
    let site = plain();
    let auth = site.auth();
    auth.set_async_authenticator(async |request: AuthRequest| {
        After(10).await;
        by_password(request)
    })
    .unwrap();
    site.accepts(user("anna", "good"));
    site.refuses(user("anna", "bad"));

    // Many more clients than the authenticator has threads wait for the last of them.
    const CLIENTS: usize = 40;
    let wakers = Arc::new(Mutex::new(Vec::<Waker>::new()));
    auth.set_async_authenticator(move |request| {
        let wakers = wakers.clone();
        let mut first = true;
        future::poll_fn(move |cx| {
            let mut wakers = wakers.lock().unwrap();
            if std::mem::take(&mut first) {
                wakers.push(cx.waker().clone());
                if wakers.len() == CLIENTS {
                    wakers.iter().for_each(Waker::wake_by_ref);
                }
            }
            if wakers.len() < CLIENTS {
                return Poll::Pending;
            }
            Poll::Ready(by_password(request.clone()))
        })
    })
    .unwrap();
    let clients: Vec<_> = (0..CLIENTS).map(|_| site.client(user("anna", "good"))).collect();
    site.server.set_recv_timeout(Infinite).unwrap();
    for client in &clients {
        greet(&site.server, client);
    }
}

#[test]
fn async_authenticator_that_nothing_wakes_refuses() {
    let _watchdog = watchdog();
    let site = plain();
    let auth = site.auth();
    auth.set_async_authenticator(|_| future::pending()).unwrap();
    site.refuses(user("anna", "good"));
    until(|| auth.stats().unwrap().failed == 1);
}

#[cfg(feature = "tokio")]
#[test]
fn async_authenticator_uses_timers_of_its_runtime() {
    let _watchdog = watchdog();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let site = plain();
    {
        let _entered = runtime.enter();
        site.auth()
            .set_async_authenticator(async |request| {
                tokio::time::sleep(Duration::from_millis(5)).await;
                by_password(request)
            })
            .unwrap();
    }
    site.accepts(user("anna", "good"));
    site.refuses(user("anna", "bad"));
}

#[test]
fn authenticator_is_replaced_while_it_judges() {
    let _watchdog = watchdog();
    let site = plain();
    let auth = site.auth();
    let (entered, entries) = mpsc::channel();
    let barrier = Arc::new(Barrier::new(2));
    let held = barrier.clone();
    auth.set_authenticator(move |_| {
        entered.send(()).unwrap();
        held.wait();
        AuthAnswer::allow("by the old one")
    })
    .unwrap();
    let early = site.client(user("a", "b"));
    entries.recv().unwrap();
    auth.set_authenticator(|_| AuthAnswer::allow("by the new one")).unwrap();
    assert_eq!(site.accepts(user("a", "b")).user_id(), Some("by the new one"));
    barrier.wait();
    early.send("hello").unwrap();
    assert_eq!(site.server.recv_msg().unwrap().user_id(), Some("by the old one"));
    // The handler has dropped the old authenticator.
    assert!(entries.recv().is_err());
}

/// Changes the rules when it is dropped, which is when its authenticator is dropped.
struct Farewell(AuthClient);

impl Drop for Farewell {
    fn drop(&mut self) {
        let _ = self.0.add_plain_registry(user("left", "behind"));
    }
}

#[test]
fn authenticator_may_change_the_rules_and_itself() {
    let _watchdog = watchdog();
    let site = plain();
    let auth = site.auth();
    let (inner, farewell) = (auth.clone(), Farewell(auth.clone()));
    auth.set_authenticator(move |request| {
        let _ = &farewell;
        let creds = request.plain().unwrap().clone();
        inner.add_plain_registry(&creds).unwrap();
        inner.set_authenticator(|_| AuthAnswer::deny("nobody else")).unwrap();
        AuthAnswer::allow(creds.username())
    })
    .unwrap();
    site.accepts(user("first", "any"));
    site.accepts(user("first", "any"));
    site.refuses(user("second", "any"));
    until(|| {
        auth.remove_authenticator().unwrap();
        auth.stats().unwrap().allowed >= 2
    });
    site.accepts(user("left", "behind"));

    // A builder, and `forget`, drop an authenticator as well.
    let farewell = Farewell(auth.clone());
    AuthBuilder::new()
        .authenticator(move |_| {
            let _ = &farewell;
            AuthAnswer::deny("no")
        })
        .with_ctx(site.ctx.handle())
        .unwrap();
    AuthBuilder::new().authenticator(by_password).with_ctx(site.ctx.handle()).unwrap();
    let farewell = Farewell(auth.clone());
    let domain = auth.for_domain("its");
    domain
        .set_authenticator(move |_| {
            let _ = &farewell;
            AuthAnswer::deny("no")
        })
        .unwrap();
    domain.forget().unwrap();
    auth.forget().unwrap();
    site.refuses(user("left", "behind"));
}

#[test]
fn authenticator_ends_the_context() {
    let _watchdog = watchdog();
    for _ in 0..20 {
        let site = plain();
        let auth = site.auth();
        let Site { ctx, server } = site;
        let endpoint = server.last_endpoint().unwrap();
        let ctx = Mutex::new(Some(ctx));
        auth.set_authenticator(move |_| {
            drop(ctx.lock().unwrap().take());
            AuthAnswer::allow("too late")
        })
        .unwrap();
        let outside = Ctx::new();
        let _client = ClientBuilder::new()
            .connect(endpoint)
            .mechanism(user("a", "b"))
            .with_ctx(outside.handle())
            .unwrap();
        assert_eq!(server.recv_msg().unwrap_err().kind(), ErrorKind::InvalidCtx);
        until(|| auth.stats().is_err());
    }
}

#[test]
fn context_terminates_while_peers_are_judged() {
    let _watchdog = watchdog();
    let (release, held) = mpsc::channel::<()>();
    let held = Mutex::new(held);
    let ctx = Ctx::new();
    let auth = AuthClient::with_ctx(ctx.handle()).unwrap();
    let (entered, entries) = mpsc::channel();
    auth.set_authenticator(move |_| {
        entered.send(()).unwrap();
        let _ = held.lock().unwrap().recv();
        AuthAnswer::allow("too late")
    })
    .unwrap();
    let asker =
        DealerBuilder::new().connect("inproc://zeromq.zap.01").with_ctx(ctx.handle()).unwrap();
    for _ in 0..20 {
        let request = ["", "1.0", "1", "global", "10.0.0.1", "", "PLAIN", "a", "b"];
        asker.send_multipart(request).unwrap();
    }
    entries.recv().unwrap();
    drop(asker);
    // Terminating the context does not block on the authenticator.
    ctx.terminate().unwrap();
    assert!(auth.stats().is_err());
    drop(release);
    // The pool drops the waiting requests without calling the authenticator, and then the
    // authenticator.
    assert!(entries.iter().count() < 4);
}

#[test]
fn domains_have_users_of_their_own() {
    let _watchdog = watchdog();
    let common = plain();
    let [one, two, three] = ["one", "two", "three"].map(|domain| server_of(&common, domain));
    let auth = common.auth();
    auth.add_plain_registry(user("common", "c")).unwrap();
    auth.for_domain("one").add_plain_registry(user("first", "1")).unwrap();
    AuthBuilder::new()
        .domain("two")
        .authenticator(by_password)
        .with_ctx(common.ctx.handle())
        .unwrap();

    common.accepts(user("common", "c"));
    common.refuses(user("first", "1"));
    assert_eq!(one.accepts(user("first", "1")).user_id(), Some("first"));
    one.refuses(user("common", "c"));
    two.accepts(user("anybody", "good"));
    two.refuses(user("common", "c"));
    // A domain without rules of its own.
    three.accepts(user("common", "c"));
    three.refuses(user("anybody", "good"));

    // The address lists of the domain and the common ones both apply.
    auth.deny("127.0.0.1").unwrap();
    one.refuses(user("first", "1"));
    auth.set_blacklist(Vec::<&str>::new()).unwrap();
    auth.for_domain("one").allow("10.0.0.0/8").unwrap();
    one.refuses(user("first", "1"));
    common.accepts(user("common", "c"));

    auth.for_domain("one").forget().unwrap();
    one.accepts(user("common", "c"));
    assert_ne!(auth, auth.for_domain("one"));
    assert_eq!(auth.for_domain("one"), auth.for_domain("one"));
}

#[test]
fn lists_take_networks() {
    let _watchdog = watchdog();
    let site = plain();
    let auth = site.auth();
    auth.add_plain_registry(user("a", "b")).unwrap();
    for network in ["127.0.0.0/8", "::ffff:127.0.0.0/104", "0.0.0.0/0", "127.0.0.1/32"] {
        auth.deny(network).unwrap();
        site.refuses(user("a", "b"));
        auth.remove_blacklist([network]).unwrap();
        site.accepts(user("a", "b"));
        auth.allow([network, "2001:db8::/32"]).unwrap();
        site.accepts(user("a", "b"));
        auth.remove_whitelist(network).unwrap();
        site.refuses(user("a", "b"));
        auth.set_whitelist(Vec::<libzmq::addr::IpNetwork>::new()).unwrap();
    }
    auth.set_blacklist(["10.0.0.0/8", "::/0", "2001:db8::/32"]).unwrap();
    site.accepts(user("a", "b"));

    let error = auth.deny(["127.0.0.0/8", "10.0.0.0/33"]).unwrap_err();
    assert_eq!((error.text(), error.content()), (Some("10.0.0.0/33"), Some(&0)));
    assert!(auth.set_whitelist("127.0.0.1/8").is_err());
    site.accepts(user("a", "b"));
    let error = AuthBuilder::new().allow("10.0.0.0/33").with_ctx(site.ctx.handle()).unwrap_err();
    assert_eq!(error.text(), Some("10.0.0.0/33"));
    AuthBuilder::new().deny("127.0.0.0/8").apply(&auth).unwrap();
    site.refuses(user("a", "b"));
}

#[cfg(zmq_has = "curve")]
#[test]
fn authenticator_judges_keys_that_are_not_registered() {
    let _watchdog = watchdog();
    let cert = CurveCert::new_unique();
    let site = Site::of(CurveServerCreds::new(cert.secret()));
    let [registered, judged, other] = [(); 3].map(|()| CurveCert::new_unique());
    let creds = |client: &CurveCert| CurveClientCreds::new(cert.public()).add_cert(client);
    let auth = site.auth();
    auth.add_curve_registry(registered.public()).unwrap();
    // The handler calls the authenticator nevertheless.
    auth.set_curve_auth(false).unwrap();
    let expected = judged.public().clone();
    auth.set_authenticator(move |request| {
        assert_eq!(request.mechanism(), "CURVE");
        match request.curve() {
            Some(key) if *key == expected => AuthAnswer::allow("judged"),
            _ => AuthAnswer::deny("another key"),
        }
    })
    .unwrap();
    assert_eq!(site.accepts(creds(&judged)).user_id(), Some("judged"));
    site.refuses(creds(&other));
    let msg = site.accepts(creds(&registered));
    assert_eq!(msg.user_id(), Some(registered.public().as_str()));
    auth.remove_authenticator().unwrap();
    site.accepts(creds(&other));
}
