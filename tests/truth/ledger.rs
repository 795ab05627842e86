//! Comparisons, their differences, and the differences that are known to be somebody else's mistake.

use std::fmt::Debug;

/// A difference that stands, with the reason why the truth and not the program gives way.
pub(crate) struct Exception {
    /// The capture's file name.
    pub(crate) capture: &'static str,
    /// What is compared, as the test names it; a `*` at the end stands for any ending.
    pub(crate) what: &'static str,
    /// Why the truth is wrong, or why this capture cannot show it.
    pub(crate) reason: &'static str,
}

impl Exception {
    fn covers(&self, capture: &str, what: &str) -> bool {
        self.capture == capture
            && match self.what.strip_suffix('*') {
                Some(start) => what.starts_with(start),
                None => what == self.what,
            }
    }
}

/// All comparisons of one test.
#[derive(Default)]
pub(crate) struct Ledger {
    compared: usize,
    differences: Vec<(String, String, String)>,
}

impl Ledger {
    /// Notes whether `found` equals `expected`.
    pub(crate) fn equal<T: PartialEq + Debug>(&mut self, capture: &str, what: &str, expected: &T, found: &T) {
        self.holds(capture, what, expected == found, || format!("expected {expected:?}, found {found:?}"));
    }

    /// Notes whether `fact` holds; `shown` says what was found instead.
    pub(crate) fn holds(&mut self, capture: &str, what: &str, fact: bool, shown: impl FnOnce() -> String) {
        self.compared += 1;
        if !fact {
            self.differences.push((capture.to_owned(), what.to_owned(), shown()));
        }
    }

    /// Fails on a difference without an exception, and on an exception without a difference.
    pub(crate) fn settle(self, exceptions: &[Exception]) {
        let mut faults = Vec::new();
        let mut excused = 0_usize;
        for (capture, what, shown) in &self.differences {
            if exceptions.iter().any(|exception| exception.covers(capture, what)) {
                excused += 1;
            } else {
                faults.push(format!("{capture}: {what}: {shown}"));
            }
        }
        for exception in exceptions.iter().filter(|exception| super::report::wanted(exception.capture)) {
            assert!(!exception.reason.is_empty(), "{}: an exception without a reason", exception.capture);
            if !self.differences.iter().any(|(capture, what, _)| exception.covers(capture, what)) {
                faults.push(format!("{}: {}: the exception no longer fires", exception.capture, exception.what));
            }
        }
        println!("{} comparisons, {excused} excused by {} exceptions", self.compared, exceptions.len());
        assert!(faults.is_empty(), "{} of {} comparisons differ:\n{}", faults.len(), self.compared, faults.join("\n"));
    }
}
