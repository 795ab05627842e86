//! The filtering behaviour of the NAT in front of a client (RFC 4787, section 5; RFC 5780, section 4.4).

use super::behavior::FilteringBehavior;
use super::discovery::Test;
use crate::moment::Moment;
use crate::path::Endpoint;
use crate::session::limits;

/// Why the filtering behaviour is what it is said to be, or unknown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FilteringGround {
    /// A packet came in from an IP address that the local port had not sent to.
    Strangers {
        /// The local port.
        local: Endpoint,
        /// Who sent it.
        from: Endpoint,
        /// When.
        moment: Moment,
        /// Whether a discovery test asked for it; else it was a peer's check.
        test: bool,
    },
    /// A packet came in from another port of an IP address that the local port had sent to, and none from other addresses though a
    /// discovery test asked for it.
    OtherPorts {
        /// The local port.
        local: Endpoint,
        /// Who sent it.
        from: Endpoint,
        /// When.
        moment: Moment,
    },
    /// A discovery test asked for an answer from another port, and none came.
    NoOtherPorts {
        /// The local port.
        local: Endpoint,
        /// The server.
        server: Endpoint,
        /// When it was first asked.
        moment: Moment,
    },
    /// Packets came in from other ports of known addresses; whether strangers' do was not seen.
    OtherPortsAtLeast {
        /// The local port.
        local: Endpoint,
        /// Who sent it.
        from: Endpoint,
        /// When.
        moment: Moment,
    },
    /// A discovery test asked for an answer from another address, and none came; other ports were not asked for often enough.
    NoStrangers {
        /// The local port.
        local: Endpoint,
        /// The server.
        server: Endpoint,
        /// When it was first asked.
        moment: Moment,
    },
    /// Tests contradict each other.
    Contradictory,
    /// Tests were sent, and what became of them proves nothing: too few repeats, an answer from where the port had sent to already, a
    /// server whose other address is not known to work.
    Inconclusive,
    /// No test was run, and no packet arrived unasked.
    NoEvidence,
}

impl FilteringGround {
    /// The behaviour that it shows.
    #[must_use]
    pub const fn behavior(&self) -> Option<FilteringBehavior> {
        match self {
            Self::Strangers { .. } => Some(FilteringBehavior::EndpointIndependent),
            Self::OtherPorts { .. } => Some(FilteringBehavior::AddressDependent),
            Self::NoOtherPorts { .. } => Some(FilteringBehavior::AddressAndPortDependent),
            _ => None,
        }
    }
}

/// What was seen of a client's filter.
#[derive(Debug, Default)]
pub(super) struct FilteringEvidence {
    strangers: Option<(Endpoint, Endpoint, Moment, bool)>,
    other_ports: Option<(Endpoint, Endpoint, Moment)>,
    no_strangers: Option<(Endpoint, Endpoint, Moment)>,
    no_other_ports: Option<(Endpoint, Endpoint, Moment)>,
    tested: bool,
}

impl FilteringEvidence {
    /// A packet from `from` came in at `local`, which had not sent to it; `address_known` where it had sent to the same IP address.
    pub(super) fn came_in(&mut self, local: Endpoint, from: Endpoint, moment: Moment, address_known: bool, test: bool) {
        if address_known {
            self.other_ports.get_or_insert((local, from, moment));
        } else {
            self.strangers.get_or_insert((local, from, moment, test));
        }
    }

    /// Takes the discovery tests of one local port to one server. `other` is the server's other address, and `other_works` whether
    /// that IP address answered anybody; `translated` whether a NAT is known to lie between the capture and the server.
    pub(super) fn add_tests(&mut self, tests: &[&Test], other: Option<Endpoint>, other_works: bool, translated: bool) {
        self.tested |= !tests.is_empty();
        for test in tests {
            let Some(answer) = test.answer else { continue };
            if answer.known || answer.from == test.server || (!translated && asked_on(tests, test, answer.moment)) {
                continue;
            }
            self.came_in(test.local, answer.from, answer.moment, answer.address_known, true);
        }
        let Some(other) = other else { return };
        for ip in [true, false] {
            let alike = || tests.iter().filter(|test| test.change.ip == ip);
            let sent: u32 = alike().map(|test| test.transmissions).fold(0, u32::saturating_add);
            let Some(first) = alike().min_by_key(|test| test.sent) else { continue };
            let works =
                if ip { other_works && other.address != first.server.address } else { other.port != first.server.port };
            if sent < limits::TEST_TRANSMISSIONS || !works || alike().any(|test| test.answer.is_some()) {
                continue;
            }
            let seen = (first.local, first.server, first.sent);
            if ip {
                self.no_strangers.get_or_insert(seen);
            } else {
                self.no_other_ports.get_or_insert(seen);
            }
        }
    }

    /// The verdict.
    pub(super) const fn ground(&self) -> FilteringGround {
        match (self.strangers, self.other_ports, self.no_strangers, self.no_other_ports) {
            (Some(_), _, Some(_), _) | (Some(_), _, _, Some(_)) | (_, Some(_), _, Some(_)) => {
                FilteringGround::Contradictory
            }
            (Some((local, from, moment, test)), ..) => FilteringGround::Strangers { local, from, moment, test },
            (None, Some((local, from, moment)), Some(_), None) => FilteringGround::OtherPorts { local, from, moment },
            (None, Some((local, from, moment)), None, None) => {
                FilteringGround::OtherPortsAtLeast { local, from, moment }
            }
            (None, None, _, Some((local, server, moment))) => FilteringGround::NoOtherPorts { local, server, moment },
            (None, None, Some((local, server, moment)), None) => FilteringGround::NoStrangers { local, server, moment },
            (None, None, None, None) if self.tested => FilteringGround::Inconclusive,
            (None, None, None, None) => FilteringGround::NoEvidence,
        }
    }
}

/// Whether the client went on asking after the answer to `test` at `answered`. Outside a NAT the capture sees answers that the NAT then holds back.
fn asked_on(tests: &[&Test], test: &Test, answered: Moment) -> bool {
    test.last.time > answered.time || tests.iter().any(|later| later.sent.time > answered.time)
}

#[cfg(test)]
mod tests {
    use super::super::discovery::Answer;
    use super::*;
    use crate::path::{Path, Transport};
    use crate::wire::stun::ChangeRequest;
    use std::net::SocketAddr;

    fn end(text: &str) -> Endpoint {
        text.parse::<SocketAddr>().unwrap().into()
    }

    fn test(ip: bool, transmissions: u32, answer: Option<(&str, bool, bool)>) -> Test {
        let path = Path::direct(end("192.168.1.2:5000"), end("198.51.100.1:3478"), Transport::Udp);
        let mut test = Test::new(Moment::new(1, 0), &path, ChangeRequest { ip, port: true });
        test.transmissions = transmissions;
        test.answer = answer.map(|(from, address_known, known)| Answer {
            moment: Moment::new(2, 1),
            from: end(from),
            address_known,
            known,
        });
        test
    }

    fn ground(tests: &[Test]) -> FilteringGround {
        let mut evidence = FilteringEvidence::default();
        evidence.add_tests(&tests.iter().collect::<Vec<_>>(), Some(end("198.51.100.2:3479")), true, true);
        evidence.ground()
    }

    #[test]
    fn the_three_behaviours_of_rfc_5780() {
        let open = ground(&[test(true, 1, Some(("198.51.100.2:3479", false, false)))]);
        assert_eq!(open.behavior(), Some(FilteringBehavior::EndpointIndependent));
        let by_address = ground(&[test(true, 3, None), test(false, 1, Some(("198.51.100.1:3479", true, false)))]);
        assert_eq!(by_address.behavior(), Some(FilteringBehavior::AddressDependent));
        let by_port = ground(&[test(true, 3, None), test(false, 3, None)]);
        assert_eq!(by_port.behavior(), Some(FilteringBehavior::AddressAndPortDependent));
    }

    #[test]
    fn a_single_silence_proves_nothing() {
        assert_eq!(ground(&[test(true, 1, None), test(false, 2, None)]), FilteringGround::Inconclusive);
    }

    #[test]
    fn an_answer_from_where_the_port_had_sent_to_proves_nothing() {
        let answered = test(true, 1, Some(("198.51.100.2:3479", true, true)));
        assert_eq!(ground(&[answered]), FilteringGround::Inconclusive);
    }

    #[test]
    fn a_server_whose_other_address_never_answered_proves_nothing_by_silence() {
        let mut evidence = FilteringEvidence::default();
        evidence.add_tests(&[&test(true, 9, None)], Some(end("198.51.100.2:3479")), false, true);
        assert_eq!(evidence.ground(), FilteringGround::Inconclusive);
    }
}
