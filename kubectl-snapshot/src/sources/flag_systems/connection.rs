//! A way to a flag system, with a token.

use std::time::Duration;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::{
    Client, Method, RequestBuilder, Response, StatusCode,
    header::{ETAG, LOCATION},
    redirect::Policy,
};
use rustls::crypto::ring;
use serde_json::Value;
use snapshot_core::{flag_source::FlagSource, flags::StrangeAnswer};
use tokio::time::Instant;

use super::{
    FlagSystemError, Token, Tokens,
    error::{Problem, message},
};

/// Timeout of connecting.
const CONNECT: Duration = Duration::from_secs(10);
/// Timeout of a request, unless the user sets another.
const PATIENCE: Duration = Duration::from_secs(30);
/// The longest answer that is taken: a hundred times that of ten thousand flags.
const LARGEST: usize = 512 * 1024 * 1024;
/// The longest answer to a refused request that is read.
const LONGEST_REFUSAL: usize = 64 * 1024;

/// The characters that mean something in a path.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// A way to one flag system.
pub(super) struct Connection<'a> {
    pub(super) source: &'a FlagSource,
    pub(super) tokens: &'a Tokens,
    client: Client,
}

/// An answer that was given in full.
pub(super) struct Answer {
    pub(super) body: Vec<u8>,
    /// Entity tag, where it has one.
    pub(super) tag: Option<String>,
}

impl<'a> Connection<'a> {
    pub(super) fn open(
        source: &'a FlagSource,
        tokens: &'a Tokens,
        patience: Option<Duration>,
    ) -> Result<Self, FlagSystemError> {
        let patience = patience.unwrap_or(PATIENCE);
        // The HTTP client takes the process's provider; another that is there does as well.
        let _ = ring::default_provider().install_default();
        let client = Client::builder()
            .user_agent(concat!("kubectl-snapshot/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(patience.min(CONNECT))
            .timeout(patience)
            // A token must not follow to wherever an answer leads.
            .redirect(Policy::none())
            .build()
            .map_err(|error| FlagSystemError::new(source, Problem::of_request(&error)))?;
        Ok(Self { source, tokens, client })
    }

    /// An error of this system.
    pub(super) fn error(&self, problem: Problem) -> FlagSystemError {
        FlagSystemError::new(self.source, problem)
    }

    /// An answer that is none of the system's.
    pub(super) fn strange(&self, error: StrangeAnswer) -> FlagSystemError {
        self.error(Problem::Strange(error))
    }

    /// Reads what a path has.
    pub(super) async fn get(
        &self,
        path: &str,
        token: Option<&Token>,
    ) -> Result<Answer, FlagSystemError> {
        self.send(Method::GET, path, token, None).await
    }

    /// Sends a request.
    pub(super) async fn send(
        &self,
        method: Method,
        path: &str,
        token: Option<&Token>,
        body: Option<&Value>,
    ) -> Result<Answer, FlagSystemError> {
        let begun = Instant::now();
        let address = format!("{}{path}", self.source.url);
        let mut request = self.client.request(method.clone(), &address);
        if let Some(body) = body {
            request = request.header("content-type", "application/json").body(body.to_string());
        }
        let answer = self.answer(request, token).await;
        let took = begun.elapsed().as_millis();
        let (status, bytes) = match &answer {
            Ok((status, answer)) => (status.as_u16(), answer.body.len()),
            Err(_) => (0, 0),
        };
        tracing::debug!("{method} {address} {status} {bytes} bytes in {took} ms");
        let (status, answer) = answer.map_err(|problem| self.error(problem))?;
        if status.is_success() {
            return Ok(answer);
        }
        let said = message(&answer.body, token);
        Err(self.error(match status {
            StatusCode::UNAUTHORIZED if token.is_none() => Problem::NoToken,
            StatusCode::UNAUTHORIZED => Problem::Unauthorised(said),
            StatusCode::FORBIDDEN => Problem::Forbidden(said),
            StatusCode::NOT_FOUND => Problem::NotThere(said),
            StatusCode::CONFLICT => Problem::Moved(said),
            status => Problem::Refused { status: status.as_u16(), said },
        }))
    }

    async fn answer(
        &self,
        mut request: RequestBuilder,
        token: Option<&Token>,
    ) -> Result<(StatusCode, Answer), Problem> {
        if let Some(token) = token {
            if !token.is_sendable() {
                return Err(Problem::SenselessToken);
            }
            request = request.bearer_auth(&**token);
        }
        let response = request.send().await.map_err(|error| Problem::of_request(&error))?;
        let status = response.status();
        if status.is_redirection() && status != StatusCode::NOT_MODIFIED {
            return Err(Problem::Redirected(host_of(&response)));
        }
        let tag = response.headers().get(ETAG).and_then(|tag| tag.to_str().ok());
        let tag = tag.map(str::to_owned);
        let limit = if status.is_success() { LARGEST } else { LONGEST_REFUSAL };
        let body = body(response, limit).await?;
        Ok((status, Answer { body, tag }))
    }
}

/// Reads a body; of a refusal, as much as is of use.
async fn body(mut response: Response, limit: usize) -> Result<Vec<u8>, Problem> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| Problem::of_request(&error))? {
        if body.len() + chunk.len() > limit {
            if limit == LONGEST_REFUSAL {
                break;
            }
            return Err(Problem::TooLarge(limit / (1024 * 1024)));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// ` to sso.example`: the host alone, for the rest may hold a secret.
fn host_of(response: &Response) -> String {
    let location = response.headers().get(LOCATION).and_then(|text| text.to_str().ok());
    let host = location.and_then(|text| text.split_once("://")).map(|(_, rest)| {
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        authority.rsplit('@').next().unwrap_or_default().to_owned()
    });
    host.map_or_else(String::new, |host| format!(" to {host}"))
}

/// A text as one segment of a path.
pub(super) fn encoded(text: &str) -> String {
    utf8_percent_encode(text, SEGMENT).to_string()
}
