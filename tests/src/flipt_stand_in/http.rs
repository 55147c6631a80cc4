//! One request and its answer, by HTTP/1.1.

use std::{
    io::{self, BufRead, BufReader, Read, Write},
    net::TcpStream,
};

use serde_json::Value;

/// A request.
#[derive(Clone, Debug)]
pub(super) struct Received {
    pub(super) method: String,
    /// The path, without a query.
    pub(super) path: String,
    head: Vec<String>,
    body: Vec<u8>,
}

/// An answer.
#[derive(Debug)]
pub(super) struct Answer {
    status: u16,
    location: Option<&'static str>,
    body: String,
}

impl Received {
    fn header(&self, wanted: &str) -> Option<&str> {
        let fields = self.head.iter().filter_map(|line| line.split_once(": "));
        let mut found = fields.filter(|(name, _)| name.eq_ignore_ascii_case(wanted));
        found.next().map(|(_, value)| value)
    }

    /// True if it brings this token.
    pub(super) fn is_bearer(&self, token: &str) -> bool {
        self.header("authorization").and_then(|value| value.strip_prefix("Bearer ")) == Some(token)
    }

    /// The body; null where it is no JSON.
    pub(super) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// True if a text is anywhere in it.
    pub(super) fn holds(&self, text: &str) -> bool {
        self.head.iter().any(|line| line.contains(text))
            || String::from_utf8_lossy(&self.body).contains(text)
    }

    /// The parts of its path, decoded.
    pub(super) fn segments(&self) -> Vec<String> {
        self.path.split('/').skip(1).map(decoded).collect()
    }
}

impl Answer {
    pub(super) fn json(status: u16, body: &Value) -> Self {
        Self { status, location: None, body: body.to_string() }
    }

    pub(super) fn text(status: u16, body: &str) -> Self {
        Self { status, location: None, body: body.to_owned() }
    }

    pub(super) fn redirect(location: &'static str) -> Self {
        Self { status: 302, location: Some(location), body: String::new() }
    }
}

/// Serves one request; where there is no answer to it, the client is kept waiting.
pub(super) fn serve(
    mut client: TcpStream,
    answer: impl FnOnce(&Received) -> Option<Answer>,
) -> io::Result<()> {
    let mut reader = BufReader::new(client.try_clone()?);
    let Some(received) = receive(&mut reader)? else { return Ok(()) };
    let Some(Answer { status, location, body }) = answer(&received) else {
        // Until it gives up.
        return io::copy(&mut reader, &mut io::sink()).map(drop);
    };
    let location = location.map_or_else(String::new, |at| format!("Location: {at}\r\n"));
    write!(
        client,
        "HTTP/1.1 {status} Answer\r\n{location}Content-Type: application/json\r\n\
         Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len(),
    )
}

fn receive(reader: &mut BufReader<TcpStream>) -> io::Result<Option<Received>> {
    let mut head = Vec::new();
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 || line == "\r\n" {
            break;
        }
        head.push(line.trim_end().to_owned());
    }
    let mut words = head.first().map_or("", String::as_str).split(' ');
    let (Some(method), Some(target)) = (words.next(), words.next()) else { return Ok(None) };
    let path = target.split('?').next().unwrap_or_default().to_owned();
    let mut received = Received { method: method.to_owned(), path, head, body: Vec::new() };
    let length = received.header("content-length").and_then(|text| text.parse().ok());
    received.body = vec![0; length.unwrap_or_default()];
    reader.read_exact(&mut received.body)?;
    Ok(Some(received))
}

fn decoded(segment: &str) -> String {
    let mut pieces = segment.split('%');
    let mut bytes = pieces.next().unwrap_or_default().as_bytes().to_vec();
    for piece in pieces {
        let code = piece.get(..2).and_then(|digits| u8::from_str_radix(digits, 16).ok());
        if let Some(code) = code {
            bytes.push(code);
            bytes.extend_from_slice(&piece.as_bytes()[2..]);
        } else {
            bytes.push(b'%');
            bytes.extend_from_slice(piece.as_bytes());
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn segments_are_decoded() {
        assert_eq!(decoded("shop%2Ftax%20call"), "shop/tax call");
        assert_eq!(decoded("100%"), "100%");
    }
}
