//! Text in tones.

use std::borrow::Cow;

use snapshot_core::{diff::Presence, version::Order};

/// Tone of a piece of text; words say the same, never colour alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    /// Plain text.
    #[default]
    Plain,
    /// Strong: read first.
    Strong,
    /// Muted: can be skipped.
    Muted,
    /// Added, newer, allowed, done.
    Good,
    /// Changed, older, a warning.
    Caution,
    /// Removed, denied, failed.
    Bad,
    /// Unknown.
    Unknown,
}

impl From<Presence> for Tone {
    fn from(presence: Presence) -> Self {
        match presence {
            Presence::Added => Self::Good,
            Presence::Removed => Self::Bad,
            Presence::Changed => Self::Caution,
        }
    }
}

impl From<Order> for Tone {
    fn from(order: Order) -> Self {
        match order {
            Order::Same => Self::Plain,
            Order::Newer => Self::Good,
            Order::Older => Self::Caution,
            Order::Diverged | Order::Unknown => Self::Unknown,
        }
    }
}

/// A piece of text in one tone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Span {
    /// Tone.
    pub tone: Tone,
    /// The text, as it was found.
    pub text: Cow<'static, str>,
}

impl Span {
    /// Text in a tone.
    pub fn new(tone: Tone, text: impl Into<Cow<'static, str>>) -> Self {
        Self { tone, text: text.into() }
    }
}

/// Text of several tones in a row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line(pub Vec<Span>);

impl Line {
    /// Appends plain text.
    #[must_use]
    pub fn plain(self, text: impl Into<Cow<'static, str>>) -> Self {
        self.with(Tone::Plain, text)
    }

    /// Appends text of a tone.
    #[must_use]
    pub fn with(mut self, tone: Tone, text: impl Into<Cow<'static, str>>) -> Self {
        self.0.push(Span::new(tone, text));
        self
    }
}

impl<T: Into<Cow<'static, str>>> From<T> for Line {
    fn from(text: T) -> Self {
        Self::default().plain(text)
    }
}
