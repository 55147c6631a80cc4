//! The flags that every command takes, as kubectl has them.

use std::{path::PathBuf, time::Duration};

use clap::{ArgMatches, Args, FromArgMatches, builder::FalseyValueParser, parser::ValueSource};
use jiff::SignedDuration;

use crate::{app::STORE_NAMESPACE, cluster::ConnectOptions, commands::complete};

/// Flags of every command.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Global options")]
pub struct GlobalArgs {
    /// The namespace to work in, or for capture and live several: shop,payments [default: the context's]
    #[arg(short, long, global = true, value_name = "NAMESPACE", add = complete::namespace())]
    pub namespace: Option<String>,
    /// The kubeconfig's context to use
    #[arg(long, global = true, add = complete::context())]
    pub context: Option<String>,
    /// The kubeconfig file
    #[arg(long, global = true, value_name = "FILE", add = complete::file())]
    pub kubeconfig: Option<PathBuf>,
    /// The kubeconfig's cluster to use
    #[arg(long, global = true, hide_short_help = true, add = complete::cluster())]
    pub cluster: Option<String>,
    /// The kubeconfig's user to use
    #[arg(long, global = true, hide_short_help = true, add = complete::user())]
    pub user: Option<String>,
    /// User to impersonate
    #[arg(long = "as", global = true, value_name = "USER", hide_short_help = true)]
    pub impersonate: Option<String>,
    /// Group to impersonate, can be repeated
    #[arg(long = "as-group", global = true, value_name = "GROUP", hide_short_help = true)]
    pub impersonate_groups: Vec<String>,
    /// UID to impersonate
    #[arg(long = "as-uid", global = true, value_name = "UID", hide_short_help = true)]
    pub impersonate_uid: Option<String>,
    /// The API server's address
    #[arg(long, global = true, value_name = "URL", hide_short_help = true)]
    pub server: Option<String>,
    /// Bearer token for the API server
    #[arg(long, global = true, hide_short_help = true)]
    pub token: Option<String>,
    /// The name that the server's certificate must bear
    #[arg(long, global = true, value_name = "NAME", hide_short_help = true)]
    pub tls_server_name: Option<String>,
    /// The certificate authority's file
    #[arg(long, global = true, value_name = "FILE", hide_short_help = true, add = complete::file())]
    pub certificate_authority: Option<PathBuf>,
    /// Do not check the server's certificate
    #[arg(long, global = true, hide_short_help = true)]
    pub insecure_skip_tls_verify: bool,
    /// How long a single request may take: 30s, 2m; 0 for no limit
    #[arg(long, global = true, value_name = "DURATION", value_parser = duration, default_value = "0", hide_default_value = true, hide_short_help = true)]
    pub request_timeout: Duration,
    /// Ask the server not to compress its answers
    #[arg(long, global = true, hide_short_help = true)]
    pub disable_compression: bool,
    /// The store: a directory of files instead of ConfigMaps
    #[arg(long, global = true, value_name = "DIR", env = "KUBECTL_SNAPSHOT_STORE_DIR", add = complete::file())]
    pub store: Option<PathBuf>,
    /// The namespace of the store's ConfigMaps
    #[arg(long, global = true, value_name = "NAMESPACE", env = "KUBECTL_SNAPSHOT_STORE", default_value = STORE_NAMESPACE, add = complete::namespace())]
    pub store_namespace: String,
    /// Ask no registry about images: what they were built from is told from what is known, and tags are kept as they are written
    #[arg(long, global = true, env = "KUBECTL_SNAPSHOT_OFFLINE", value_parser = FalseyValueParser::new(), hide_short_help = true)]
    pub offline: bool,
    /// When to use colour
    #[arg(
        long,
        global = true,
        value_name = "WHEN",
        env = "KUBECTL_SNAPSHOT_COLOR",
        default_value = "auto"
    )]
    pub color: ColorChoice,
}

/// Use of colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum ColorChoice {
    /// On a terminal, unless `NO_COLOR` is set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

impl From<ColorChoice> for crate::ui::ColorChoice {
    fn from(choice: ColorChoice) -> Self {
        match choice {
            ColorChoice::Auto => Self::Auto,
            ColorChoice::Always => Self::Always,
            ColorChoice::Never => Self::Never,
        }
    }
}

impl GlobalArgs {
    /// The flags of a command line, in which what is typed goes before what the
    /// environment says: a namespace that is named is the store, whatever directory is set.
    pub(super) fn of(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let mut globals = Self::from_arg_matches(matches)?;
        if matches.value_source("store_namespace") == Some(ValueSource::CommandLine)
            && matches.value_source("store") == Some(ValueSource::EnvVariable)
        {
            globals.store = None;
        }
        Ok(globals)
    }

    /// The namespaces that are named, as they were typed.
    #[must_use]
    pub fn namespaces(&self) -> Vec<String> {
        self.namespace.iter().flat_map(|names| names.split(',')).map(str::to_owned).collect()
    }

    /// Connection options in these flags.
    #[must_use]
    pub fn connect_options(&self) -> ConnectOptions {
        ConnectOptions {
            kubeconfig: self.kubeconfig.clone(),
            context: self.context.clone(),
            cluster: self.cluster.clone(),
            user: self.user.clone(),
            namespace: self.namespace.clone().filter(|name| !name.contains(',')),
            impersonate: self.impersonate.clone(),
            impersonate_groups: self.impersonate_groups.clone(),
            impersonate_uid: self.impersonate_uid.clone(),
            server: self.server.clone(),
            token: self.token.clone(),
            tls_server_name: self.tls_server_name.clone(),
            certificate_authority: self.certificate_authority.clone(),
            insecure_skip_tls_verify: self.insecure_skip_tls_verify,
            request_timeout: (!self.request_timeout.is_zero()).then_some(self.request_timeout),
            disable_compression: self.disable_compression,
            field_manager: "kubectl-snapshot".to_owned(),
            unattended: false,
        }
    }
}

/// A duration as kubectl takes it: `90s`, `5m`, `1h30m`, `1.5h`, or seconds alone.
pub(super) fn duration(text: &str) -> Result<Duration, String> {
    if let Ok(seconds) = text.parse() {
        return Ok(Duration::from_secs(seconds));
    }
    let duration = text.parse::<SignedDuration>().ok();
    duration
        .and_then(|duration| Duration::try_from(duration).ok())
        .ok_or_else(|| format!("{text:?} is not a duration: use 30s, 5m or 1h30m"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_as_kubectl_takes_them() {
        assert_eq!(duration("90"), Ok(Duration::from_secs(90)));
        assert_eq!(duration("1h30m"), Ok(Duration::from_mins(90)));
        assert_eq!(duration("1.5h"), Ok(Duration::from_mins(90)));
        assert_eq!(duration("250ms"), Ok(Duration::from_millis(250)));
        for wrong in ["", "5x", "m", "-5m", "5m ago", "99999999999999999999s"] {
            assert!(duration(wrong).is_err(), "{wrong}");
        }
    }
}
