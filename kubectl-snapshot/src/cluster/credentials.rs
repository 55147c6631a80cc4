//! Errors of obtaining credentials: of a credential plugin, what it says itself, and never
//! what it printed or was given.

use kube::{client::AuthError, config::ExecConfig};

use crate::causes::on_one_line;

/// The reason why credentials cannot be sent.
pub(super) const UNSENDABLE: &str =
    "cannot be sent: it has a character that no HTTP header can hold, such as a line break";

/// ` of the credential plugin corp-login`, where there is one.
pub(super) fn of(plugin: Option<&ExecConfig>) -> String {
    let command = plugin.and_then(|plugin| plugin.command.as_deref());
    command.map_or_else(String::new, |command| format!(" of the credential plugin {command}"))
}

/// Reason why credentials cannot be had, of a plugin where one is known.
pub(super) fn refused(error: &AuthError, plugin: Option<&ExecConfig>) -> String {
    let command = plugin.and_then(|plugin| plugin.command.as_deref());
    let named = command.map_or_else(String::new, |command| format!(" {command}"));
    match error {
        AuthError::AuthExecStart(cause) => {
            let hint = plugin.and_then(|plugin| plugin.install_hint.as_deref());
            let hint = hint.map_or_else(
                || "install it, or choose another user".to_owned(),
                |hint| hint.trim().to_owned(),
            );
            format!("the credential plugin{named} cannot be run: {cause}; {hint}")
        }
        AuthError::AuthExecRun { out, .. } => {
            let said = String::from_utf8_lossy(&out.stderr);
            let said = said.trim();
            let said = if said.is_empty() { String::new() } else { format!(": {said}") };
            format!("the credential plugin{named} failed ({}){said}", out.status)
        }
        // What it printed instead may be a token.
        AuthError::AuthExecParse(_) => {
            format!("the credential plugin{named} printed something else than an ExecCredential")
        }
        AuthError::ExecPluginFailed => {
            format!("the credential plugin{named} printed an ExecCredential without a status")
        }
        AuthError::InvalidBearerToken(_) | AuthError::InvalidBasicAuth(_) => {
            format!("the token{} {UNSENDABLE}", of(plugin))
        }
        other => format!("the credentials cannot be had: {}", on_one_line(other)),
    }
}
