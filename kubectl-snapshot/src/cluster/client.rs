//! The client of a connection, with credentials as kubectl takes them.

use std::fs;

use http::HeaderValue;
use kube::{Client, Config, config::AuthInfo};

use super::{
    ClusterError,
    credentials::{UNSENDABLE, of, refused},
    error::shown,
    transport,
};
use crate::panics;

/// The client of a connection. Nothing is sent where its credentials can stand in no header.
pub(super) fn client(mut config: Config) -> Result<Client, ClusterError> {
    let server = shown(&config.cluster_url);
    settle(&mut config.auth_info)?;
    let plugin = config.auth_info.exec.clone();
    // The library panics at what a plugin has printed, and no header can hold.
    let unsendable =
        ClusterError::Kubeconfig(format!("the token{} {UNSENDABLE}", of(plugin.as_ref())));
    let made = panics::standing_for(unsendable.to_string(), || transport::client(config));
    made.map_err(|error| match error {
        kube::Error::Auth(error) => ClusterError::Kubeconfig(refused(&error, plugin.as_ref())),
        error => ClusterError::Kubeconfig(format!(
            "the connection to {server} cannot be set up: {error}"
        )),
    })
}

/// Takes a token as kubectl does: without the white space around it in a file.
fn settle(user: &mut AuthInfo) -> Result<(), ClusterError> {
    if let Some(token) = inline_token(user) {
        return sendable(&token, "");
    }
    let Some(file) = user.token_file.clone() else { return Ok(()) };
    let text = fs::read_to_string(&file).map_err(|error| {
        ClusterError::Kubeconfig(format!("token file {file} cannot be read: {error}"))
    })?;
    let token = token_of(&text, &file)?;
    if token.len() < text.len() {
        // The library would send it as it stands there; what it reads again is left to those
        // that are written without white space, as a pod's are.
        user.token = Some(token.to_owned().into());
        user.token_file = None;
    }
    Ok(())
}

/// The token in the text of a file.
fn token_of<'a>(text: &'a str, file: &str) -> Result<&'a str, ClusterError> {
    let token = text.trim();
    if token.is_empty() {
        return Err(ClusterError::Kubeconfig(format!("token file {file} is empty")));
    }
    sendable(token, &format!(" in {file}")).map(|()| token)
}

fn sendable(token: &str, place: &str) -> Result<(), ClusterError> {
    match HeaderValue::try_from(format!("Bearer {token}")) {
        Ok(_) => Ok(()),
        Err(_) => Err(ClusterError::Kubeconfig(format!("the token{place} {UNSENDABLE}"))),
    }
}

/// The token that a kubeconfig or a flag gives: only its serialized form shows it.
fn inline_token(user: &AuthInfo) -> Option<String> {
    let shown = serde_json::to_value(user).ok()?;
    shown["token"].as_str().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_file_is_taken_without_the_white_space_around() {
        for text in ["s3cr3t", "s3cr3t\n", " s3cr3t\r\n\n"] {
            assert_eq!(token_of(text, "token").unwrap(), "s3cr3t");
        }
        for text in ["", "\n", "s3cr3t\nmore", "s3cr3t\u{1}"] {
            let error = token_of(text, "/run/token").unwrap_err().to_string();
            assert!(error.contains("/run/token") && !error.contains("s3cr3t"), "{error}");
        }
    }

    #[test]
    fn a_token_that_no_header_holds_is_never_sent_or_shown() {
        let settled = |token: &str| {
            let user = serde_json::json!({"token": token});
            settle(&mut serde_json::from_value(user).unwrap())
        };
        assert!(settled("s3cr3t").is_ok());
        let error = settled("s3cr3t\n").unwrap_err().to_string();
        assert!(error.contains("no HTTP header can hold") && !error.contains("s3cr3t"), "{error}");
    }
}
