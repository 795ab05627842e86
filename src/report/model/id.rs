//! The ids of a document, made of places in the lists of the state.

/// The id of the ICE session at `place`: `ice-1`.
#[must_use]
pub fn session_id(place: usize) -> String {
    format!("ice-{}", place.saturating_add(1))
}

/// The id of a pair, by the places of its session and of itself: `ice-1-pair-2`.
#[must_use]
pub fn pair_id(session: usize, place: usize) -> String {
    format!("{}-pair-{}", session_id(session), place.saturating_add(1))
}

/// The id of the allocation at `place`: `turn-1`.
#[must_use]
pub fn allocation_id(place: usize) -> String {
    format!("turn-{}", place.saturating_add(1))
}
