//! How much of a description is compared. What is past a bound is counted or left out, never waited for.

/// The most m-lines that are compared. Conferences have some hundreds; each costs memory in the agreement.
pub const MAX_MEDIA: usize = 1024;

/// The most formats that are compared in all m-lines of an offer together, because each is held against those of the
/// answer: a conference of five hundred with fifty each.
pub const MAX_FORMATS: usize = 32_768;

/// The most header extensions of an m-line: there are no more ids than 255, and one more for each to be asked for.
pub(super) const MAX_EXTENSIONS: usize = 512;

/// The most `a=rtcp-fb` lines of an m-line: sixteen for each of the 128 payload types.
pub(super) const MAX_FEEDBACK: usize = 2048;

/// The most kinds of feedback of one codec: twice as many as there are.
pub(super) const MAX_FEEDBACK_OF_CODEC: usize = 32;

/// The most rids, fingerprints, ICE options and bandwidths of a level, each: real ones have up to four.
pub(super) const MAX_VALUES: usize = 64;
