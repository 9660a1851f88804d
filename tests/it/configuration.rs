//! Builders read from the formats that configurations are written in.

use std::time::Duration;

use libzmq::{
    auth::{Mechanism, PlainClientCreds},
    config::{ClientConfig, DishConfig, ServerConfig, SubConfig},
    prelude::*,
};
use serde::Deserialize;

/// The sockets of a service.
#[derive(Debug, Deserialize, PartialEq)]
struct Service {
    server: ServerConfig,
    client: ClientConfig,
    weather: SubConfig,
    radio: DishConfig,
}

const TOML: &str = r#"
[server]
bind = ["tcp://127.0.0.1:*", "inproc://configured"]
mechanism = "plain_server"
recv_timeout = "1.5s"
send_hwm = 10
max_msg_size = 1_000_000
tcp_keepalive = true

[client]
connect = "inproc://configured"
linger = "infinite"
heartbeat_interval = "1m30s"
mechanism = { plain_client = { username = "ok", password = "so far" } }

[weather]
subscribe = ["weather.", "alarm"]

[radio]
join = "news"
"#;

const YAML: &str = r#"
server:
  bind:
    - tcp://127.0.0.1:*
    - inproc://configured
  mechanism: plain_server
  recv_timeout: 1.5s
  send_hwm: 10
  max_msg_size: 1000000
  tcp_keepalive: true
client:
  connect: inproc://configured
  linger: infinite
  heartbeat_interval: 1m 30s
  mechanism:
    plain_client:
      username: ok
      password: so far
weather:
  subscribe: [weather., alarm]
radio:
  join: news
"#;

#[test]
fn toml_and_yaml_configure_the_same_sockets() {
    let service: Service = toml::from_str(TOML).unwrap();
    assert_eq!(service, serde_yaml_ng::from_str(YAML).unwrap());

    let server = ServerBuilder::new().with(|server| {
        server
            .bind(["tcp://127.0.0.1:*", "inproc://configured"])
            .mechanism(Mechanism::PlainServer)
            .recv_timeout(Duration::from_millis(1500))
            .send_hwm(10)
            .max_msg_size(1_000_000)
            .tcp_keepalive(true)
    });
    assert_eq!(service.server, server);
    let client = ClientBuilder::new().with(|client| {
        client
            .connect("inproc://configured")
            .linger(Infinite)
            .heartbeat_interval(Duration::from_secs(90))
            .mechanism(PlainClientCreds::new("ok", "so far"))
    });
    assert_eq!(service.client, client);
    let sub = SubBuilder::new().with(|sub| sub.subscribe(["weather.", "alarm"]));
    assert_eq!(service.weather, sub);
    assert_eq!(service.radio, DishBuilder::new().with(|dish| dish.join(Group::new("news").ok())));

    // The builder is the configuration: it builds sockets.
    let server = service.server.build().unwrap();
    assert_eq!(server.recv_timeout().unwrap(), Finite(Duration::from_millis(1500)));
}

#[test]
fn invalid_value_errors_name_the_accepted_values_in_every_format() {
    let cures = [
        toml::from_str::<ServerConfig>("send_hwm = -1").unwrap_err().to_string(),
        serde_yaml_ng::from_str::<ServerConfig>("send_hwm: -1").unwrap_err().to_string(),
        serde_json::from_str::<ServerConfig>(r#"{"send_hwm": -1}"#).unwrap_err().to_string(),
    ];
    for error in cures {
        assert!(error.contains("send_hwm: expected a number of messages from 0"), "{error}");
        assert!(error.contains("not -1"), "{error}");
    }
    let error = toml::from_str::<ServerConfig>("recv_timeout = 1.5").unwrap_err().to_string();
    assert!(error.contains(r#"such as "100ms", "1.5s" or "1m30s""#), "{error}");
    let error =
        toml::from_str::<ServerConfig>("recv_timeout = 1979-05-27").unwrap_err().to_string();
    assert!(error.contains("recv_timeout"), "{error}");
    let error = toml::from_str::<ServerConfig>("heartbeat = 1000").unwrap_err().to_string();
    assert!(error.contains("a map of `interval`"), "{error}");
    let error = toml::from_str::<ServerConfig>("bind = 5555").unwrap_err().to_string();
    assert!(error.contains("bind: expected text, or a list of texts"), "{error}");
}

#[test]
fn option_of_another_socket_type_is_refused_before_its_value_is_read() {
    for value in ["1", r#"["weather"]"#, "{ a = 1 }"] {
        let text = format!("subscribe = {value}");
        let error = toml::from_str::<ServerConfig>(&text).unwrap_err().to_string();
        assert!(error.contains("a Server has no option `subscribe`"), "{error}");
    }
}

#[test]
fn messages_serialize_as_bytes() {
    let parts = Multipart::from([Msg::from("text"), Msg::from([0, 255])]);
    let json = serde_json::to_string(&parts).unwrap();
    assert_eq!(json, "[[116,101,120,116],[0,255]]");
    assert_eq!(serde_json::from_str::<Multipart>(&json).unwrap(), parts);
    assert_eq!(serde_json::from_str::<Msg>(r#""text""#).unwrap(), "text");
}

#[test]
fn mechanisms_parse_from_names_maps_and_tags() {
    let mechanisms = [
        ("null", Mechanism::Null),
        ("!plain_server", Mechanism::PlainServer),
        ("plain_client: { username: a, password: b }", PlainClientCreds::new("a", "b").into()),
        ("!plain_client { username: a, password: b }", PlainClientCreds::new("a", "b").into()),
    ];
    for (yaml, mechanism) in mechanisms {
        assert_eq!(serde_yaml_ng::from_str::<Mechanism>(yaml).unwrap(), mechanism, "{yaml}");
        let written = serde_yaml_ng::to_string(&mechanism).unwrap();
        assert_eq!(serde_yaml_ng::from_str::<Mechanism>(&written).unwrap(), mechanism);
    }
    for (json, cure) in [
        (r#""plain""#, "plain_client"),
        (r#""plain_client""#, "needs its credentials"),
        (r#"{}"#, "missing"),
        (r#"{"plain_client": {"username": "a", "password": "b"}, "null": 1}"#, "besides"),
        ("1", "plain_server"),
    ] {
        let error = serde_json::from_str::<Mechanism>(json).unwrap_err().to_string();
        assert!(error.contains(cure), "{error}");
    }
}
