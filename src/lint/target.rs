//! Who will read the description, and what becomes of a fault there.

use std::fmt;

/// A party that applies descriptions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Target {
    /// Chrome and everything else on libwebrtc's `setRemoteDescription`.
    Chrome,
    /// Firefox.
    Firefox,
    /// Safari, whose WebRTC is libwebrtc's.
    Safari,
    /// A party that does what the RFCs say, no more and no less.
    Rfc,
}

impl Target {
    /// All, in order.
    pub const ALL: &'static [Self] = &[Self::Chrome, Self::Firefox, Self::Safari, Self::Rfc];

    /// The word on the command line and in every output format.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Chrome => "chrome",
            Self::Firefox => "firefox",
            Self::Safari => "safari",
            Self::Rfc => "rfc",
        }
    }

    /// The target of this name.
    ///
    /// ```
    /// # use rtcscope::lint::Target;
    /// assert_eq!(Target::from_name("firefox"), Some(Target::Firefox));
    /// ```
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|target| target.name() == name)
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// What a target does with a fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
#[non_exhaustive]
pub enum Verdict {
    /// Nobody has looked.
    #[default]
    NotKnown,
    /// It applies the description and does what was meant.
    Accepts,
    /// It applies the description, reports success and leaves out what is at fault: the fault that is hardest to find.
    IgnoresSilently,
    /// It refuses the whole description.
    Rejects,
}

impl Verdict {
    /// All, in order.
    pub const ALL: &'static [Self] = &[Self::NotKnown, Self::Accepts, Self::IgnoresSilently, Self::Rejects];

    /// The word used in every output format.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::NotKnown => "not-known",
            Self::Accepts => "accepts",
            Self::IgnoresSilently => "ignores-silently",
            Self::Rejects => "rejects",
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// What each target does with a fault.
///
/// ```
/// # use rtcscope::lint::{Target, Verdict, Verdicts};
/// let verdicts = Verdicts::libwebrtc(Verdict::Rejects).firefox(Verdict::Accepts);
/// assert_eq!(verdicts.of(Target::Safari), Verdict::Rejects);
/// assert_eq!(verdicts.of(Target::Rfc), Verdict::NotKnown);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Verdicts {
    chrome: Verdict,
    firefox: Verdict,
    safari: Verdict,
    rfc: Verdict,
}

impl Verdicts {
    /// Nothing is known.
    pub const NOT_KNOWN: Self = Self {
        chrome: Verdict::NotKnown,
        firefox: Verdict::NotKnown,
        safari: Verdict::NotKnown,
        rfc: Verdict::NotKnown,
    };

    /// All reject it.
    pub const REJECTED: Self =
        Self { chrome: Verdict::Rejects, firefox: Verdict::Rejects, safari: Verdict::Rejects, rfc: Verdict::Rejects };

    /// All accept it.
    pub const ACCEPTED: Self =
        Self { chrome: Verdict::Accepts, firefox: Verdict::Accepts, safari: Verdict::Accepts, rfc: Verdict::Accepts };

    /// What libwebrtc does, and with it Chrome and Safari; of the others nothing is known.
    #[must_use]
    pub const fn libwebrtc(verdict: Verdict) -> Self {
        Self { chrome: verdict, safari: verdict, ..Self::NOT_KNOWN }
    }

    /// The same, and this of Chrome.
    #[must_use]
    pub const fn chrome(self, verdict: Verdict) -> Self {
        Self { chrome: verdict, ..self }
    }

    /// The same, and this of Firefox.
    #[must_use]
    pub const fn firefox(self, verdict: Verdict) -> Self {
        Self { firefox: verdict, ..self }
    }

    /// The same, and this of Safari.
    #[must_use]
    pub const fn safari(self, verdict: Verdict) -> Self {
        Self { safari: verdict, ..self }
    }

    /// The same, and this of who follows the RFCs.
    #[must_use]
    pub const fn rfc(self, verdict: Verdict) -> Self {
        Self { rfc: verdict, ..self }
    }

    /// What this target does.
    #[must_use]
    pub const fn of(self, target: Target) -> Verdict {
        match target {
            Target::Chrome => self.chrome,
            Target::Firefox => self.firefox,
            Target::Safari => self.safari,
            Target::Rfc => self.rfc,
        }
    }
}
