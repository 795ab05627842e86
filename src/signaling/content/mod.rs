//! Recognition by content: descriptions, candidates and room words wherever they sit in a text.

mod fragment;
mod object;
mod room;
mod walk;

pub(super) use fragment::fragment;
pub(super) use room::{Arguments, names_a_room_word, room_of_arguments, room_of_object};
pub(super) use walk::{Found, recognise, recognise_file, recognise_json};
