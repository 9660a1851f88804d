//! What the compiler knows of the types. That it refuses what it should is in the `compile_fail`
//! examples of their documentation.

use std::{error, fmt::Debug, hash::Hash, io};

use libzmq::{addr::Endpoint, prelude::*, *};

const fn shared<T: Send + Sync + Clone + 'static>() {}
const fn owned<T: Send + Sync + Debug + 'static>() {}
const fn token<T: Copy + Send + Sync + Eq + Hash + Debug + 'static>() {}
const fn an_error<T: error::Error + Send + Sync + 'static>() {}
const fn a_socket<T: SendMsg + RecvMsg + Heartbeating + Eq + Debug>() {}
const fn a_builder<
    T: Default + Clone + Eq + Debug + BuildSocket + BuildSend + BuildRecv + BuildHeartbeating,
>() {
}
const fn becomes<T: Into<U>, U>() {}

const _: () = {
    shared::<Client>();
    shared::<Server>();
    a_socket::<Client>();
    a_socket::<Server>();
    shared::<ClientBuilder>();
    shared::<ServerBuilder>();
    a_builder::<ClientBuilder>();
    a_builder::<ServerBuilder>();

    owned::<Ctx>();
    token::<CtxHandle>();
    shared::<CtxBuilder>();

    shared::<Msg>();
    token::<RoutingId>();
    shared::<Group>();
    shared::<Endpoint>();
    token::<Period>();
    token::<ErrorKind>();
    shared::<Heartbeat>();

    an_error::<Error>();
    an_error::<Error<Msg>>();
    an_error::<Error<Ctx>>();
    becomes::<Error<Msg>, Error>();
    becomes::<Error<Msg>, io::Error>();
    becomes::<Error, io::Error>();
};

#[test]
fn messages_sockets_and_handles_have_their_documented_sizes() {
    assert_eq!(size_of::<Msg>(), 64);
    assert_eq!(size_of::<Option<RoutingId>>(), 4);
    assert_eq!(size_of::<Client>(), size_of::<usize>());
    assert_eq!(size_of::<Server>(), size_of::<usize>());
    assert_eq!(size_of::<CtxHandle>(), 8);
}
