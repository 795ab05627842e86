//! Media streams: a line for each, by call and direction; the whole sheet of each where that was asked for.

mod amount;
mod block;
mod course;
mod endpoint;
mod identity;
mod loss;
mod note;
mod reported;
mod row;
mod section;
mod series;
mod sheet;
mod sparkline;
mod voice;

pub(super) use section::render;
