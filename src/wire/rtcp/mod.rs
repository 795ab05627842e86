//! RTCP packets (RFC 3550, RFC 3611, RFC 4585, RFC 5104, RFC 8888 and what libwebrtc adds).
//!
//! [`Compound::parse`] cuts a datagram into packets, compound or of reduced size (RFC 5506), and [`Packet::decode`] reads
//! one: what was read before a fault stays. [`Builder`] makes compounds of [`Body`] values, [`describe`] shows them field
//! by field. Of SRTCP [`SecureTrailer`] and [`describe_secure`] read what is in the clear.
//!
//! To add a packet, write its file and one row in `body.rs`.

mod application;
mod body;
mod builder;
mod compound;
mod describe;
pub mod extended_report;
pub mod feedback;
mod goodbye;
mod packet_type;
mod report;
mod secure;
mod source_description;

pub use application::{ApplicationDefined, RemoteEstimate};
pub use body::{Body, Decoded};
pub use builder::Builder;
pub use compound::{Compound, HEADER_LENGTH, Packet};
pub use describe::describe;
pub use extended_report::ExtendedReport;
pub use goodbye::Goodbye;
pub use packet_type::PacketType;
pub use report::{ReceiverReport, ReportBlock, SenderReport};
pub use secure::{SecureLayout, SecureTrailer, describe_secure};
pub use source_description::{SdesChunk, SdesItem, SdesKind, SourceDescription};
