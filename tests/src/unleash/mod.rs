//! Unleash, a server of feature flags: the real one, with a database of its own.
//!
//! Neither is built or kept here: npm installs the server into the user's cache folder once, and
//! `PostgreSQL` is the tester's.

mod client;
mod postgres;
mod server;
mod tied;

use std::{error, fmt};

use serde_json::{Value, json};

use crate::offline;
use postgres::{Postgres, Programs};
use server::{Installation, Server};

/// An Unleash on a free loopback port, with an empty database; a start takes some seconds.
///
/// It ends when this value is dropped, and with this process however that dies. Its one project
/// is `default`, its environments are `development` and `production`: the open-source edition has
/// no others.
#[derive(Debug)]
pub struct Unleash {
    // Ended in this order.
    server: Server,
    _database: Postgres,
}

/// Reason why Unleash cannot run here, in one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing(String);

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl error::Error for Missing {}

/// Path of the project's flags in the admin API.
const FLAGS: &str = "/api/admin/projects/default/features";

impl Unleash {
    /// Starts one; nothing but [`Missing`] where what it needs is not there. The first start
    /// installs it, which takes a minute.
    ///
    /// # Panics
    /// Where it does not start though all is there, and in offline tests.
    #[track_caller]
    pub fn start() -> Result<Self, Missing> {
        offline::assert_allowed("Unleash");
        // What is quickly found missing first.
        let programs = Programs::find()?;
        let installation = Installation::get()?;
        let database = Postgres::start(&programs);
        let server = Server::start(&installation, database.folder());
        Ok(Self { server, _database: database })
    }

    /// Address of its APIs: `http://127.0.0.1:PORT`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.server.address())
    }

    /// Token that may do everything.
    #[must_use]
    pub fn admin_token() -> &'static str {
        server::ADMIN_TOKEN
    }

    /// Token of a service in an environment of the project, which may read its flags.
    #[must_use]
    pub fn backend_token(environment: &str) -> String {
        server::backend_token(environment)
    }

    /// One request by whoever may do everything: the status, and the body, null where it is
    /// empty.
    ///
    /// # Panics
    /// Where it does not answer.
    #[track_caller]
    #[must_use]
    pub fn admin(&self, method: &str, path: &str, body: Option<&Value>) -> (u16, Value) {
        self.send(Self::admin_token(), method, path, body)
    }

    /// Creates a flag, off everywhere and without strategies.
    ///
    /// # Panics
    /// Where Unleash refuses.
    #[track_caller]
    pub fn create_flag(&self, name: &str) {
        self.succeeds("POST", FLAGS, Some(&json!({"name": name, "type": "release"})));
    }

    /// Adds a strategy to a flag in an environment: what is left out is that of a rollout to
    /// everybody.
    ///
    /// # Panics
    /// Where Unleash refuses.
    #[track_caller]
    pub fn add_strategy(&self, flag: &str, environment: &str, strategy: &Value) {
        let mut whole = json!({
            "name": "flexibleRollout",
            "parameters": {"rollout": "100", "stickiness": "default", "groupId": flag},
        });
        for (name, value) in strategy.as_object().into_iter().flatten() {
            whole[name] = value.clone();
        }
        let path = format!("{FLAGS}/{flag}/environments/{environment}/strategies");
        self.succeeds("POST", &path, Some(&whole));
    }

    /// Switches a flag in an environment. On adds a strategy for everybody where none is enabled.
    ///
    /// # Panics
    /// Where Unleash refuses.
    #[track_caller]
    pub fn switch(&self, flag: &str, environment: &str, on: bool) {
        let state = if on { "on" } else { "off" };
        self.succeeds("POST", &format!("{FLAGS}/{flag}/environments/{environment}/{state}"), None);
    }

    /// Tags a flag, with a type that need not be there before.
    ///
    /// # Panics
    /// Where Unleash refuses.
    #[track_caller]
    pub fn add_tag(&self, flag: &str, kind: &str, value: &str) {
        let created = self.admin("POST", "/api/admin/tag-types", Some(&json!({"name": kind})));
        // It may be there: conflict.
        assert!(matches!(created.0, 201 | 409), "tag type {kind}: {created:?}");
        let tag = json!({"type": kind, "value": value});
        self.succeeds("POST", &format!("/api/admin/features/{flag}/tags"), Some(&tag));
    }

    /// Answer to a service in an environment that asks for all flags. It can be a second behind
    /// what was changed.
    ///
    /// # Panics
    /// Where Unleash refuses.
    #[track_caller]
    #[must_use]
    pub fn client_features(&self, environment: &str) -> Value {
        let token = Self::backend_token(environment);
        let (status, features) = self.send(&token, "GET", "/api/client/features", None);
        assert_eq!(status, 200, "{features}");
        features
    }

    #[track_caller]
    fn succeeds(&self, method: &str, path: &str, body: Option<&Value>) {
        let (status, answer) = self.admin(method, path, body);
        assert!((200..300).contains(&status), "{method} {path}: {status} {answer}");
    }

    #[track_caller]
    fn send(&self, token: &str, method: &str, path: &str, body: Option<&Value>) -> (u16, Value) {
        let answer = client::send(self.server.address(), token, method, path, body);
        answer.unwrap_or_else(|error| panic!("{method} {path}: {error}"))
    }
}
