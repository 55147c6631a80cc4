//! Panics by which a library answers what a user has given it, with the sentence that each stands
//! for.
//!
//! A panic ends the process in its hook, before anybody could catch it. Where one is known to come
//! of input, the hook is told beforehand what to say in its place.

use std::cell::RefCell;

thread_local! {
    static SENTENCE: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Does work; a panic of this thread meanwhile stands for the sentence.
pub fn standing_for<T>(sentence: String, work: impl FnOnce() -> T) -> T {
    let outer = SENTENCE.replace(Some(sentence));
    let done = work();
    SENTENCE.set(outer);
    done
}

/// The sentence that a panic of this thread stands for, where it is no fault of this program.
pub fn sentence() -> Option<String> {
    SENTENCE.with_borrow(Clone::clone)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_stands_as_long_as_the_work_takes() {
        let inner = standing_for("outer".to_owned(), || {
            let inner = standing_for("inner".to_owned(), sentence);
            assert_eq!(sentence().as_deref(), Some("outer"));
            inner
        });
        assert_eq!((inner.as_deref(), sentence()), (Some("inner"), None));
    }
}
