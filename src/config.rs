//! The configurations of `libzmq` 0.2 by their names: each is the builder itself, which the feature
//! `serde` makes a file format.

pub use crate::{
    auth::AuthConfig,
    ctx::CtxConfig,
    socket::{
        ChannelConfig, ClientConfig, DealerConfig, DgramConfig, DishConfig, GatherConfig,
        PairConfig, PeerConfig, PubConfig, PullConfig, PushConfig, RadioConfig, RepConfig,
        ReqConfig, RouterConfig, ScatterConfig, ServerConfig, StreamConfig, SubConfig, XPubConfig,
        XSubConfig,
    },
};
