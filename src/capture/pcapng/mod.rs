//! The format of blocks (draft-ietf-opsawg-pcapng): sections, in them interfaces, and packets that name theirs.
//!
//! Blocks are framed here, with a bound on their length, and handed whole to pcap-parser. Of what it offers,
//! `if_tsresol`, `if_tsoffset` and the counters of statistics blocks are read again from the options' bytes, because it
//! takes them for little-endian in every section and knows no power of 2.

mod block;
mod interface;
mod option;
mod packet;
mod section;

pub(super) use section::Pcapng;
