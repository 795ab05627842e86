//! The hallway: walks a capture through all rooms, from frames to findings.
//!
//! ```no_run
//! use rtcscope::{analyze::{Analyzer, Options}, capture::Reader};
//!
//! let mut reader = Reader::open("call.pcap".as_ref())?;
//! let analysis = Analyzer::new(Options::default()).analyze(&mut reader, |_| (), |_| ());
//! for session in analysis.sessions.ice() {
//!     println!("{} {}: {}", session.agents[0].ufrag, session.agents[1].ufrag, session.state());
//! }
//! # Ok::<(), rtcscope::capture::Error>(())
//! ```

mod analyzer;
mod endpoints;
mod files;
mod rooms;
mod summary;

pub use analyzer::{Analysis, Analyzer, Options, Told};
pub use endpoints::{Beside, Bounds, Counters, EndpointReport, Meaning, Side};
pub use files::UsedFile;
pub use summary::Summary;
