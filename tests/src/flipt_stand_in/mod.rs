//! Stand-in for Flipt v2, whose own server is in no registry: the few calls that matter here, with
//! the answers that were measured of the real one.

mod answers;
mod http;
mod storage;

use std::{
    mem,
    net::TcpListener,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    thread,
};

use serde_json::{Value, json};

use self::{http::Received, storage::Storage};

/// A stand-in for a Flipt on a free loopback port, with an empty namespace `default` in its
/// environment `default`. It ends with this process.
#[derive(Clone, Debug)]
pub struct FliptStandIn {
    address: String,
    state: Arc<Mutex<State>>,
}

/// Manner of answering.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Manner {
    /// The answers of Flipt.
    #[default]
    Willing,
    /// A redirect to a login page.
    Login,
    /// The 503 of a proxy before nothing.
    Unavailable,
}

#[derive(Default)]
struct State {
    storage: Storage,
    token: Option<String>,
    manner: Manner,
    /// Number of the next requests that get no answer.
    silent: usize,
    /// Number of the next evaluations of what was there before the last write.
    behind: usize,
    /// True where evaluation is forbidden.
    no_evaluation: bool,
    /// True where the next write is made, and nobody hears of it.
    loses_put: bool,
    received: Vec<Received>,
    before_put: Option<Hook>,
}

impl std::fmt::Debug for State {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("State").field("storage", &self.storage).finish_non_exhaustive()
    }
}

/// Something that somebody does between a look and a write.
type Hook = Box<dyn FnOnce(&FliptStandIn) + Send>;

impl FliptStandIn {
    /// Starts one that anybody may use.
    ///
    /// # Panics
    /// Where no port can be had.
    #[must_use]
    pub fn new() -> Self {
        Self::with(None)
    }

    /// Starts one that wants this token.
    ///
    /// # Panics
    /// Where no port can be had.
    #[must_use]
    pub fn with_token(token: &str) -> Self {
        Self::with(Some(token.to_owned()))
    }

    fn with(token: Option<String>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("there is a free port");
        let address = listener.local_addr().expect("it is bound").to_string();
        let state = Arc::new(Mutex::new(State { token, ..State::default() }));
        let stand_in = Self { address, state };
        let served = stand_in.clone();
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let served = served.clone();
                thread::spawn(move || drop(http::serve(client, |one| served.answer(one))));
            }
        });
        stand_in
    }

    /// Address of it: `http://127.0.0.1:PORT`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Stores a flag of true and false, without rollouts.
    pub fn set_boolean(&self, key: &str, on: bool) {
        self.set_flag("default", key, json!({"type": "BOOLEAN_FLAG_TYPE", "enabled": on}));
    }

    /// Stores a flag in a namespace, which is made where it is not there.
    pub fn set_flag(&self, namespace: &str, key: &str, payload: Value) {
        self.state().storage.set(("default", namespace), key, payload);
    }

    /// Stores many flags of true and false, all on.
    pub fn set_many(&self, count: usize, metadata: &Value) {
        let payload = json!({"type": "BOOLEAN_FLAG_TYPE", "enabled": true, "metadata": metadata});
        let mut state = self.state();
        for number in 0..count {
            let key = format!("flag-{number:05}");
            state.storage.set(("default", "default"), &key, payload.clone());
        }
    }

    /// Payload of a flag in the namespace `default`.
    ///
    /// # Panics
    /// Where there is none.
    #[must_use]
    #[track_caller]
    pub fn flag(&self, key: &str) -> Value {
        let state = self.state();
        let found = state.storage.get(("default", "default"), key);
        found.cloned().unwrap_or_else(|| panic!("there is no flag {key}"))
    }

    /// Revision of the storage: the hash of its last commit.
    #[must_use]
    pub fn revision(&self) -> String {
        self.state().storage.revision()
    }

    /// Number of requests by a method, however they were answered.
    #[must_use]
    pub fn requests(&self, method: &str) -> usize {
        self.state().received.iter().filter(|one| one.method == method).count()
    }

    /// Bodies of the writes that were asked for, oldest first, however they were answered.
    #[must_use]
    pub fn puts(&self) -> Vec<Value> {
        let state = self.state();
        let puts = state.received.iter().filter(|one| one.method == "PUT");
        puts.map(Received::json).collect()
    }

    /// True if a text came in any request, in whatever place of it.
    #[must_use]
    pub fn has_seen(&self, text: &str) -> bool {
        self.state().received.iter().any(|one| one.holds(text))
    }

    /// Has something done right before the next write is looked at.
    pub fn before_next_put(&self, hook: impl FnOnce(&Self) + Send + 'static) {
        self.state().before_put = Some(Box::new(hook));
    }

    /// Answers everything from now on with a redirect to `https://sso.example/login`.
    pub fn redirect_to_login(&self) {
        self.state().manner = Manner::Login;
    }

    /// Answers everything from now on with 503.
    pub fn be_unavailable(&self) {
        self.state().manner = Manner::Unavailable;
    }

    /// Leaves the next requests without an answer.
    pub fn stay_silent(&self, requests: usize) {
        self.state().silent = requests;
    }

    /// Serves in the next evaluations what was there before the last write.
    pub fn evaluate_behind(&self, evaluations: usize) {
        self.state().behind = evaluations;
    }

    /// Forbids every evaluation from now on, and nothing else.
    pub fn forbid_evaluation(&self) {
        self.state().no_evaluation = true;
    }

    /// Makes the next write, and leaves it without an answer.
    pub fn lose_answer_to_next_put(&self) {
        self.state().loses_put = true;
    }

    /// Answer to a request; none where it stays silent.
    fn answer(&self, received: &Received) -> Option<http::Answer> {
        let hook = {
            let mut state = self.state();
            state.received.push(received.clone());
            if state.silent > 0 {
                state.silent -= 1;
                return None;
            }
            if received.method == "PUT" { state.before_put.take() } else { None }
        };
        // Without the lock: it may look and write itself.
        if let Some(hook) = hook {
            hook(self);
        }
        let mut state = self.state();
        match state.manner {
            Manner::Login => {
                return Some(http::Answer::redirect("https://sso.example/login?next=hunter2"));
            }
            Manner::Unavailable => return Some(http::Answer::text(503, "no healthy upstream")),
            Manner::Willing => {}
        }
        let is_let_in = state.token.as_deref().is_none_or(|token| received.is_bearer(token));
        if !is_let_in {
            return Some(answers::error(401, 16, "request was not authenticated"));
        }
        let State { storage, behind, no_evaluation, loses_put, .. } = &mut *state;
        let is_evaluation = received.path.starts_with("/evaluate/v1/");
        let is_behind = is_evaluation && *behind > 0;
        if is_behind {
            *behind -= 1;
        }
        if is_evaluation && *no_evaluation {
            return Some(answers::error(403, 7, "permission denied"));
        }
        let answer = answers::answer(storage, received, is_behind);
        let is_lost = received.method == "PUT" && mem::take(loses_put);
        (!is_lost).then_some(answer)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Forgets what was asked until now.
    pub fn forget_requests(&self) {
        mem::take(&mut self.state().received);
    }
}

impl Default for FliptStandIn {
    fn default() -> Self {
        Self::new()
    }
}
