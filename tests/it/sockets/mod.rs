//! Each type of socket keeps the rules that its page of documentation states.

mod churn;
mod datagrams;
mod endpoints;
mod groups;
mod half_messages;
mod link;
mod many;
mod multipart;
mod options;
mod pairs;
mod peers;
mod pipelines;
mod publications;
mod queues;
mod requests;
mod routers;
mod streams;
mod threads;
