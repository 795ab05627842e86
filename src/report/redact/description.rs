//! Session descriptions without what tells of persons and places. Word by word: a name that an application has for somebody may be a word of
//! the description too.

use super::{REDACTED, Redactor};

/// Lines of descriptions that carry secrets, or tell of a person.
const SECRETS: &[&str] = &["a=ice-pwd:", "a=crypto:", "a=identity:", "k=", "e=", "p=", "u=", "i="];

impl Redactor {
    /// Redacts a session description: its secrets and what it says of persons go, its addresses become those of the rest of the report.
    pub(super) fn description(&mut self, sdp: &mut String) {
        let mut left = String::with_capacity(sdp.len());
        for line in sdp.split_inclusive('\n') {
            let content = line.trim_end_matches(['\r', '\n']);
            left.push_str(&self.line(content));
            left.push_str(line.get(content.len()..).unwrap_or_default());
        }
        *sdp = left;
    }

    /// A line of a description, or a candidate by itself.
    pub(super) fn line(&mut self, line: &str) -> String {
        if let Some(start) = SECRETS.iter().find(|start| line.starts_with(**start)) {
            return [start, REDACTED].concat();
        }
        let mut left = if let Some(name) = line.strip_prefix("s=") {
            if matches!(name, "" | " " | "-") { line.to_owned() } else { format!("s={REDACTED}") }
        } else if line.starts_with("o=") {
            self.words(line, "o=", &[5], Some(0))
        } else if line.starts_with("c=") {
            self.words(line, "c=", &[2], None)
        } else if line.starts_with("a=rtcp:") {
            self.words(line, "a=rtcp:", &[3], None)
        } else if let Some((start, _)) = line.split_once("candidate:").filter(|(start, _)| matches!(*start, "" | "a="))
        {
            let related = line.split(' ').position(|word| word == "raddr").map_or(4, |at| at + 1);
            self.words(line, start, &[4, related], None)
        } else if let Some((start, name)) = line.split_once(" cname:").filter(|(start, _)| start.starts_with("a=ssrc:"))
        {
            let mut name = name.to_owned();
            self.user(&mut name);
            format!("{start} cname:{name}")
        } else {
            line.to_owned()
        };
        self.place(&mut left);
        left
    }

    /// The words of a line behind `start`, those at `places` as hosts unless they are addresses, the one at `person` as a user.
    fn words(&mut self, line: &str, start: &str, places: &[usize], person: Option<usize>) -> String {
        let rest = line.get(start.len()..).unwrap_or_default();
        let words = rest.split(' ').enumerate().map(|(at, word)| {
            let mut word = word.to_owned();
            if person == Some(at) && word != "-" && !word.is_empty() {
                self.user(&mut word);
            } else if places.contains(&at) {
                let (host, _) = word.split_once('/').unwrap_or((&word, ""));
                let known = host.parse::<std::net::IpAddr>().is_ok() || host.ends_with(".local") || host.is_empty();
                if !known {
                    self.host(&mut word);
                }
            }
            word
        });
        [start, &words.collect::<Vec<_>>().join(" ")].concat()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn redacted(line: &str) -> String {
        Redactor::new().line(line)
    }

    #[test]
    fn persons_and_places_go_and_the_rest_stays() {
        assert_eq!(redacted("o=alice 1 2 IN IP4 203.0.113.7"), "o=user-1 1 2 IN IP4 public-1");
        assert_eq!(redacted("o=- 1 2 IN IP4 laptop.example.com"), "o=- 1 2 IN IP4 host-1");
        assert_eq!(redacted("s=Call of Alice"), "s=redacted");
        assert_eq!(redacted("s=-"), "s=-");
        assert_eq!(redacted("c=IN IP4 192.0.2.1/127"), "c=IN IP4 public-1/127");
        assert_eq!(redacted("a=ssrc:1 cname:alice@laptop.example.com"), "a=ssrc:1 cname:user-1");
        assert_eq!(redacted("a=group:BUNDLE 0 1"), "a=group:BUNDLE 0 1");
        assert_eq!(
            redacted("a=candidate:1 1 udp 5 secret.example.com 9 typ srflx raddr 10.0.0.1 rport 9"),
            "a=candidate:1 1 udp 5 host-1 9 typ srflx raddr private-1 rport 9"
        );
    }

    #[test]
    fn a_room_that_is_a_number_breaks_no_address() {
        let mut redactor = Redactor::new();
        let mut room = "113".to_owned();
        redactor.room(&mut room);
        let mut sdp = "c=IN IP4 203.0.113.7\r\nm=audio 9 X 113\r\n".to_owned();
        redactor.description(&mut sdp);
        assert_eq!(sdp, "c=IN IP4 public-1\r\nm=audio 9 X 113\r\n");
        let mut message = "203.0.113.7 in room 113".to_owned();
        redactor.message(&mut message, &[]);
        assert_eq!(message, "public-1 in room room-1");
    }

    #[test]
    fn short_names_go_where_somebody_of_that_name_is_meant() {
        let mut redactor = Redactor::new();
        for name in ["A", "B"] {
            redactor.user(&mut name.to_owned());
        }
        let mut message = "the offers of A and B crossed".to_owned();
        redactor.message(&mut message, &["A".to_owned(), "B".to_owned()]);
        assert_eq!(message, "the offers of user-1 and user-2 crossed");
        redactor.user(&mut "sip:alice@192.0.2.1:5060".to_owned());
        let mut uri = "sip:alice@192.0.2.1:5060 refused the call".to_owned();
        redactor.message(&mut uri, &[]);
        assert_eq!(uri, "user-3 refused the call");
        let mut other = "A pair failed".to_owned();
        redactor.message(&mut other, &[]);
        assert_eq!(other, "A pair failed");
    }
}
