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

/// The id of the exchange at `place`: `exchange-1`.
#[must_use]
pub fn exchange_id(place: usize) -> String {
    format!("exchange-{}", place.saturating_add(1))
}

/// The id of the call at `place`: `call-1`.
#[must_use]
pub fn call_id(place: usize) -> String {
    format!("call-{}", place.saturating_add(1))
}

/// The id of the flow of media without ICE at `place`: `media-flow-1`.
#[must_use]
pub fn media_flow_id(place: usize) -> String {
    format!("media-flow-{}", place.saturating_add(1))
}

/// The id of the RTP stream at `place`: `rtp-1`.
#[must_use]
pub fn stream_id(place: usize) -> String {
    format!("rtp-{}", place.saturating_add(1))
}
