//! The two that negotiate.

/// One of the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    /// Who offers.
    Offerer,
    /// Who answers.
    Answerer,
}

impl Side {
    /// The word used in every output format.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Offerer => "offerer",
            Self::Answerer => "answerer",
        }
    }

    /// The other one.
    ///
    /// ```
    /// # use rtcscope::sdp::negotiate::Side;
    /// assert_eq!(Side::Offerer.other(), Side::Answerer);
    /// ```
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::Offerer => Self::Answerer,
            Self::Answerer => Self::Offerer,
        }
    }
}

/// The same thing of either side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Sides<T> {
    /// The offerer's.
    pub offerer: T,
    /// The answerer's.
    pub answerer: T,
}

impl<T> Sides<T> {
    /// That of `side`.
    ///
    /// ```
    /// # use rtcscope::sdp::negotiate::{Side, Sides};
    /// assert_eq!(*Sides { offerer: 96, answerer: 111 }.of(Side::Answerer), 111);
    /// ```
    #[must_use]
    pub const fn of(&self, side: Side) -> &T {
        match side {
            Side::Offerer => &self.offerer,
            Side::Answerer => &self.answerer,
        }
    }

    /// What `take` makes of either.
    #[must_use]
    pub fn map<U>(self, take: impl Fn(T) -> U) -> Sides<U> {
        Sides { offerer: take(self.offerer), answerer: take(self.answerer) }
    }
}
