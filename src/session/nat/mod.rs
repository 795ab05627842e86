//! NAT behaviour, as far as the capture shows it: mappings, mapping and filtering behaviour, and whether two clients can meet.
//!
//! The words are those of RFC 4787 and RFC 5780, and the four names of RFC 3489 for what people still call the kinds of NAT. A
//! client is an IP address on the wire; what is told of it is the NAT between the *capture* and whom it spoke to. A NAT between the client and
//! the capture does not show, so an address that everybody sees as it is on the wire proves no absence of NATs.
//!
//! | seen | told | source |
//! |---|---|---|
//! | one local port, the same mapped address at two IP addresses | endpoint-independent mapping | RFC 5780, section 4.3 |
//! | … another one at two ports of one IP address | address-and-port-dependent mapping | RFC 4787, section 4.1 |
//! | … the same at two ports of one IP address, another one at another | address-dependent mapping | RFC 4787, section 4.1 |
//! | … another one at another IP address, and no two ports of one were asked | symmetric, which of the two is unknown | RFC 3489, section 5 |
//! | … one IP address was asked, however many ports, and they agree | unknown | RFC 5780, section 4.3 |
//! | an answer to CHANGE-REQUEST from an address that the port never sent to | endpoint-independent filtering | RFC 5780, section 4.4 |
//! | … from an IP address that it had sent to, another port | not address-and-port-dependent filtering | RFC 5780, section 4.4 |
//! | CHANGE-REQUEST for the port sent three times and unanswered | address-and-port-dependent filtering | RFC 5780, section 4.4 |
//! | CHANGE-REQUEST for both unanswered, for the port answered | address-dependent filtering | RFC 5780, section 4.4 |
//! | the first packet from a peer, before anything was sent to it | as for the answers above | RFC 4787, section 5 |
//!
//! An unanswered test counts only where the same port got a plain answer from the server, the server says that it has another address, and that
//! address answered somebody: else the server or the way may be at fault. Mappings are compared only within [`limits::MAPPING_HOLDS`](super::limits::MAPPING_HOLDS), since
//! one that was dropped and made anew differs without any dependence, and only as seen from one side: what a peer behind an outer NAT of the same
//! carrier sees is not what the Internet sees.

mod address;
mod behavior;
mod client;
mod discovery;
mod filtering;
mod hairpin;
mod mapping;
mod rebinding;
mod resolve;
mod routes;
mod table;
mod traversal;

pub use behavior::{ClassicType, FilteringBehavior, MappingBehavior};
pub use client::{Client, MappedBy, Observation, SecondNat};
pub use filtering::FilteringGround;
pub use hairpin::Hairpin;
pub use mapping::{MappingGround, Sighting};
pub use rebinding::{Rebinding, Seen};
pub use resolve::Nat;
pub(super) use resolve::resolve;
pub(super) use table::NatTable;
pub use traversal::{Happened, Traversal, TraversalGround, predict};
