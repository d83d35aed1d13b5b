//! Copies of the world along the way, so that a seek replays little. Their number is bounded:
//! when there are too many, every second one goes and the distance between them doubles.

use super::position::Position;
use crate::base::Time;

/// Turns between two keyframes of a small world, to begin with.
const FIRST_SPACING: u64 = 256;
/// Most keyframes of a small world.
const MAX_KEYFRAMES: usize = 64;
/// Fewest that are allowed of a large one.
const MIN_KEYFRAMES: usize = 8;
/// Objects that all keyframes together may refer to. A copy of the world shares its objects
/// and costs some hundred bytes for each.
const MAX_REFERENCES: usize = 400_000;

/// The start and some later positions of one branch, in order.
pub(super) struct Keyframes {
    genesis: Position,
    later: Vec<Position>,
    spacing: u64,
}

impl Keyframes {
    pub fn new(genesis: Position) -> Keyframes {
        Keyframes { genesis, later: Vec::new(), spacing: FIRST_SPACING }
    }

    /// The last one that is neither after `at` nor after turn `ordinal`.
    pub fn nearest(&self, at: Time, ordinal: u64) -> &Position {
        let behind = self.later.partition_point(|frame| frame.world.now() <= at && frame.ordinal <= ordinal);
        behind.checked_sub(1).and_then(|last| self.later.get(last)).unwrap_or(&self.genesis)
    }

    /// Keeps a copy of a position that was never reached before, if the last one is far enough.
    pub fn offer(&mut self, position: &Position) {
        let last = self.later.last().map_or(0, |frame| frame.ordinal);
        if position.ordinal >= last.saturating_add(self.spacing) {
            self.save(position.clone());
        }
    }

    /// Keeps a position.
    pub fn save(&mut self, position: Position) {
        let behind = self.later.partition_point(|frame| frame.ordinal < position.ordinal);
        if position.ordinal == 0 {
            return;
        }
        if let Some(known) = self.later.get_mut(behind).filter(|frame| frame.ordinal == position.ordinal) {
            // The same turn, seen at two moments: the earlier one serves more seeks.
            if position.world.now() < known.world.now() {
                *known = position;
            }
            return;
        }
        let most = most_keyframes(&position);
        self.later.insert(behind, position);
        if self.later.len() > most {
            self.thin();
        }
    }

    /// Forgets what comes after a position: turns after its own, and its own turn at a later
    /// moment. (An act at the position comes before that moment.)
    pub fn cut(&mut self, position: &Position) {
        let (ordinal, now) = (position.ordinal, position.world.now());
        self.later.retain(|frame| frame.ordinal <= ordinal && frame.world.now() <= now);
        let half_full = u64::try_from(self.later.last().map_or(MAX_KEYFRAMES, most_keyframes) / 2).unwrap_or(1);
        self.spacing = FIRST_SPACING.max(ordinal / half_full.max(1));
    }

    /// Every second one goes, counted from the newest, which stays.
    fn thin(&mut self) {
        let odd = self.later.len() % 2;
        let mut index = 0;
        self.later.retain(|_| {
            index += 1;
            index % 2 == odd
        });
        self.spacing = self.spacing.saturating_mul(2);
    }

    #[cfg(test)]
    pub fn count(&self) -> usize {
        self.later.len()
    }
}

fn most_keyframes(position: &Position) -> usize {
    let store = position.world.store();
    let objects = store.nodes.len() + store.pods.len() + store.daemon_sets.len() + store.revisions.len();
    (MAX_REFERENCES / (objects + 1)).clamp(MIN_KEYFRAMES, MAX_KEYFRAMES)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::{Knobs, World};

    fn position(ordinal: u64) -> Position {
        let mut world = World::new(1, Knobs::default(), Vec::new());
        world.advance_to(Time(i64::try_from(ordinal).unwrap()));
        Position { ordinal, ..Position::start(world) }
    }

    #[test]
    fn number_is_bounded_and_the_newest_stays() {
        let mut keyframes = Keyframes::new(position(0));
        for ordinal in 1..200_000 {
            if keyframes.later.last().map_or(0, |frame| frame.ordinal) + keyframes.spacing <= ordinal {
                keyframes.offer(&position(ordinal));
                assert_eq!(keyframes.later.last().unwrap().ordinal, ordinal);
            }
        }
        assert!((MAX_KEYFRAMES / 2..=MAX_KEYFRAMES).contains(&keyframes.count()), "{}", keyframes.count());
    }

    #[test]
    fn nearest_is_neither_later_nor_further() {
        let mut keyframes = Keyframes::new(position(0));
        [300, 600, 900].into_iter().for_each(|ordinal| keyframes.save(position(ordinal)));
        let check =
            |at, ordinal, want| assert_eq!(keyframes.nearest(Time(at), ordinal).ordinal, want, "{at} {ordinal}");
        check(0, u64::MAX, 0);
        check(299, u64::MAX, 0);
        check(300, u64::MAX, 300);
        check(10_000, u64::MAX, 900);
        check(10_000, 700, 600);
        check(10_000, 3, 0);
    }

    #[test]
    fn cut_forgets_what_comes_after() {
        let mut keyframes = Keyframes::new(position(0));
        [300, 600, 900].into_iter().for_each(|ordinal| keyframes.save(position(ordinal)));
        keyframes.cut(&position(600));
        assert_eq!(keyframes.nearest(Time(10_000), u64::MAX).ordinal, 600);
        // The turn is the same, but time passed: what is done at 500 comes before 600.
        let mut earlier = position(500);
        earlier.ordinal = 600;
        keyframes.cut(&earlier);
        assert_eq!(keyframes.nearest(Time(10_000), u64::MAX).ordinal, 300);
    }
}
