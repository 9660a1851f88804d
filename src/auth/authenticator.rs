//! The authenticator: a function of the program that decides about peers.

use std::{
    fmt,
    future::Future,
    hash::{Hash, Hasher},
    pin::Pin,
    ptr,
    sync::Arc,
};

use super::{AuthAnswer, AuthRequest};

pub(super) type Judging = Pin<Box<dyn Future<Output = AuthAnswer> + Send>>;

/// The function of the program, blocking or `async`, as a function that returns futures. It runs
/// only when the future is polled.
#[derive(Clone)]
pub(super) struct Authenticator(Arc<dyn Fn(AuthRequest) -> Judging + Send + Sync>);

impl Authenticator {
    pub(super) fn blocking<F>(judge: F) -> Self
    where
        F: Fn(AuthRequest) -> AuthAnswer + Send + Sync + 'static,
    {
        let judge = Arc::new(judge);
        Self(Arc::new(move |request| {
            let judge = judge.clone();
            Box::pin(async move { judge(request) })
        }))
    }

    pub(super) fn future<F, J>(judge: F) -> Self
    where
        F: Fn(AuthRequest) -> J + Send + Sync + 'static,
        J: Future<Output = AuthAnswer> + Send + 'static,
    {
        let judge = Arc::new(judge);
        let runtime = Runtime::current();
        Self(Arc::new(move |request| {
            let (judge, runtime) = (judge.clone(), runtime.clone());
            runtime.within(async move { judge(request).await })
        }))
    }

    /// Returns the future of the answer to one request.
    pub(super) fn judge(&self, request: AuthRequest) -> Judging {
        (self.0)(request)
    }
}

impl fmt::Debug for Authenticator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Authenticator")
    }
}

/// Two authenticators are equal if they are clones of one function with the same captures.
impl PartialEq for Authenticator {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for Authenticator {}

impl Hash for Authenticator {
    fn hash<H: Hasher>(&self, state: &mut H) {
        ptr::hash(Arc::as_ptr(&self.0).cast::<()>(), state);
    }
}

/// The runtime that the authenticator was set in, if any. Its timers and connections need it.
#[derive(Clone)]
struct Runtime {
    #[cfg(all(feature = "tokio", not(windows)))]
    handle: Option<tokio::runtime::Handle>,
}

impl Runtime {
    fn current() -> Self {
        Self {
            #[cfg(all(feature = "tokio", not(windows)))]
            handle: tokio::runtime::Handle::try_current().ok(),
        }
    }

    fn within(self, judging: impl Future<Output = AuthAnswer> + Send + 'static) -> Judging {
        #[cfg(all(feature = "tokio", not(windows)))]
        if let Some(handle) = self.handle {
            let mut judging = Box::pin(judging);
            return Box::pin(std::future::poll_fn(move |cx| {
                let _entered = handle.enter();
                judging.as_mut().poll(cx)
            }));
        }
        Box::pin(judging)
    }
}
