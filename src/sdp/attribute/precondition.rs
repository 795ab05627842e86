//! `a=curr` and `a=des`: preconditions (RFC 3312, section 5).

use std::fmt;

use crate::sdp::grammar::{Parsed, next_word, word};

/// `a=curr`: what is reached.
///
/// ```
/// # use rtcscope::sdp::{CurrentStatus, Typed};
/// let current = CurrentStatus { precondition: "qos", status: "e2e", direction: "none" };
/// assert_eq!(CurrentStatus::parse_value("qos e2e none"), Ok(current));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
pub struct CurrentStatus<'a> {
    /// `qos`.
    pub precondition: &'a str,
    /// `e2e`, `local` or `remote`.
    pub status: &'a str,
    /// `none`, `send`, `recv` or `sendrecv`.
    pub direction: &'a str,
}

impl<'a> CurrentStatus<'a> {
    pub(super) fn parse(input: &'a str) -> Parsed<'a, Self> {
        let (rest, precondition) = word("precondition type")(input)?;
        let (rest, status) = next_word("status type")(rest)?;
        let (rest, direction) = next_word("precondition direction")(rest)?;
        Ok((rest, Self { precondition, status, direction }))
    }
}

impl fmt::Display for CurrentStatus<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.precondition, self.status, self.direction)
    }
}

/// `a=des`: what is wanted.
///
/// ```
/// # use rtcscope::sdp::{DesiredStatus, Typed};
/// let desired = DesiredStatus::parse_value("qos mandatory e2e sendrecv");
/// assert_eq!(desired.map(|desired| desired.strength), Ok("mandatory"));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
pub struct DesiredStatus<'a> {
    /// `qos`.
    pub precondition: &'a str,
    /// `mandatory`, `optional`, `none`, `failure` or `unknown`.
    pub strength: &'a str,
    /// `e2e`, `local` or `remote`.
    pub status: &'a str,
    /// `none`, `send`, `recv` or `sendrecv`.
    pub direction: &'a str,
}

impl<'a> DesiredStatus<'a> {
    pub(super) fn parse(input: &'a str) -> Parsed<'a, Self> {
        let (rest, precondition) = word("precondition type")(input)?;
        let (rest, strength) = next_word("strength")(rest)?;
        let (rest, status) = next_word("status type")(rest)?;
        let (rest, direction) = next_word("precondition direction")(rest)?;
        Ok((rest, Self { precondition, strength, status, direction }))
    }
}

impl fmt::Display for DesiredStatus<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {} {}", self.precondition, self.strength, self.status, self.direction)
    }
}
