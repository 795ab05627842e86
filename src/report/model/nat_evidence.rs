//! What the behaviour of a NAT rests on, in sentences.

use crate::session::nat::{Client, FilteringGround, MappingGround, SecondNat, Sighting};

/// What is known of `client` rests on this; where something is not known it says why.
pub(super) fn evidence(client: &Client) -> Vec<String> {
    let mut sentences = vec![format!("mapping: {}", mapping(&client.mapping))];
    if client.translated || client.discovery {
        sentences.push(format!("filtering: {}", filtering(&client.filtering)));
    }
    sentences.extend(
        client.second_nat.as_ref().map(|second| format!("another NAT behind this one: {}", second_nat(second))),
    );
    if !client.translated {
        sentences.push(
            "no NAT between the capture and whom it spoke to; one between the client and the capture would not show"
                .to_owned(),
        );
    }
    sentences
}

fn both([one, other]: &[Sighting; 2]) -> String {
    if one.mapped == other.mapped {
        format!("{} and {} both see {} as {}", one.remote, other.remote, one.local, one.mapped)
    } else {
        format!("{} sees {} as {}, {} as {}", one.remote, one.local, one.mapped, other.remote, other.mapped)
    }
}

fn mapping(ground: &MappingGround) -> String {
    match ground {
        MappingGround::SameForAddresses(pair) => both(pair),
        MappingGround::DiffersForPorts(pair) => format!("{}, two ports of one address", both(pair)),
        MappingGround::DiffersForAddresses(pair) => {
            format!("{}, while the ports of one address see the same", both(pair))
        }
        MappingGround::DiffersSomehow(pair) => {
            format!("{}; whether the port matters too is unknown, no two ports of one address were asked", both(pair))
        }
        MappingGround::Contradictory(pairs) => {
            let [same, differs] = pairs.as_ref();
            format!("unknown, the sightings contradict each other: {}, but {}", both(same), both(differs))
        }
        MappingGround::OneAddress => "unknown, each local port was seen by one IP address only".to_owned(),
        MappingGround::NotTranslated => "unknown, everybody sees the address on the wire".to_owned(),
        MappingGround::SameAsOnTheWire(pair) => {
            format!("{}, the address on the wire: effectively endpoint-independent", both(pair))
        }
    }
}

fn filtering(ground: &FilteringGround) -> String {
    match ground {
        FilteringGround::Strangers { local, from, test, .. } => {
            let what = if *test { "the answer to a discovery test" } else { "a check" };
            format!("{what} came in from {from}, whose IP address {local} had not sent to")
        }
        FilteringGround::OtherPorts { local, from, .. } => {
            format!(
                "{from} got through to {local}, which had sent to another port there; answers from another IP address did not"
            )
        }
        FilteringGround::NoOtherPorts { local, server, .. } => {
            format!("{local} asked {server} for answers from another port, and none came")
        }
        FilteringGround::OtherPortsAtLeast { local, from, .. } => format!(
            "unknown, {from} got through to {local}, which had sent to another port there; whether strangers do was not seen"
        ),
        FilteringGround::NoStrangers { local, server, .. } => format!(
            "unknown, {local} asked {server} for answers from another IP address, and none came; those from another port were not \
             tried often enough"
        ),
        FilteringGround::Contradictory => "unknown, the discovery tests contradict each other".to_owned(),
        FilteringGround::Inconclusive => {
            "unknown, the discovery tests prove nothing: sent too seldom, answered from where the port \
             had sent to already, or to a server whose other address never answered"
                .to_owned()
        }
        FilteringGround::NoEvidence => "unknown, no discovery test was run and no packet came in unasked".to_owned(),
    }
}

fn second_nat(second: &SecondNat) -> String {
    match second {
        SecondNat::Shared(seen) => {
            format!(
                "{} sees {} as {}, in the space shared by a carrier's customers",
                seen.remote, seen.local, seen.mapped
            )
        }
        SecondNat::TwoMappings(pair) => both(pair),
    }
}
