//! Tokens of flag systems: of the environment, else of the Secret that the source names.

use std::env;

use snapshot_core::flag_source::{FlagSource, SecretRef};

use crate::{
    app::{App, AppError, Failure},
    cluster,
    sources::flag_systems::{Token, Tokens},
};

/// The members of a Secret.
const URL: &str = "url";
const TOKEN: &str = "token";
const ADMIN: &str = "admin-token";

/// The tokens of a source, read when they are used.
pub(in crate::app) async fn tokens(app: &App, source: &FlagSource) -> Result<Tokens, Failure> {
    let of_environment = |name: String| env::var(name).ok().and_then(|text| Token::of(&text));
    let read = of_environment(source.token_variable());
    let admin = of_environment(source.admin_token_variable());
    let Some(secret) = &source.secret else { return Ok(Tokens { read, admin }) };
    if read.is_some() && admin.is_some() {
        return Ok(Tokens { read, admin });
    }
    let found = match of_secret(app, source, secret).await {
        Ok(found) => found,
        // What the environment has is enough, as far as it goes.
        Err(_) if read.is_some() => Tokens::default(),
        Err(failure) => return Err(failure),
    };
    Ok(Tokens { read: read.or(found.read), admin: admin.or(found.admin) })
}

async fn of_secret(app: &App, source: &FlagSource, secret: &SecretRef) -> Result<Tokens, Failure> {
    let connection = app.connections.connected().await?;
    let own = app.connections.store_namespace().unwrap_or_else(|| connection.namespace());
    let namespace = secret.namespace.as_deref().unwrap_or(own);
    let about = |failure: Failure| failure.about(format!("flag source {}", source.name));
    let found = cluster::secret(&connection, namespace, &secret.name).await;
    let found = found.map_err(|error| about(error.into()))?;
    let wrong = |problem: &'static str| {
        let error = AppError::TokenSecret {
            source_name: source.name.clone(),
            secret: format!("{namespace}/{}", secret.name),
            url: source.url.clone(),
            problem,
        };
        Failure::from(error)
    };
    let Some(data) = found else { return Err(wrong("is not there")) };
    let text = |member: &str| data.get(member).map(|text| text.trim().trim_end_matches('/'));
    match text(URL) {
        None => return Err(wrong("does not say by its member url where its token may be sent")),
        Some(url) if url != source.url.as_ref() => {
            return Err(wrong(
                "is for another address: its member url says where its token may be sent",
            ));
        }
        Some(_) => {}
    }
    let token = |member: &str| data.get(member).and_then(|text| Token::of(text));
    if token(TOKEN).is_none() {
        return Err(wrong("has no member token"));
    }
    Ok(Tokens { read: token(TOKEN), admin: token(ADMIN) })
}
