//! Results on stdout.

use std::{
    fmt,
    io::{self, BufWriter, Write},
};

use anstream::AutoStream;

use super::Ui;

impl Ui {
    /// Prints a result: `write` writes it, a piece at a time.
    ///
    /// A reader that went away (`… | head`) ends the writing early; the error
    /// is then one that [`is_closed_stdout`] knows, whatever `write` made of it.
    pub fn result<E: From<io::Error>>(
        &self,
        write: impl FnOnce(&mut dyn Write) -> Result<(), E>,
    ) -> Result<(), E> {
        self.bars.suspend(|| print(AutoStream::always(io::stdout().lock()), write))
    }
}

/// True if writing failed because the reader of stdout went away.
#[must_use]
pub fn is_closed_stdout(error: &io::Error) -> bool {
    matches!(error.get_ref(), Some(inner) if inner.is::<ClosedStdout>())
}

/// Error: stdout has no reader any more.
#[derive(Debug)]
struct ClosedStdout;

impl fmt::Display for ClosedStdout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("nobody reads the output any more")
    }
}

impl std::error::Error for ClosedStdout {}

fn print<E: From<io::Error>>(
    stream: impl Write,
    write: impl FnOnce(&mut dyn Write) -> Result<(), E>,
) -> Result<(), E> {
    let mut out = BufWriter::new(Pipe { stream, closed: false });
    let written = write(&mut out).and_then(|()| out.flush().map_err(E::from));
    if out.get_ref().closed {
        return Err(io::Error::new(io::ErrorKind::BrokenPipe, ClosedStdout).into());
    }
    written
}

/// Notes when its reader goes away.
struct Pipe<W> {
    stream: W,
    closed: bool,
}

impl<W> Pipe<W> {
    fn noting<T>(&mut self, result: io::Result<T>) -> io::Result<T> {
        self.closed |=
            result.as_ref().is_err_and(|error| error.kind() == io::ErrorKind::BrokenPipe);
        result
    }
}

impl<W: Write> Write for Pipe<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let result = self.stream.write(bytes);
        self.noting(result)
    }

    fn flush(&mut self) -> io::Result<()> {
        let result = self.stream.flush();
        self.noting(result)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Takes so many bytes, and then fails in this way.
    struct Reader(usize, io::ErrorKind);

    impl Write for Reader {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            if self.0 == 0 {
                return Err(self.1.into());
            }
            let taken = bytes.len().min(self.0);
            self.0 -= taken;
            Ok(taken)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn lines(out: &mut dyn Write) -> io::Result<()> {
        (0..10_000).try_for_each(|line| writeln!(out, "{line}"))
    }

    #[test]
    fn a_reader_that_goes_away_is_known() {
        for taken in [0, 10, 20_000] {
            let error = print(Reader(taken, io::ErrorKind::BrokenPipe), lines).unwrap_err();
            assert!(is_closed_stdout(&error), "{error:?}");
        }
        let error = print(Reader(10, io::ErrorKind::BrokenPipe), |out| {
            lines(out)
                .map_err(|error| io::Error::other(format!("cannot write the output: {error}")))
        });
        assert!(is_closed_stdout(&error.unwrap_err()));
    }

    #[test]
    fn other_failures_are_told() {
        let error = print(Reader(10, io::ErrorKind::StorageFull), lines).unwrap_err();
        assert!(!is_closed_stdout(&error) && error.kind() == io::ErrorKind::StorageFull);
        let elsewhere: io::Error = io::ErrorKind::BrokenPipe.into();
        assert!(!is_closed_stdout(&elsewhere));
    }

    #[test]
    fn what_is_read_is_all_there() {
        let mut text = Vec::new();
        print(&mut text, lines).unwrap();
        assert!(text.starts_with(b"0\n1\n") && text.ends_with(b"9999\n"));
    }
}
