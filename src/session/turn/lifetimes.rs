//! What expires: allocations, permissions and channels.

use super::allocation::{AllocationState, EndReason};
use super::table::{TurnRef, TurnTable};
use crate::moment::{Moment, Timestamp};
use crate::session::event::{Event, What};
use crate::session::limits;

impl TurnTable {
    /// When the allocation is to be looked at again.
    pub(in crate::session) fn allocation_due(&self, place: TurnRef) -> Option<Timestamp> {
        let allocation = self.allocations.get(place)?;
        if allocation.state == AllocationState::Active { allocation.expiry() } else { None }
    }

    /// When its permissions and channels are to be looked at again.
    pub(in crate::session) fn permissions_due(&self, place: TurnRef) -> Option<Timestamp> {
        let allocation = self.allocations.get(place)?;
        let permissions = allocation
            .permissions
            .iter()
            .filter(|known| known.expired.is_none())
            .map(|known| known.renewed.time.after(limits::PERMISSION_LIFE));
        let channels = allocation
            .channels
            .iter()
            .filter(|known| known.expired.is_none() && known.bound.is_some())
            .map(|known| known.renewed.time.after(limits::CHANNEL_LIFE));
        permissions.chain(channels).min()
    }

    /// Looks at the lifetime of an allocation at `now`; gives when to look again.
    pub(in crate::session) fn look_at_allocation(
        &mut self,
        place: TurnRef,
        now: Moment,
        events: &mut Vec<Event>,
    ) -> Option<Timestamp> {
        let due = self.allocation_due(place)?;
        if due > now.time {
            return Some(due);
        }
        self.end(place, Moment { time: due, ..now }, EndReason::Expired, events);
        None
    }

    /// Looks at the permissions and channels of an allocation at `now`; gives when to look again.
    pub(in crate::session) fn look_at_permissions(
        &mut self,
        place: TurnRef,
        now: Moment,
        events: &mut Vec<Event>,
    ) -> Option<Timestamp> {
        let allocation = self.allocations.get_mut(place)?;
        // With the allocation everything it held is gone; that is told once, by its end.
        let alive = allocation.state == AllocationState::Active;
        for known in allocation.permissions.iter_mut().filter(|known| known.expired.is_none()) {
            let due = known.renewed.time.after(limits::PERMISSION_LIFE);
            if due <= now.time {
                let moment = Moment { time: due, ..now };
                known.expired = Some(moment);
                if alive {
                    events
                        .push(Event { moment, what: What::PermissionExpired { allocation: place, peer: known.peer } });
                }
            }
        }
        for known in allocation.channels.iter_mut().filter(|known| known.expired.is_none() && known.bound.is_some()) {
            let due = known.renewed.time.after(limits::CHANNEL_LIFE);
            if due <= now.time {
                let moment = Moment { time: due, ..now };
                known.expired = Some(moment);
                if alive {
                    events
                        .push(Event { moment, what: What::ChannelExpired { allocation: place, number: known.number } });
                }
            }
        }
        self.permissions_due(place)
    }

    /// The TCP connection of the client closed.
    pub(in crate::session) fn connection_closed(&mut self, place: TurnRef, moment: Moment, events: &mut Vec<Event>) {
        self.end(place, moment, EndReason::ConnectionClosed, events);
    }
}
