//! Keys and verdicts: MESSAGE-INTEGRITY sealed and verified.
