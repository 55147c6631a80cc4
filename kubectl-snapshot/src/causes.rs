//! Causes of errors: the chain behind an error, and the part of a connection that failed.
//!
//! The types of the causes tell, never their texts.

use std::{error::Error, io};

use tokio::time::error::Elapsed;

/// A cause that an error keeps: another error, or a text where there is none.
pub type Cause = Box<dyn Error + Send + Sync>;

/// The part of a connection that fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The other side's certificate is not trusted.
    Certificate,
    /// The other side does not speak TLS.
    NoTls,
    /// Timeout.
    TimedOut,
    /// Something else: nobody listens, the name is unknown, the network is down.
    Other,
}

impl Fault {
    /// The fault behind an error, by the first of its causes that tells.
    #[must_use]
    pub fn of(error: &(dyn Error + 'static)) -> Self {
        chain(error).find_map(told_by).unwrap_or(Self::Other)
    }
}

/// An error and its causes, those that an I/O error wraps included.
pub fn chain<'a>(
    error: &'a (dyn Error + 'static),
) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |error: &&'a (dyn Error + 'static)| {
        let error = *error;
        // An I/O error's source is the source of what it wraps.
        let wrapped = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        wrapped.map(|wrapped| wrapped as &(dyn Error + 'static)).or_else(|| error.source())
    })
}

/// The innermost cause, which says it best: "Connection refused", a certificate's name.
#[must_use]
pub fn innermost<'a>(error: &'a (dyn Error + 'static)) -> &'a (dyn Error + 'static) {
    chain(error).last().unwrap_or(error)
}

/// An error with those of its causes that it does not say itself, on one line.
#[must_use]
pub fn on_one_line(error: &(dyn Error + 'static)) -> String {
    chain(error).skip(1).map(ToString::to_string).fold(error.to_string(), |text, cause| {
        if text.contains(&cause) { text } else { format!("{text}: {cause}") }
    })
}

fn told_by(cause: &(dyn Error + 'static)) -> Option<Fault> {
    if let Some(error) = cause.downcast_ref::<rustls::Error>() {
        return match error {
            rustls::Error::InvalidCertificate(_) => Some(Fault::Certificate),
            rustls::Error::InvalidMessage(_) => Some(Fault::NoTls),
            _ => None,
        };
    }
    if let Some(error) = cause.downcast_ref::<io::Error>() {
        return (error.kind() == io::ErrorKind::TimedOut).then_some(Fault::TimedOut);
    }
    cause.is::<Elapsed>().then_some(Fault::TimedOut)
}

#[cfg(test)]
mod tests {
    use rustls::{CertificateError, InvalidMessage};

    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("client error (Connect)")]
    struct Connect(#[source] io::Error);

    fn fault(cause: rustls::Error) -> Fault {
        Fault::of(&Connect(io::Error::new(io::ErrorKind::InvalidData, cause)))
    }

    #[test]
    fn the_type_of_a_cause_tells_whatever_its_text_says() {
        let untrusted = rustls::Error::InvalidCertificate(CertificateError::UnknownIssuer);
        assert_eq!(fault(untrusted), Fault::Certificate);
        assert_eq!(fault(InvalidMessage::InvalidContentType.into()), Fault::NoTls);
        let late = io::Error::new(io::ErrorKind::TimedOut, "certificate");
        assert_eq!(Fault::of(&Connect(late)), Fault::TimedOut);
        let refused = io::Error::new(io::ErrorKind::ConnectionRefused, "no deadline was met");
        assert_eq!(Fault::of(&Connect(refused)), Fault::Other);
    }

    #[test]
    fn the_innermost_cause_is_found_through_what_io_errors_wrap() {
        let inner = rustls::Error::InvalidCertificate(CertificateError::UnknownIssuer);
        let text = inner.to_string();
        let error = Connect(io::Error::other(io::Error::other(inner)));
        assert_eq!(innermost(&error).to_string(), text);
        assert_eq!(on_one_line(&error), format!("client error (Connect): {text}"));
    }
}
