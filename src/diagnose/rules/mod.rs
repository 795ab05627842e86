//! The rules by subject, a file each; the table of tables is the only thing that knows them all.

mod call_outcome;
mod capture_quality;
mod capture_view;
mod consent;
mod ice_candidates;
mod ice_checks;
mod ice_credentials;
mod ice_nomination;
mod ice_reachability;
mod ice_roles;
mod ice_selection;
mod ice_session;
mod nat;
mod negotiation_answer;
mod negotiation_media;
mod rtcp;
mod rtp_flow;
mod rtp_format;
mod rtp_loss;
mod rtp_timing;
mod rtp_video;
mod signaling_answer;
mod signaling_description;
mod signaling_order;
mod signaling_view;
mod stun_messages;
mod stun_network;
mod turn_allocation;
mod turn_credentials;
mod turn_life;
mod turn_permissions;
mod turn_server;

use super::case::Case;
use crate::finding::{Finding, Rule};

/// A rule and the function that looks where it applies.
pub(super) type Row = (&'static Rule, fn(&Case<'_>) -> Vec<Finding>);

/// The rules of every subject, in the order in which they are listed.
pub(super) static SUBJECTS: &[&[Row]] = &[
    call_outcome::RULES,
    signaling_answer::RULES,
    signaling_order::RULES,
    signaling_description::RULES,
    signaling_view::RULES,
    negotiation_media::RULES,
    negotiation_answer::RULES,
    ice_session::RULES,
    ice_candidates::RULES,
    ice_reachability::RULES,
    ice_checks::RULES,
    ice_credentials::RULES,
    ice_roles::RULES,
    ice_nomination::RULES,
    ice_selection::RULES,
    consent::RULES,
    turn_server::RULES,
    turn_credentials::RULES,
    turn_allocation::RULES,
    turn_life::RULES,
    turn_permissions::RULES,
    nat::RULES,
    rtp_flow::RULES,
    rtp_loss::RULES,
    rtp_timing::RULES,
    rtp_video::RULES,
    rtp_format::RULES,
    rtcp::RULES,
    stun_network::RULES,
    stun_messages::RULES,
    capture_view::RULES,
    capture_quality::RULES,
];
