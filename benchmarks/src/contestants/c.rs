//! libzmq through its C functions, with its default options, checked as carefully as a C program
//! would.

use std::ffi::{CStr, CString, c_int, c_void};
use std::hint::black_box;
use std::mem::MaybeUninit;
use std::time::Duration;
use std::{ptr, slice, thread};

use contestant::{Job, Pattern, Work, threads};
use libzmq_sys as sys;

pub use super::api::Api;

const GROUP: &CStr = c"group";

/// Runs a job with that libzmq.
pub fn run(api: &'static Api, job: &Job) -> Duration {
    let mut context = Context::new(api);
    let took = match job.work {
        Work::Throughput => throughput(&mut context, job),
        Work::RoundTrip => round_trips(&mut context, job),
    };
    context.end();
    took
}

/// Sends and receives in one thread, for counting instructions.
pub fn alone(api: &'static Api, job: &Job) {
    let mut context = Context::new(api);
    let link = Link::new(&mut context, job);
    let content = job.content();
    let mut msg = Msg::new(api);
    for _ in 0..job.count {
        link.sender.send(&content, &link.to);
        link.receivers[0].recv_content(&mut msg);
        black_box(msg.bytes());
    }
    drop(msg);
    context.end();
}

fn throughput(context: &mut Context, job: &Job) -> Duration {
    let Link { sender, to, receivers } = Link::new(context, job);
    let count = job.count;
    let content = job.content();
    let receive = |receiver: Socket| {
        move || {
            let mut msg = Msg::new(receiver.api);
            for _ in 0..count {
                receiver.recv_content(&mut msg);
                black_box(msg.bytes());
            }
        }
    };
    let send = move || {
        for _ in 0..count {
            sender.send(&content, &to);
        }
    };
    threads(send, receivers.into_iter().map(receive).collect())
}

fn round_trips(context: &mut Context, job: &Job) -> Duration {
    let count = job.count;
    let content = job.content();
    let forth = Link::new(context, job);
    // Sockets that send one way only take a second pair for the way back.
    let back = match job.pattern {
        Pattern::PushPull | Pattern::RadioDish | Pattern::PubSub | Pattern::ScatterGather => {
            Some(Link::new(context, job))
        }
        _ => None,
    };
    let (asks, question, hears) = (forth.sender, forth.receivers[0], forth.to);
    let (answers, answer) = back.as_ref().map_or((question, asks), |b| (b.sender, b.receivers[0]));
    let way_back = back.map(|back| back.to);
    let answer_all = move || {
        let mut msg = Msg::new(question.api);
        for _ in 0..count {
            let from = question.recv_content(&mut msg);
            answers.send(msg.bytes(), way_back.as_ref().unwrap_or(&from));
        }
    };
    let ask_all = move || {
        let mut msg = Msg::new(asks.api);
        for _ in 0..count {
            asks.send(&content, &hears);
            answer.recv_content(&mut msg);
            black_box(msg.bytes());
        }
    };
    threads(answer_all, vec![ask_all])
}

/// A sender whose messages all receivers get.
struct Link {
    sender: Socket,
    to: Address,
    receivers: Vec<Socket>,
}

impl Link {
    fn new(context: &mut Context, job: &Job) -> Self {
        let endpoint = CString::new(job.endpoint()).expect("no NUL in it");
        let (sends, receives) = match job.pattern {
            Pattern::PushPull => (sys::ZMQ_PUSH, sys::ZMQ_PULL),
            Pattern::ReqRep => (sys::ZMQ_REQ, sys::ZMQ_REP),
            Pattern::DealerRouter => (sys::ZMQ_DEALER, sys::ZMQ_ROUTER),
            Pattern::ClientServer => (sys::ZMQ_CLIENT, sys::ZMQ_SERVER),
            Pattern::RadioDish | Pattern::RadioDish10 => (sys::ZMQ_RADIO, sys::ZMQ_DISH),
            Pattern::PubSub | Pattern::PubSub10 => (sys::ZMQ_PUB, sys::ZMQ_SUB),
            Pattern::ScatterGather => (sys::ZMQ_SCATTER, sys::ZMQ_GATHER),
            Pattern::Peer => (sys::ZMQ_PEER, sys::ZMQ_PEER),
            Pattern::Channel => (sys::ZMQ_CHANNEL, sys::ZMQ_CHANNEL),
        };
        let sender = context.socket(sends);
        let receivers: Vec<_> =
            (0..job.pattern.receivers()).map(|_| context.socket(receives)).collect();
        let mut to = Address::None;
        if matches!(sends, sys::ZMQ_PUB | sys::ZMQ_RADIO) {
            // They drop what a queue has no room for.
            sender.set(sys::ZMQ_SNDHWM, 0);
            sender.bind(&endpoint);
            for receiver in &receivers {
                receiver.set(sys::ZMQ_RCVHWM, 0);
                if receives == sys::ZMQ_SUB {
                    receiver.subscribe();
                } else {
                    receiver.join();
                    to = Address::Group;
                }
                receiver.connect(&endpoint);
            }
        } else {
            receivers[0].bind(&endpoint);
            if sends == sys::ZMQ_PEER {
                to = Address::Id(sender.connect_peer(&endpoint));
            } else {
                sender.connect(&endpoint);
            }
        }
        let link = Self { sender, to, receivers };
        link.wait_until_connected();
        link
    }

    /// Sends empty messages until each receiver got one. REQ and REP need not wait.
    fn wait_until_connected(&self) {
        let mut waiting = self.receivers.clone();
        if self.sender.kind == sys::ZMQ_REQ {
            return;
        }
        let mut msg = Msg::new(self.sender.api);
        while !waiting.is_empty() {
            self.sender.send(b"", &self.to);
            thread::sleep(Duration::from_millis(1));
            waiting.retain(|receiver| receiver.recv(&mut msg, sys::ZMQ_DONTWAIT).is_none());
        }
    }
}

/// Where a message goes, or whom an answer goes to.
enum Address {
    None,
    Id(u32),
    Group,
    Identity(Vec<u8>),
}

struct Context {
    api: &'static Api,
    context: *mut c_void,
    sockets: Vec<Socket>,
}

impl Context {
    fn new(api: &'static Api) -> Self {
        // SAFETY: takes nothing.
        let context = unsafe { (api.zmq_ctx_new)() };
        Self { api, context, sockets: Vec::new() }
    }

    fn socket(&mut self, kind: u32) -> Socket {
        // SAFETY: the context is not terminated before `end`.
        let raw = unsafe { (self.api.zmq_socket)(self.context, kind as c_int) };
        assert!(!raw.is_null(), "a socket of type {kind}");
        let socket = Socket { api: self.api, raw, kind };
        self.sockets.push(socket);
        socket
    }

    /// Closes all sockets. No other thread uses them any more.
    fn end(self) {
        for socket in self.sockets {
            socket.set(sys::ZMQ_LINGER, 0);
            // SAFETY: an open socket, which nothing uses after this.
            check(self.api, unsafe { (self.api.zmq_close)(socket.raw) });
        }
        // SAFETY: the last use of the context.
        check(self.api, unsafe { (self.api.zmq_ctx_term)(self.context) });
    }
}

fn check(api: &Api, code: c_int) -> c_int {
    // SAFETY: reads this thread's errno.
    assert!(code >= 0, "errno {}", unsafe { (api.zmq_errno)() });
    code
}

/// An open socket, which its context closes.
#[derive(Clone, Copy)]
struct Socket {
    api: &'static Api,
    raw: *mut c_void,
    kind: u32,
}

// SAFETY: one thread at a time uses each socket, and starting a thread is a full fence.
unsafe impl Send for Socket {}

impl Socket {
    fn set(self, option: u32, value: c_int) {
        self.set_bytes(option, &value.to_ne_bytes());
    }

    fn set_bytes(self, option: u32, value: &[u8]) {
        // SAFETY: the value lives across the call, with its own size.
        check(self.api, unsafe {
            (self.api.zmq_setsockopt)(self.raw, option as c_int, value.as_ptr().cast(), value.len())
        });
    }

    fn subscribe(self) {
        self.set_bytes(sys::ZMQ_SUBSCRIBE, b"");
    }

    fn join(self) {
        // SAFETY: an open socket and a C string.
        check(self.api, unsafe { (self.api.zmq_join)(self.raw, GROUP.as_ptr()) });
    }

    fn bind(self, endpoint: &CStr) {
        // SAFETY: an open socket and a C string.
        check(self.api, unsafe { (self.api.zmq_bind)(self.raw, endpoint.as_ptr()) });
    }

    fn connect(self, endpoint: &CStr) {
        // SAFETY: an open socket and a C string.
        check(self.api, unsafe { (self.api.zmq_connect)(self.raw, endpoint.as_ptr()) });
    }

    fn connect_peer(self, endpoint: &CStr) -> u32 {
        // SAFETY: an open socket and a C string.
        let id = unsafe { (self.api.zmq_connect_peer)(self.raw, endpoint.as_ptr()) };
        assert_ne!(id, 0, "connect_peer");
        id
    }

    #[inline]
    fn send(self, content: &[u8], to: &Address) {
        if let Address::Identity(identity) = to {
            self.send_frame(identity, &Address::None, sys::ZMQ_SNDMORE);
        }
        self.send_frame(content, to, 0);
    }

    #[inline]
    fn send_frame(self, content: &[u8], to: &Address, flags: u32) {
        let api = self.api;
        let mut msg = MaybeUninit::<sys::zmq_msg_t>::uninit();
        let msg = msg.as_mut_ptr();
        // SAFETY: an open socket; the message is initialised before it is used, has room for the
        // content, and is empty after it was sent.
        unsafe {
            check(api, (api.zmq_msg_init_size)(msg, content.len()));
            ptr::copy_nonoverlapping(
                content.as_ptr(),
                (api.zmq_msg_data)(msg).cast(),
                content.len(),
            );
            match *to {
                Address::Id(id) => check(api, (api.zmq_msg_set_routing_id)(msg, id)),
                Address::Group => check(api, (api.zmq_msg_set_group)(msg, GROUP.as_ptr())),
                Address::None | Address::Identity(_) => 0,
            };
            check(api, (api.zmq_msg_send)(msg, self.raw, flags as c_int));
        }
    }

    /// Receives a message that has content, and returns where an answer goes to.
    #[inline]
    fn recv_content(self, msg: &mut Msg) -> Address {
        loop {
            let from = self.recv(msg, 0).expect("it blocks");
            // Empty ones only showed that there is a connection.
            if !msg.bytes().is_empty() {
                return from;
            }
        }
    }

    /// Returns `None` if the flags say not to wait and there is no message.
    #[inline]
    fn recv(self, msg: &mut Msg, flags: u32) -> Option<Address> {
        if !self.recv_frame(msg, flags) {
            return None;
        }
        match self.kind {
            sys::ZMQ_ROUTER => {
                let identity = msg.bytes().to_vec();
                self.recv_frame(msg, 0);
                Some(Address::Identity(identity))
            }
            sys::ZMQ_SERVER | sys::ZMQ_PEER => {
                // SAFETY: an initialised message.
                Some(Address::Id(unsafe { (self.api.zmq_msg_routing_id)(&raw mut msg.raw) }))
            }
            _ => Some(Address::None),
        }
    }

    #[inline]
    fn recv_frame(self, msg: &mut Msg, flags: u32) -> bool {
        // SAFETY: an open socket and an initialised message.
        let size = unsafe { (self.api.zmq_msg_recv)(&raw mut msg.raw, self.raw, flags as c_int) };
        // SAFETY: reads this thread's errno.
        if size < 0 && unsafe { (self.api.zmq_errno)() } == sys::EAGAIN {
            return false;
        }
        check(self.api, size);
        true
    }
}

/// An initialised message.
struct Msg {
    api: &'static Api,
    raw: sys::zmq_msg_t,
}

impl Msg {
    fn new(api: &'static Api) -> Self {
        let mut raw = MaybeUninit::uninit();
        // SAFETY: zmq_msg_init initialises it.
        let raw = unsafe {
            (api.zmq_msg_init)(raw.as_mut_ptr());
            raw.assume_init()
        };
        Self { api, raw }
    }

    #[inline]
    fn bytes(&mut self) -> &[u8] {
        // SAFETY: the content of an initialised message, which stays while it is borrowed.
        unsafe {
            let data = (self.api.zmq_msg_data)(&raw mut self.raw);
            slice::from_raw_parts(data.cast(), (self.api.zmq_msg_size)(&raw const self.raw))
        }
    }
}

impl Drop for Msg {
    fn drop(&mut self) {
        // SAFETY: initialised, and not used again.
        unsafe { (self.api.zmq_msg_close)(&raw mut self.raw) };
    }
}
