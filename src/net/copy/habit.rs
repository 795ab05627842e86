//! How often the packets of a path are seen twice.

/// The share of packets seen twice that makes doubling systematic, in tenths.
const TENTHS: u32 = 9;
/// How many packets of a path are enough to know.
const ENOUGH_OF_PATH: u32 = 4;
/// How many packets of a path are enough to know that it has no habit, some of which may yet be seen again.
const ENOUGH_TO_REFUTE: u32 = 16;
/// How many packets of a capture are enough to know.
const ENOUGH_OF_CAPTURE: u32 = 8;
/// How many packets of a capture must do where no more is to be known.
const LEAST_OF_CAPTURE: u32 = 3;
/// When the older half of what is known is forgotten.
const FORGET_AT: u32 = 64;

/// How often packets of a path, or of the capture, were seen twice.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Habit {
    pub(super) key: u32,
    /// The packets so far, each counted once.
    packets: u32,
    /// The number after which they count.
    since: u32,
    doubled: u32,
}

impl Habit {
    /// That of a path of which nothing was seen.
    pub(super) fn new(key: u32) -> Self {
        Self { key, ..Self::default() }
    }

    /// Counts a packet that was seen for the first time, and gives its number.
    #[inline]
    pub(super) fn packet(&mut self) -> u32 {
        self.packets = self.packets.wrapping_add(1);
        if self.packets.wrapping_sub(self.since) >= FORGET_AT {
            self.since = self.since.wrapping_add(FORGET_AT / 2);
            self.doubled /= 2;
        }
        self.packets
    }

    /// Counts a packet that was seen again.
    pub(super) fn doubled(&mut self) {
        self.doubled = self.doubled.saturating_add(1);
    }

    /// How many packets count, up to the one numbered `ordinal`: those after it may yet be seen again.
    fn up_to(&self, ordinal: u32) -> u32 {
        let count = ordinal.wrapping_sub(self.since);
        // A number from before what was forgotten.
        if count > FORGET_AT { 0 } else { count }
    }

    /// Whether so many packets, with those seen twice, make a habit.
    fn is_systematic(&self, packets: u32) -> bool {
        self.doubled.saturating_mul(10) >= packets.saturating_mul(TENTHS)
    }
}

/// What is known of the path of a packet and of its capture.
#[derive(Debug, Clone, Copy)]
pub(super) struct Habits {
    pub(super) path: Habit,
    pub(super) capture: Habit,
}

impl Habits {
    /// Whether doubling is systematic, judged when the packet with these numbers on the path and in the capture is seen
    /// again; `None` where too little is known.
    pub(super) fn judge(&self, (on_path, in_capture): (u32, u32)) -> Option<bool> {
        let of_path = self.path.up_to(on_path);
        if of_path >= ENOUGH_OF_PATH {
            return Some(self.path.is_systematic(of_path));
        }
        let of_capture = self.capture.up_to(in_capture);
        (of_capture >= ENOUGH_OF_CAPTURE && self.capture.is_systematic(of_capture)).then_some(true)
    }

    /// The same for a packet that has no number, or that has waited. All packets so far count; some of them may yet be seen
    /// again, so that it takes more of them to say no.
    pub(super) fn judge_by_all(&self) -> Option<bool> {
        let of_path = self.path.up_to(self.path.packets);
        if of_path >= ENOUGH_OF_PATH {
            let is_refuted = of_path >= ENOUGH_TO_REFUTE && self.path.doubled < of_path / 2;
            return if self.path.is_systematic(of_path - 1) { Some(true) } else { is_refuted.then_some(false) };
        }
        let of_capture = self.capture.up_to(self.capture.packets);
        (of_capture >= ENOUGH_OF_CAPTURE && self.capture.is_systematic(of_capture - 1)).then_some(true)
    }

    /// The same where nothing more is to be known.
    pub(super) fn judge_finally(&self) -> bool {
        self.judge_by_all().unwrap_or_else(|| {
            let of_path = self.path.up_to(self.path.packets);
            let of_capture = self.capture.up_to(self.capture.packets);
            of_path < ENOUGH_OF_PATH && of_capture >= LEAST_OF_CAPTURE && self.capture.doubled >= of_capture
        })
    }
}
