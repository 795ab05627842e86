//! What `rtcscope sdp lint` and `sdp check` print: one published row a finding, one file a format.

mod agreement;
mod github;
mod json;
mod row;
mod sarif;
mod secret;
mod text;

pub use agreement::agreement;
pub use github::github;
pub use json::schema;
pub use row::{EditRow, FixRow, RelatedRow, Row, SourceText, Sources, VerdictRow};
pub use sarif::sarif;
pub use text::{Layout, finding, summary};
