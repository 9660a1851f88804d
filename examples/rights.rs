//! A `Server` with rights for each user: the certificates in a folder identify the clients that may
//! connect, and their metadata contain the clients' rights. A refused client gets an error from
//! `connect_and_wait`.
//!
//! See the chapter "Security" of the guide.
//!
//! `cargo run --features curve --example rights`

use std::{collections::HashMap, fs, path::Path, process, thread, time::Duration};

use libzmq::{
    auth::{AuthClient, CurveCert, CurveClientCreds, CurveKeyFile, CurveServerCreds},
    prelude::*,
};

const PATIENCE: Duration = Duration::from_secs(10);

fn main() -> Result<(), anyhow::Error> {
    let folder = std::env::temp_dir().join(format!("libzmq-rights-{}", process::id()));
    fs::create_dir_all(folder.join("users"))?;
    let outcome = run(&folder);
    fs::remove_dir_all(folder)?;
    outcome
}

fn run(folder: &Path) -> Result<(), anyhow::Error> {
    // An administrator does this once for each user: the user keeps the file with the secret key,
    // and the server's folder gets the public file, with the user's role.
    for (name, role) in [("anna", "writer"), ("ben", "reader")] {
        let file = CurveKeyFile::new(CurveCert::new_unique())
            .with_metadata("X-Name", name)?
            .with_metadata("X-Role", role)?;
        file.write(folder.join(format!("{name}.key")))?;
        CurveKeyFile::of_public(file.public())
            .with_metadata("X-Name", name)?
            .with_metadata("X-Role", role)?
            .write(folder.join(format!("users/{name}.key")))?;
    }

    let auth = AuthClient::new()?;
    let report = auth.set_curve_folder(folder.join("users"))?;
    println!("{} users are known", report.keys);
    auth.allow(["127.0.0.0/8", "::1"])?;

    let key = CurveCert::new_unique();
    let (server, endpoint) = ServerBuilder::new()
        .mechanism(CurveServerCreds::new(key.secret()))
        .bind("tcp://127.0.0.1:*")
        .build_bound()?;
    let stopper = server.stopper()?;
    let serving = thread::spawn(move || serve(&server));

    let connect = |cert: CurveCert| -> Result<Client, anyhow::Error> {
        let creds = CurveClientCreds::new(key.public()).add_cert(cert);
        let client = ClientBuilder::new().mechanism(creds).recv_timeout(PATIENCE).build()?;
        client.connect_and_wait(&endpoint, PATIENCE)?;
        Ok(client)
    };
    let log_in = |name: &str| -> Result<Client, anyhow::Error> {
        let file = CurveKeyFile::read(folder.join(format!("{name}.key_secret")))?;
        connect(file.cert().ok_or_else(|| anyhow::anyhow!("no secret key"))?)
    };

    let anna = log_in("anna")?;
    println!("anna: {}", ask(&anna, "set color blue")?);
    let ben = log_in("ben")?;
    println!("ben: {}", ask(&ben, "get color")?);
    println!("ben: {}", ask(&ben, "set color red")?);
    // The server's folder has no file with this key.
    match connect(CurveCert::new_unique()) {
        Ok(_) => anyhow::bail!("a stranger was let in"),
        Err(error) => println!("a stranger: {error}"),
    }

    // Removing the file of a user revokes the access.
    fs::remove_file(folder.join("users/ben.key"))?;
    match log_in("ben") {
        Ok(_) => anyhow::bail!("ben was let in again"),
        Err(error) => println!("ben, later: {error}"),
    }

    stopper.stop();
    serving.join().map_err(|_| anyhow::anyhow!("the server panicked"))?
}

fn ask(client: &Client, request: &str) -> Result<String, anyhow::Error> {
    client.send(request)?;
    Ok(client.recv_msg()?.to_str()?.to_owned())
}

/// Answers requests until the stopper stops it.
fn serve(server: &Server) -> Result<(), anyhow::Error> {
    let mut values = HashMap::new();
    loop {
        let request = match server.recv_msg() {
            Ok(request) => request,
            Err(error) if error.is_shutdown() => return Ok(()),
            Err(error) => return Err(error.into()),
        };
        let Some(id) = request.routing_id() else { continue };
        let reply = answer(&request, &mut values);
        // The client may have disconnected: drop its reply.
        match server.route(reply, id) {
            Err(error) if error.kind() != ErrorKind::HostUnreachable => return Err(error.into()),
            _ => (),
        }
    }
}

/// Answers one request. The properties come from the server's folder, so the client cannot forge
/// them.
fn answer(request: &Msg, values: &mut HashMap<String, String>) -> String {
    let name = request.property("X-Name").unwrap_or("somebody");
    let role = request.property("X-Role").unwrap_or_default();
    let words: Vec<_> = request.to_str().unwrap_or_default().split(' ').collect();
    match (role, &*words) {
        ("reader" | "writer", ["get", key]) => {
            values.get(*key).cloned().unwrap_or_else(|| "nothing".to_owned())
        }
        ("writer", ["set", key, value]) => {
            values.insert((*key).to_owned(), (*value).to_owned());
            format!("done, {name}")
        }
        (_, ["set", ..]) => format!("{name} may not do that"),
        _ => "get <key>, or set <key> <value>".to_owned(),
    }
}
