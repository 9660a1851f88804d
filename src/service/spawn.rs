//! Starts a thread with its own runtime.

use std::{future::Future, io, sync::mpsc, thread};

use crate::error::{Error, ErrorKind};

const OPERATION: &str = "spawn service";

/// Starts a thread that runs a future in its own runtime. Blocks until the future reports that it
/// has started, or why it could not.
pub(super) fn spawn<F, Fut>(make: F) -> Result<(), Error>
where
    F: FnOnce(Box<dyn FnOnce(Option<Error>) + Send>) -> Fut + Send + 'static,
    Fut: Future<Output = ()>,
{
    const PANICKED: ErrorKind = ErrorKind::Unsupported("the thread of the service has panicked");

    let (says, hears) = mpsc::channel();
    let run = move || {
        let failed = says.clone();
        let started = Box::new(move |error| drop(says.send(error)));
        if let Err(error) = block_on(make(started)) {
            drop(failed.send(Some(error)));
        }
    };
    thread::Builder::new().name("libzmq service".into()).spawn(run).map_err(failed)?;
    match hears.recv() {
        Ok(None) => Ok(()),
        Ok(Some(error)) => Err(error),
        Err(_) => Err(Error::new(PANICKED, OPERATION)),
    }
}

fn failed(error: io::Error) -> Error {
    Error::system(error, OPERATION)
}

#[cfg(not(windows))]
fn block_on(future: impl Future<Output = ()>) -> Result<(), Error> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.map_err(failed)?.block_on(future);
    Ok(())
}

/// On Windows the reactor of `async-io` runs on its own thread.
#[cfg(windows)]
fn block_on(future: impl Future<Output = ()>) -> Result<(), Error> {
    super::park::block_on(future);
    Ok(())
}
