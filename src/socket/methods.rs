//! The list of methods on the page of each socket type. Most are methods of traits, which rustdoc
//! hides behind the names of the traits.

/// The list for a type with these capabilities, as Markdown.
macro_rules! methods {
    ($name:ident $($capability:ident)*) => {
        concat!(
            "# Methods of traits\n",
            "With the traits of the [`prelude`](crate::prelude) in scope, a `", stringify!($name),
            "` has these methods besides its own below. In an async runtime, use ",
            "[`Async`](crate#async).\n\n",
            "| Task | Methods |\n",
            "|:---|:---|\n",
            $(methods_of!($capability),)*
            methods_of!(Socket),
            methods_of!(Monitored),
        )
    };
}

/// The rows of one capability, whose name is the name of the trait.
macro_rules! methods_of {
    (Socket) => {
        concat!(
            method_row!("Connect and bind",
                Socket: connect bind bind_endpoint last_endpoint disconnect unbind),
            method_row!("Wait", Socket: poll),
            method_row!("Options", Socket: get set get_raw set_raw),
            method_row!("Security", Socket: set_mechanism mechanism try_mechanism),
        )
    };
    (Monitored) => {
        method_row!("Connection events", Monitored: monitor connect_and_wait stop_monitor)
    };
    (SendMsg) => {
        method_row!("Send", SendMsg: send try_send send_msg_timeout send_many try_send_many)
    };
    (SendMultipart) => {
        method_row!("Send multipart",
            SendMultipart: send_multipart try_send_multipart send_multipart_timeout)
    };
    (Sends) => {
        method_row!("Sending limits", Sends: set_send_timeout send_timeout set_send_hwm send_hwm)
    };
    (RecvMsg) => {
        method_row!("Receive",
            RecvMsg: recv_msg try_recv_msg recv_msg_timeout recv try_recv recv_many try_recv_many
            recv_string recv_bytes recv_into)
    };
    (RecvMultipart) => {
        method_row!("Receive multipart",
            RecvMultipart: recv_multipart try_recv_multipart recv_multipart_timeout)
    };
    (Receives) => {
        concat!(
            method_row!("Receiving limits",
                Receives: set_recv_timeout recv_timeout set_recv_hwm recv_hwm set_spin spin),
            method_row!("Stop receiving", Receives: stop_receiving stopper),
        )
    };
    (Heartbeating) => { method_row!("Heartbeats", Heartbeating: set_heartbeat heartbeat) };
    // Others have no methods in traits.
    ($other:ident) => { "" };
}

/// A row: a task, and links to the methods of a trait.
macro_rules! method_row {
    ($task:literal, $trait:ident: $first:ident $($method:ident)*) => {
        concat!(
            "| ", $task, " | ",
            "[`", stringify!($first), "`](crate::prelude::", stringify!($trait), "::",
            stringify!($first), ")",
            $(
                ", [`", stringify!($method), "`](crate::prelude::", stringify!($trait), "::",
                stringify!($method), ")",
            )*
            " |\n",
        )
    };
}

#[cfg(test)]
mod tests {
    #[test]
    fn list_of_methods_has_every_method_of_the_traits() {
        let (list, _) = include_str!("methods.rs").split_once("#[cfg(test)]").unwrap_or_default();
        let is_word = |c: char| c.is_alphanumeric() || c == '_';
        let listed: Vec<&str> = list.split(|c| !is_word(c)).collect();

        let mut count = 0;
        for source in [
            include_str!("mod.rs"),
            include_str!("send.rs"),
            include_str!("recv/mod.rs"),
            include_str!("heartbeat.rs"),
        ] {
            let mut within_trait = false;
            for line in source.lines() {
                within_trait = (within_trait || line.starts_with("pub trait ")) && line != "}";
                let Some(method) = line.strip_prefix("    fn ").filter(|_| within_trait) else {
                    continue;
                };
                let name = method.split(|c| !is_word(c)).next().unwrap_or_default();
                // `ctx` is a method of each type itself.
                assert!(listed.contains(&name) || name == "ctx", "{name} is missing");
                count += 1;
            }
        }
        assert!(count > 40, "only {count} methods were found");
    }
}
