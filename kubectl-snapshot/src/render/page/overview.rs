//! Summary at the top of a page, for a reader who has nothing but the page.

use super::Tone;

/// Summary at the top of a page that is read by itself: a file that was sent to somebody
/// who knows neither the command nor its words.
///
/// A terminal and a comment leave it out: who reads those knows what was asked.
#[derive(Clone, Debug, Default)]
pub struct Overview {
    /// Headline, in words that need no other page.
    pub headline: String,
    /// Sentences below it, in order.
    pub sentences: Vec<String>,
    /// Numbers beside each other.
    pub numbers: Vec<Number>,
}

/// A number, and what it counts.
#[derive(Clone, Debug)]
pub struct Number {
    /// Number of things.
    pub count: usize,
    /// Name of the things, as it stands behind the number.
    pub of: &'static str,
    /// Tone of the number.
    pub tone: Tone,
}

impl Overview {
    /// An overview with a headline.
    pub fn new(headline: impl Into<String>) -> Self {
        Self { headline: headline.into(), ..Self::default() }
    }

    /// The overview with one more sentence in plain words.
    #[must_use]
    pub fn says(mut self, sentence: impl Into<String>) -> Self {
        self.sentences.push(sentence.into());
        self
    }

    /// Adds a sentence if `so` holds.
    #[must_use]
    pub fn says_if(self, so: bool, sentence: impl FnOnce() -> String) -> Self {
        if so { self.says(sentence()) } else { self }
    }

    /// The overview with the count of `one` thing, or of `many`; none of it is left out.
    #[must_use]
    pub fn counts(
        mut self,
        tone: Tone,
        count: usize,
        one: &'static str,
        many: &'static str,
    ) -> Self {
        if count > 0 {
            self.numbers.push(Number { count, of: if count == 1 { one } else { many }, tone });
        }
        self
    }
}
