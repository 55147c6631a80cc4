//! The limits of a policy.

use std::time::Duration;

use clap::Args;
use snapshot_core::manifest::quantity;

use crate::{commands::global::duration, policies::Bounds};

/// Resource limits of a policy.
#[derive(Args, Clone, Copy, Debug)]
pub struct BoundsArgs {
    /// How long a policy may take for one question
    #[arg(long, value_name = "DURATION", env = "KUBECTL_SNAPSHOT_POLICY_TIMEOUT", default_value = "5s", value_parser = positive_duration, hide_short_help = true)]
    policy_timeout: Duration,
    /// How much memory a policy may have: 256Mi, 1Gi
    #[arg(long, value_name = "SIZE", env = "KUBECTL_SNAPSHOT_POLICY_MEMORY", default_value = "256Mi", value_parser = size, hide_short_help = true)]
    policy_memory: usize,
}

impl BoundsArgs {
    pub fn bounds(self) -> Bounds {
        Bounds { time: self.policy_timeout, memory: self.policy_memory }
    }
}

fn positive_duration(text: &str) -> Result<Duration, String> {
    match duration(text)? {
        Duration::ZERO => Err("a policy needs some time: use 5s or more".to_owned()),
        time => Ok(time),
    }
}

/// Bytes, as a quantity of Kubernetes: `256Mi`, `1.5Gi`, or a number alone.
fn size(text: &str) -> Result<usize, String> {
    let bytes = quantity::whole(text)
        .and_then(|bytes| usize::try_from(bytes).ok())
        .ok_or_else(|| format!("{text:?} is not a size: use 256Mi or 1Gi"))?;
    // WebAssembly counts memory in pages of 64 KiB, and a policy needs one at least.
    if bytes < 64 << 10 {
        Err(format!("{text:?} is too little memory for any policy: use 1Mi or more"))
    } else {
        Ok(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_as_kubernetes_writes_them() {
        assert_eq!(size("256Mi"), Ok(256 << 20));
        assert_eq!(size("1Gi"), Ok(1 << 30));
        assert_eq!(size("1.5Gi"), Ok(3 << 29));
        assert_eq!(size("64M"), Ok(64_000_000));
        assert_eq!(size("1048576"), Ok(1 << 20));
        for wrong in ["", "Mi", "-1Gi", "64MB", "99999999999Gi", "1Ki"] {
            assert!(size(wrong).is_err(), "{wrong}");
        }
        assert!(positive_duration("0").is_err());
    }
}
