//! Passwords from options and files. None of them is ever shown, not in errors either.

use std::ffi::OsString;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use super::args::SecretArguments;
use super::fault::Fault;
use crate::crypto::{Key, Verdict, rest_password, verify};
use crate::session::Credentials;
use crate::wire::stun::Message;

/// The most that a file of credentials is read for, in bytes.
const FILE_LIMIT: u64 = 16 << 20;

const TURN_CREDENTIAL: &str = "USERNAME=PASSWORD";
const ICE_PWD: &str = "UFRAG=PASSWORD";

/// What the user gave, by kind.
#[derive(Default)]
pub(super) struct Secrets {
    turn: Vec<(Vec<u8>, Vec<u8>)>,
    ice: Vec<(Vec<u8>, Vec<u8>)>,
    shared: Vec<Vec<u8>>,
}

impl Secrets {
    /// Takes what `arguments` say and what stands in the files they name.
    pub(super) fn new(arguments: &SecretArguments) -> Result<Self, Fault> {
        let mut secrets = Self::default();
        let named = |option, expected, value: &OsString| {
            split(value.as_encoded_bytes()).ok_or(Fault::Secret { option, expected })
        };
        for value in &arguments.turn_credential {
            secrets.turn.push(named("--turn-credential", TURN_CREDENTIAL, value)?);
        }
        for value in &arguments.ice_pwd {
            secrets.ice.push(named("--ice-pwd", ICE_PWD, value)?);
        }
        secrets.shared.extend(arguments.turn_secret.iter().map(|secret| secret.as_encoded_bytes().to_vec()));
        arguments.credentials.iter().try_for_each(|path| secrets.file(path))?;
        Ok(secrets)
    }

    fn file(&mut self, path: &Path) -> Result<(), Fault> {
        let name = path.to_string_lossy().into_owned();
        let mut bytes = Vec::new();
        let read = File::open(path).and_then(|file| file.take(FILE_LIMIT + 1).read_to_end(&mut bytes));
        let length = read.map_err(|source| Fault::Read { path: name.clone(), source })?;
        if length as u64 > FILE_LIMIT {
            return Err(Fault::TooLarge { path: name, limit: FILE_LIMIT });
        }
        for (number, line) in bytes.split(|byte| *byte == b'\n').enumerate() {
            let line = line.strip_suffix(b"\r").unwrap_or(line).trim_ascii_start();
            if line.is_empty() || line.starts_with(b"#") {
                continue;
            }
            self.line(line).map_err(|expected| Fault::SecretLine { path: name.clone(), line: number + 1, expected })?;
        }
        Ok(())
    }

    /// A line of a file: the option's name without its dashes, a space, its value.
    fn line(&mut self, line: &[u8]) -> Result<(), &'static str> {
        let line = line.strip_prefix(b"--").unwrap_or(line);
        let end = line.iter().position(u8::is_ascii_whitespace).unwrap_or(line.len());
        let (word, value) = line.split_at_checked(end).unwrap_or((line, b""));
        let value = value.trim_ascii_start();
        match word {
            b"turn-credential" => {
                self.turn.push(split(value).ok_or("`turn-credential USERNAME=PASSWORD`")?);
            }
            b"ice-pwd" => self.ice.push(split(value).ok_or("`ice-pwd UFRAG=PASSWORD`")?),
            b"turn-secret" if !value.is_empty() => self.shared.push(value.to_vec()),
            b"turn-secret" => return Err("`turn-secret SECRET`"),
            _ => return Err("turn-credential, turn-secret or ice-pwd and a value, or a comment after `#`"),
        }
        Ok(())
    }

    /// The same for the trackers.
    pub(super) fn credentials(self) -> Credentials {
        let mut credentials = Credentials::new();
        for (username, password) in self.turn {
            credentials.add_turn(username, password);
        }
        for (ufrag, password) in self.ice {
            credentials.add_ice(ufrag, password);
        }
        for secret in self.shared {
            credentials.add_secret(secret);
        }
        credentials
    }

    /// Whether one of them made the integrity of `message`. A response names neither user nor fragment: every ICE password is tried.
    pub(super) fn verify(&self, message: &Message<'_>) -> Verdict {
        let verdicts: Vec<Verdict> = self.keys(message).iter().map(|key| verify(message, key)).collect();
        if verdicts.contains(&Verdict::Valid) {
            return Verdict::Valid;
        }
        match verdicts.first() {
            Some(verdict) => *verdict,
            None if message.proofs().next().is_none() && !message.truncated => Verdict::Absent,
            None => Verdict::Unknown,
        }
    }

    fn keys(&self, message: &Message<'_>) -> Vec<Key> {
        let username = message.username();
        let fragment = username.map(|name| name.split(|byte| *byte == b':').next().unwrap_or_default());
        let of_fragment = |ufrag: &[u8]| fragment.is_none_or(|fragment| fragment == ufrag);
        let mut keys: Vec<Key> = self
            .ice
            .iter()
            .filter(|(ufrag, _)| of_fragment(ufrag))
            .map(|(_, password)| Key::short_term(password))
            .collect();
        if let (Some(username), Some(realm)) = (username, message.realm()) {
            let given = self.turn.iter().filter(|(name, _)| name == username).map(|(_, password)| password.clone());
            let derived = self.shared.iter().map(|secret| rest_password(secret, username).into_bytes());
            let passwords = given.chain(derived);
            keys.extend(passwords.filter_map(|password| Key::long_term_for(message, username, realm, &password)));
        }
        keys
    }
}

/// The name before the first `=` and the secret behind it.
fn split(value: &[u8]) -> Option<(Vec<u8>, Vec<u8>)> {
    let at = value.iter().position(|byte| *byte == b'=').filter(|at| *at > 0)?;
    let (name, secret) = value.split_at_checked(at)?;
    Some((name.to_vec(), secret.strip_prefix(b"=")?.to_vec()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_ends_at_the_first_equals_sign() {
        assert_eq!(split(b"alice=a=b"), Some((b"alice".to_vec(), b"a=b".to_vec())));
        assert_eq!(split(b"alice"), None);
        assert_eq!(split(b"=secret"), None);
    }

    #[test]
    fn a_file_holds_the_words_of_the_options() {
        let mut secrets = Secrets::default();
        secrets.line(b"turn-credential alice=p w").unwrap();
        secrets.line(b"--ice-pwd 4XqC=x").unwrap();
        secrets.line(b"turn-secret s=t").unwrap();
        assert_eq!(secrets.turn, [(b"alice".to_vec(), b"p w".to_vec())]);
        assert_eq!((secrets.ice.len(), secrets.shared), (1, vec![b"s=t".to_vec()]));
        assert!(Secrets::default().line(b"password hunter2").unwrap_err().starts_with("turn-credential"));
    }
}
