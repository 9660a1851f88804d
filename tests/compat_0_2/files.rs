//! The configuration files of 0.2 load unchanged.

use libzmq::{config::*, prelude::*};
use serde_json::{Value, from_value, json};

fn same<T>(before: Value, now: Value)
where
    T: serde::de::DeserializeOwned + std::fmt::Debug + PartialEq,
{
    assert_eq!(from_value::<T>(before).unwrap(), from_value::<T>(now).unwrap());
}

#[test]
fn file_of_the_secure_req_rep_example_loads() {
    let public = "n%3)5@(3pzp)v8yt6RW3eQVq5OQYb#TEodD^6oA^";
    let secret = "JiUDa>>owH1+mPTWs=>Jcyt%h.C1E4Js>)(g{geY";
    let theirs = "et189NB9uJC7?J+XU8JRhCbF?gOP9+o%kli=y2b8";

    from_value::<AuthConfig>(json!({ "curve_registry": [public] })).unwrap();
    same::<ClientConfig>(
        json!({
            "connect": [{ "tcp": "127.0.0.1:3000" }],
            "heartbeat": { "interval": "1s", "timeout": "3s", "ttl": "3s" },
            "send_high_water_mark": 10,
            "send_timeout": "300ms",
            "recv_high_water_mark": 100,
            "recv_timeout": "300ms",
            "mechanism": {
                "curve_client": {
                    "client": { "public": public, "secret": secret },
                    "server": theirs,
                },
            },
        }),
        json!({
            "connect": "tcp://127.0.0.1:3000",
            "heartbeat_interval": "1s",
            "heartbeat_timeout": "3s",
            "heartbeat_ttl": "3s",
            "send_hwm": 10,
            "send_timeout": "300ms",
            "recv_hwm": 100,
            "recv_timeout": "300ms",
            "mechanism": {
                "curve_client": {
                    "client": { "public": public, "secret": secret },
                    "server": theirs,
                },
            },
        }),
    );
    let server: ServerConfig = from_value(json!({
        "bind": [{ "tcp": "127.0.0.1:*" }],
        "heartbeat": { "interval": "1s", "timeout": "3s", "ttl": "3s" },
        "mechanism": { "curve_server": { "secret": "iaoRiIVA^VgV:f4a<@{8K{cP62cE:dh=4:oY+^l(" } },
    }))
    .unwrap();
    if cfg!(feature = "curve") {
        assert!(server.build().unwrap().last_endpoint().unwrap().is_tcp());
    }
}

/// 0.2 wrote `null` for what was not set.
#[test]
fn files_that_0_2_wrote_load() {
    same::<ClientConfig>(
        json!({
            "connect": null, "bind": [{ "inproc": "a" }, { "udp": "127.0.0.1:1" }],
            "heartbeat": null, "send_hwm": 1000, "send_timeout": null,
            "recv_hwm": null, "recv_timeout": "1m 30s", "mechanism": "plain_server",
        }),
        json!({
            "bind": ["inproc://a", "udp://127.0.0.1:1"],
            "send_hwm": 1000, "recv_timeout": "90s", "mechanism": "plain_server",
        }),
    );
    same::<ClientConfig>(
        json!({ "heartbeat": { "interval": "2m", "timeout": null, "ttl": null } }),
        json!({ "heartbeat_interval": "120s" }),
    );
    same::<DishConfig>(json!({ "groups": ["a", "b"] }), json!({ "join": ["a", "b"] }));
    same::<DishConfig>(json!({ "groups": null }), json!({}));
    same::<RadioConfig>(json!({ "no_drop": true }), json!({ "wait_for_subscribers": true }));
    same::<AuthConfig>(
        json!({
            "blacklist": null, "whitelist": ["127.0.0.1"], "plain_registry": null,
            "curve_registry": null, "curve_auth": null,
        }),
        json!({ "whitelist": ["127.0.0.1"] }),
    );
    same::<CtxConfig>(json!({ "io_threads": 2, "max_sockets": null }), json!({ "io_threads": 2 }));
}

#[test]
fn misspelt_names_are_errors() {
    for file in [
        json!({ "groups": ["a"] }),
        json!({ "heartbeat": { "interval": "1s", "tll": "1s" } }),
        json!({ "heartbeat": { "timeout": "1s" } }),
        json!({ "bind": [{ "tcp": "127.0.0.1:*", "udp": "127.0.0.1:1" }] }),
        json!({ "bind": [{ "tpc": "127.0.0.1:*" }] }),
        json!({ "recv_timeout": "1 fortnight" }),
    ] {
        assert!(from_value::<ServerConfig>(file.clone()).is_err(), "{file}");
    }
    assert!(from_value::<RadioConfig>(json!({ "heartbeat": { "interval": "1s" } })).is_err());
}
