//! Errors of asking flag systems.

use std::error::Error;

use snapshot_core::{
    flag_source::{FlagSource, SystemType},
    flags::StrangeAnswer,
    name::FlagSourceName,
    visible,
};

use super::Token;
use crate::causes::{Fault, innermost};

/// The longest text of a flag system that is repeated, in characters.
const LONGEST: usize = 200;

/// Error: a flag system does not do what was asked.
#[derive(Debug, thiserror::Error)]
#[error("flag source {source_name} ({url}): {problem}")]
pub struct FlagSystemError {
    /// Name of the source.
    pub source_name: FlagSourceName,
    url: String,
    /// The problem.
    pub problem: Problem,
    /// The flag system.
    pub system: SystemType,
}

/// Problem of a request to a flag system.
#[derive(Debug, thiserror::Error)]
pub enum Problem {
    /// No connection, or a broken one.
    #[error("it cannot be reached: {cause}")]
    Unreachable {
        /// The part of the connection that fails.
        fault: Fault,
        /// The innermost cause.
        cause: String,
    },
    /// Timeout.
    #[error("it takes too long to answer")]
    TimedOut,
    /// No token is known, and one is needed.
    #[error("it wants a token, and none is known")]
    NoToken,
    /// A token that no header can hold.
    #[error("its token has characters that no token has")]
    SenselessToken,
    /// The token is not known there.
    #[error("it does not know the token (401): {0}")]
    Unauthorised(String),
    /// The token may not do that.
    #[error("the token may not do this (403): {0}")]
    Forbidden(String),
    /// The kind of token is another one.
    #[error("{0}")]
    WrongToken(String),
    /// Something is not there.
    #[error("{0}")]
    NotThere(String),
    /// A redirect, as to a login page. Nobody follows it: the token would go along.
    #[error("it answers with a redirect{0}, as login pages do: it is not followed")]
    Redirected(String),
    /// The answer is longer than is taken.
    #[error("its answer has more than {0} MB")]
    TooLarge(usize),
    /// Another status.
    #[error("it answers {status}: {said}")]
    Refused {
        /// The status.
        status: u16,
        /// Message of the system.
        said: String,
    },
    /// The answer is not one of the system's.
    #[error(transparent)]
    Strange(StrangeAnswer),
    /// The flag has moved while it was switched.
    #[error("{0}")]
    Moved(String),
    /// The flag was switched, and what services are told cannot be seen.
    #[error("the flag is switched, and what services are told cannot be seen: {0}")]
    Unseen(Box<Problem>),
    /// A switch that would do something else than was asked for.
    #[error("{0}")]
    Unswitchable(String),
}

impl FlagSystemError {
    /// True where the flag was switched, and the look at what is served has failed.
    #[must_use]
    pub fn is_about_the_look(&self) -> bool {
        matches!(self.problem, Problem::Unseen(_))
    }

    /// The error of a look at what is served, once the flag is switched.
    pub(super) fn after_the_switch(self) -> Self {
        Self { problem: Problem::Unseen(Box::new(self.problem)), ..self }
    }

    /// A problem of a source.
    pub(super) fn new(source: &FlagSource, problem: Problem) -> Self {
        Self {
            source_name: source.name.clone(),
            url: source.url.to_string(),
            problem,
            system: source.system,
        }
    }
}

impl Problem {
    /// The problem of a request that got no answer.
    pub(super) fn of_request(error: &reqwest::Error) -> Self {
        if error.is_timeout() {
            return Self::TimedOut;
        }
        // Those around it name URLs.
        let cause = innermost(error as &(dyn Error + 'static)).to_string();
        Self::Unreachable { fault: Fault::of(error), cause }
    }
}

/// The message in the body of an answer, without what the request may have given away.
pub(super) fn message(body: &[u8], token: Option<&Token>) -> String {
    let parsed = serde_json::from_slice::<serde_json::Value>(body).ok();
    let member = parsed.as_ref().and_then(|body| {
        let detail = body.pointer("/details/0/message").and_then(serde_json::Value::as_str);
        detail.or_else(|| body.get("message")?.as_str())
    });
    let text = member.map_or_else(|| String::from_utf8_lossy(body).into_owned(), str::to_owned);
    let text = match token {
        Some(token) => text.replace(&**token, "…"),
        None => text,
    };
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let line = visible::line(&line).into_owned();
    if line.is_empty() {
        return "it says nothing more".to_owned();
    }
    if line.chars().count() > LONGEST {
        return line.chars().take(LONGEST).chain(['…']).collect();
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_short_and_holds_no_token() {
        let token = Token::of("hunter2");
        let said = |text: &str| message(text.as_bytes(), token.as_ref());
        assert_eq!(said(r#"{"message": "no hunter2 here"}"#), "no … here");
        assert_eq!(said(r#"{"message": "a", "details": [{"message": "b"}]}"#), "b");
        assert_eq!(said(""), "it says nothing more");
        assert_eq!(said("a\n\tb"), "a b");
        assert!(said(&"x".repeat(1000)).chars().count() == LONGEST + 1);
    }
}
