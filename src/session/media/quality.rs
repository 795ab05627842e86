//! How a call of voice is likely to sound: the E-model (ITU-T G.107) in the simplified form that loss and delay suffice for.
//!
//! A rating R from 0 to 93.2 is what is left of 93.2, the rating of a narrowband connection with nothing wrong, after the
//! impairments by delay (Id) and by codec and loss (Ie-eff); a mean opinion score from 1 to 4.5 follows from it. All other
//! terms of the model (noise, echo, loudness, expectation) keep their defaults, since packets do not show them. The model was
//! made for planning: it tells good networks from bad ones, and is no measurement of what anybody heard.
//!
//! A codec has a score only where its impairment and its robustness are known, and [`Basis`] says from where. For Opus no
//! recommendation has any, so that its score is a heuristic and says so. Wideband codecs (G.722, AMR-WB) have published
//! values on the scale of another model (G.107.1), which do not mix with this one: they have no score here, as all others.

use std::time::Duration;

/// The rating of a connection with nothing wrong: G.107 with all parameters at their defaults.
const UNIMPAIRED: f64 = 93.2;
/// The most that an equipment impairment can be (G.107 equation 7-29).
const MOST_IMPAIRMENT: f64 = 95.0;
/// One-way delay in milliseconds from where on it hurts conversation much more.
const KNEE_MS: f64 = 177.3;

/// How a call is likely to sound.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Quality {
    /// The transmission rating factor R of G.107, 0 (unusable) to 93.2; above 80 most users are satisfied, below 60 most are
    /// not.
    pub r_factor: f64,
    /// The mean opinion score that R stands for (G.107 Annex B), 1 (bad) to 4.41.
    pub mos: f64,
    /// What it was made of.
    pub basis: Basis,
}

/// What a [`Quality`] was made of, so that a reader can tell how far to believe it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Basis {
    /// What the codec does.
    pub impairment: Impairment,
    /// The share of packets that was lost, 0 to 1.
    pub loss: f64,
    /// How much longer bursts of loss were than chance makes them, 1 for chance (BurstR); nothing where bursts were not
    /// measured and 1 was taken.
    pub burst_ratio: Option<f64>,
    /// The delay from mouth to ear; nothing where it is not known and its impairment was taken as 0, so that the score is an
    /// upper bound.
    pub one_way_delay: Option<Duration>,
}

/// What a codec does to speech, without loss and with it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Impairment {
    /// The equipment impairment factor Ie without loss, 0 (none) to 95.
    pub equipment: f64,
    /// The packet-loss robustness factor Bpl, in percent of loss: the greater, the less a lost packet hurts. With as much
    /// random loss, half of what is left of quality is lost.
    pub robustness: f64,
    /// Where both come from.
    pub origin: Origin,
}

/// Where the values of a codec come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// They were published by those who measured them.
    Published {
        /// The document, and the row where the name of the codec does not tell it.
        source: &'static str,
    },
    /// They were chosen here: nobody has published any.
    Heuristic {
        /// Why these.
        why: &'static str,
    },
}

/// G.711 whose receiver plays nothing for a lost packet. No name says so: what WebRTC plays is concealed, and
/// [`impairment`] gives that.
pub const G711_UNCONCEALED: Impairment = published(0.0, 4.3, "ITU-T G.113 Appendix I, G.711 without concealment");

const G711_CONCEALED: Impairment =
    published(0.0, 25.1, "ITU-T G.113 Appendix I, G.711 with concealment by its Appendix I");

/// The narrow claim for Opus, in both halves. Ie: at the rates for wideband speech that RFC 7587 section 3.1.1 names it carries
/// more than the band of G.711, whose Ie is 0; a greater impairment would be a number without a source, and a smaller one
/// cannot be said on this scale. Bpl: a lost frame of 20 ms leaves the predictors of the next ones wrong, as in the codecs of
/// G.113 that predict, and the least robust of these has 10.0 (GSM-EFR, 20 ms too). In-band correction and better
/// concealment gain on that, and what of them was in use the wire does not show. So the score errs low where packets are
/// lost, and its ceiling is that of G.711.
const OPUS: Impairment = Impairment {
    equipment: 0.0,
    robustness: 10.0,
    origin: Origin::Heuristic {
        why: "no values are published for Opus: without loss taken as G.711, with loss as the least robust predictive codec of \
              ITU-T G.113 Appendix I (GSM-EFR)",
    },
};

// encoding name in a=rtpmap, what the codec does
const CODECS: &[(&str, Impairment)] = &[
    ("PCMU", G711_CONCEALED),
    ("PCMA", G711_CONCEALED),
    ("G729", published(11.0, 19.0, "ITU-T G.113 Appendix I, G.729A with VAD")),
    // The name covers 5.3 kbit/s too, which is somewhat worse.
    ("G723", published(15.0, 16.1, "ITU-T G.113 Appendix I, G.723.1 with VAD at 6.3 kbit/s")),
    ("GSM-EFR", published(5.0, 10.0, "ITU-T G.113 Appendix I, GSM-EFR")),
    ("opus", OPUS),
];

const fn published(equipment: f64, robustness: f64, source: &'static str) -> Impairment {
    Impairment { equipment, robustness, origin: Origin::Published { source } }
}

impl Impairment {
    /// The effective equipment impairment Ie-eff with `loss` from 0 to 1 in bursts of `burst_ratio` (G.107 equation 7-29), 0
    /// to 95.
    #[must_use]
    pub fn effective(&self, loss: f64, burst_ratio: f64) -> f64 {
        let percent = loss * 100.0;
        self.equipment + (MOST_IMPAIRMENT - self.equipment) * percent / (percent / burst_ratio + self.robustness)
    }

    /// The quality with this impairment, `loss` from 0 to 1, the mean length of its bursts in packets, and the delay from
    /// mouth to ear, as far as they are known. Nothing where `loss` is not within its range.
    #[must_use]
    pub fn score(self, loss: f64, mean_burst_length: Option<f64>, one_way_delay: Option<Duration>) -> Option<Quality> {
        if !(0.0..=1.0).contains(&loss) {
            return None;
        }
        let burst_ratio = mean_burst_length.and_then(|length| burst_ratio(length, loss));
        let by_loss = self.effective(loss, burst_ratio.unwrap_or(1.0)).min(MOST_IMPAIRMENT);
        let r_factor = (UNIMPAIRED - one_way_delay.map_or(0.0, delay_impairment) - by_loss).max(0.0);
        let basis = Basis { impairment: self, loss, burst_ratio, one_way_delay };
        Some(Quality { r_factor, mos: mean_opinion_score(r_factor), basis })
    }
}

/// What a codec does, by its encoding name in `a=rtpmap` in any case; nothing where nobody knows.
#[must_use]
pub fn impairment(codec: &str) -> Option<Impairment> {
    CODECS.iter().find(|(name, _)| name.eq_ignore_ascii_case(codec)).map(|(_, impairment)| *impairment)
}

/// How a stream is likely to sound: its codec by the encoding name in `a=rtpmap`, its loss from 0 to 1, the mean length of
/// its bursts of loss in packets, and the delay from mouth to ear, which the network's one-way delay is a part of. Nothing
/// for a codec without values.
#[must_use]
pub fn score(
    codec: &str,
    loss: f64,
    mean_burst_length: Option<f64>,
    one_way_delay: Option<Duration>,
) -> Option<Quality> {
    impairment(codec)?.score(loss, mean_burst_length, one_way_delay)
}

/// BurstR of G.107: the mean length of the bursts observed over the one that random loss of this share has, 1/(1 − p).
///
/// Never less than 1: loss more regular than chance is outside the model. Nothing where the length is none: a burst has at
/// least one packet.
#[must_use]
pub fn burst_ratio(mean_burst_length: f64, loss: f64) -> Option<f64> {
    if !mean_burst_length.is_finite() || mean_burst_length < 1.0 {
        return None;
    }
    Some((mean_burst_length * (1.0 - loss)).max(1.0))
}

/// The delay impairment Id: 0.024 for each millisecond, and 0.11 more for each above 177.3 (Cole and Rosenbluth, Voice over IP
/// Performance Monitoring, 2001). Up to 300 ms that is within 1 of what G.107 has with its defaults; beyond, it is too much
/// (3 at 400 ms), where a call is rated poor either way.
#[must_use]
pub fn delay_impairment(one_way_delay: Duration) -> f64 {
    let milliseconds = one_way_delay.as_secs_f64() * 1000.0;
    0.024 * milliseconds + 0.11 * (milliseconds - KNEE_MS).max(0.0)
}

/// The mean opinion score of a rating (G.107 Annex B), 1 to 4.5.
#[must_use]
pub fn mean_opinion_score(r_factor: f64) -> f64 {
    if r_factor >= 100.0 {
        return 4.5;
    }
    let r = r_factor.max(0.0);
    // Below 6.5 the cubic dips under the worst score there is.
    (1.0 + 0.035 * r + r * (r - 60.0) * (100.0 - r) * 7e-6).max(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn near(found: f64, expected: f64, tolerance: f64) {
        assert!((found - expected).abs() <= tolerance, "found {found}, expected {expected}");
    }

    /// G.107 Annex B: the default rating, and the table of limits between categories of satisfaction.
    #[test]
    fn ratings_and_scores_of_annex_b() {
        near(mean_opinion_score(93.2), 4.41, 0.005);
        for (r, mos) in [(90.0, 4.34), (80.0, 4.03), (70.0, 3.60), (60.0, 3.10), (50.0, 2.58)] {
            near(mean_opinion_score(r), mos, 0.01);
        }
        assert_eq!([-5.0, 0.0, 3.0, 100.0, 120.0].map(mean_opinion_score), [1.0, 1.0, 1.0, 4.5, 4.5]);
    }

    #[test]
    fn nothing_wrong_is_the_default_rating() {
        for codec in ["PCMU", "pcma", "opus"] {
            let clean = score(codec, 0.0, None, None).unwrap();
            near(clean.r_factor, 93.2, 1e-9);
            near(clean.mos, 4.41, 0.005);
        }
    }

    /// Ie-eff of G.107 equation 7-29 with the values of G.113, worked out by hand; and as De Vleeschauwer and others tell it
    /// (Telektronikk, 2001): some 4 a percent with concealment, some 25 without, as long as loss is small.
    #[test]
    fn g711_with_random_loss() {
        for (loss, concealed, unconcealed) in [(0.01, 3.640, 17.925), (0.02, 7.011, 30.159), (0.05, 15.781, 51.075)] {
            near(G711_CONCEALED.effective(loss, 1.0), concealed, 0.001);
            near(G711_UNCONCEALED.effective(loss, 1.0), unconcealed, 0.001);
        }
        near(G711_CONCEALED.effective(0.001, 1.0) * 10.0, 4.0, 0.5);
        near(G711_UNCONCEALED.effective(0.001, 1.0) * 10.0, 25.0, 4.0);
        let rated = |loss| score("PCMU", loss, None, None).unwrap();
        near(rated(0.05).r_factor, 77.42, 0.01);
        near(rated(0.05).mos, 3.93, 0.01);
    }

    #[test]
    fn the_codecs_of_g113_without_loss() {
        for (codec, r) in [("G729", 82.2), ("G723", 78.2), ("GSM-EFR", 88.2)] {
            let clean = score(codec, 0.0, None, None).unwrap();
            near(clean.r_factor, r, 1e-9);
            assert!(matches!(clean.basis.impairment.origin, Origin::Published { .. }));
        }
    }

    #[test]
    fn as_much_loss_as_the_robustness_takes_half_of_the_rest() {
        for (_, codec) in CODECS {
            let half = codec.equipment + (95.0 - codec.equipment) / 2.0;
            near(codec.effective(codec.robustness / 100.0, 1.0), half, 1e-9);
        }
    }

    #[test]
    fn opus_is_a_heuristic_and_what_nobody_knows_has_no_score() {
        let opus = score("opus", 0.01, None, None).unwrap();
        assert!(matches!(opus.basis.impairment.origin, Origin::Heuristic { .. }));
        assert!(opus.r_factor < score("PCMU", 0.01, None, None).unwrap().r_factor);
        for codec in ["G722", "AMR-WB", "AMR", "iLBC", "VP8", "telephone-event", ""] {
            assert_eq!(score(codec, 0.0, None, None), None, "{codec}");
        }
    }

    #[test]
    fn a_burst_is_measured_against_chance() {
        near(burst_ratio(1.0 / 0.9, 0.1).unwrap(), 1.0, 1e-9);
        near(burst_ratio(4.0, 0.1).unwrap(), 3.6, 1e-9);
        assert_eq!((burst_ratio(1.0, 0.1), burst_ratio(5.0, 1.0)), (Some(1.0), Some(1.0)));
        assert_eq!([0.0, 0.99, -3.0, f64::NAN, f64::INFINITY].map(|length| burst_ratio(length, 0.1)), [None; 5]);
        let rated = |bursts| score("PCMU", 0.05, bursts, None).unwrap();
        assert_eq!((rated(None).basis.burst_ratio, rated(Some(4.0)).basis.burst_ratio), (None, Some(3.8)));
        assert!(rated(Some(4.0)).mos < rated(None).mos);
    }

    #[test]
    fn delay_has_a_knee_and_is_free_where_it_is_not_known() {
        near(delay_impairment(Duration::from_millis(150)), 3.6, 1e-9);
        near(delay_impairment(Duration::from_millis(400)), 9.6 + 24.497, 1e-9);
        let unknown = score("PCMU", 0.0, None, None).unwrap();
        assert_eq!((unknown.basis.one_way_delay, unknown.r_factor), (None, 93.2));
        let known = score("PCMU", 0.0, None, Some(Duration::from_millis(150))).unwrap();
        near(known.r_factor, 89.6, 1e-9);
    }

    /// Id by the equations 7-17 to 7-28 of G.107 with its defaults, echo of 65 dB included, less what it is without delay.
    fn full_delay_impairment(milliseconds: f64) -> f64 {
        let (signal_to_noise, noise) = (94.77, -61.18);
        let impairment = |t: f64| {
            let echo = 65.0 - 40.0 * ((1.0 + t / 10.0) / (1.0 + t / 150.0)).log10() + 6.0 * (-0.3 * t * t).exp();
            let talker = -1.5 * (noise - 2.0) - (80.0 + 2.5 * (echo - 14.0));
            let by_talker = (talker / 2.0 + (talker * talker / 4.0 + 100.0).sqrt() - 1.0) * (1.0 - (-t).exp());
            let listener: f64 = signal_to_noise - 10.5 * 117.0 * (2.0 * t + 1.0).powf(-0.25);
            let by_listener = listener / 2.0 + (listener * listener / 4.0 + 169.0).sqrt();
            let x = (t / 100.0).max(1.0).log2();
            let root = |value: f64| (1.0 + value.powi(6)).powf(1.0 / 6.0);
            by_talker + by_listener + 25.0 * (root(x) - 3.0 * root(x / 3.0) + 2.0)
        };
        impairment(milliseconds) - impairment(0.0)
    }

    #[test]
    fn delay_is_near_the_full_model_while_calls_are_good() {
        for milliseconds in (0..=300).step_by(10) {
            let simple = delay_impairment(Duration::from_millis(milliseconds));
            near(simple, full_delay_impairment(milliseconds as f64), 1.0);
        }
        near(delay_impairment(Duration::from_millis(400)) - full_delay_impairment(400.0), 3.1, 0.1);
    }

    #[test]
    fn no_number_leaves_the_scale() {
        for loss in [f64::NAN, -0.1, 1.1, f64::INFINITY] {
            assert_eq!(score("PCMU", loss, None, None), None);
        }
        for loss in [0.0, 1e-300, 0.5, 1.0] {
            for bursts in [None, Some(1.0), Some(1e300), Some(f64::MAX)] {
                let rated = score("opus", loss, bursts, Some(Duration::MAX)).unwrap();
                assert_eq!((rated.r_factor, rated.mos), (0.0, 1.0));
                let rated = score("opus", loss, bursts, None).unwrap();
                assert!((0.0..=93.2).contains(&rated.r_factor) && (1.0..=4.5).contains(&rated.mos), "{rated:?}");
            }
        }
    }
}
