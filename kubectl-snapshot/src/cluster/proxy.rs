//! The way to the server: a proxy, where one is named.
//!
//! As kubectl has it: what the kubeconfig names is used for its cluster, whatever
//! the environment says. Else `HTTPS_PROXY` is asked, but neither for what
//! `NO_PROXY` lists nor for this machine, where a proxy would look for itself.

use std::{env, net::IpAddr};

use http::Uri;
use hyper_util::client::proxy::matcher::Matcher;

use super::ClusterError;

/// Schemes that a proxy can have.
const SCHEMES: [&str; 3] = ["http", "https", "socks5"];

/// The proxy for `server`, where `named` is the kubeconfig's.
pub(super) fn proxy(named: Option<&str>, server: &Uri) -> Result<Option<Uri>, ClusterError> {
    if let Some(named) = named.filter(|named| !named.is_empty()) {
        return read(named, "proxy-url").map(Some);
    }
    let variable = if server.scheme_str() == Some("http") { "HTTP_PROXY" } else { "HTTPS_PROXY" };
    let text = from_environment(variable);
    if text.is_empty() || is_this_machine(server) {
        return Ok(None);
    }
    let matcher = Matcher::builder().all(text.as_str()).no(from_environment("NO_PROXY")).build();
    match matcher.intercept(server) {
        Some(_) => read(&text, variable).map(Some),
        None => Ok(None),
    }
}

/// A variable in either spelling.
fn from_environment(name: &str) -> String {
    [name.to_owned(), name.to_lowercase()]
        .iter()
        .find_map(|name| env::var(name).ok().filter(|text| !text.is_empty()))
        .unwrap_or_default()
}

fn is_this_machine(server: &Uri) -> bool {
    let host = server.host().unwrap_or_default().trim_matches(['[', ']']);
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// A proxy's address, of which a password is never repeated.
fn read(text: &str, source: &str) -> Result<Uri, ClusterError> {
    let text = if text.contains("://") { text.to_owned() } else { format!("http://{text}") };
    let refused = || {
        ClusterError::Kubeconfig(format!(
            "{source} does not name a proxy; expected http://, https:// or socks5://, then HOST:PORT"
        ))
    };
    let uri: Uri = text.parse().map_err(|_| refused())?;
    let known = uri.scheme_str().is_some_and(|scheme| SCHEMES.contains(&scheme));
    if known && uri.host().is_some_and(|host| !host.is_empty()) { Ok(uri) } else { Err(refused()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_proxies() {
        let uri = |text: &str| read(text, "proxy-url").map(|uri| uri.to_string());
        assert_eq!(uri("proxy.corp:3128").unwrap(), "http://proxy.corp:3128/");
        assert_eq!(uri("socks5://127.0.0.1:1080").unwrap(), "socks5://127.0.0.1:1080/");
        for wrong in ["ftp://anna:secret@proxy", "http://", "a b"] {
            let error = uri(wrong).unwrap_err().to_string();
            assert!(error.contains("proxy-url") && !error.contains("secret"), "{error}");
        }
    }

    #[test]
    fn this_machine_is_reached_without() {
        for (server, own) in [
            ("https://127.0.0.1:6443", true),
            ("https://[::1]:6443", true),
            ("https://localhost", true),
            ("https://10.0.0.1", false),
            ("https://localhost.corp", false),
        ] {
            assert_eq!(is_this_machine(&server.parse().unwrap()), own, "{server}");
        }
    }
}
