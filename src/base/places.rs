//! Where names stand in a list, found by hash: for two long lists that have to be matched
//! once. Nobody walks it, so no order comes from hashing.

/// The places of names.
pub struct Places<'a> {
    names: Vec<&'a str>,
    /// Twice as many as there are names: of each the place plus one, there or behind.
    slots: Vec<u32>,
}

impl<'a> Places<'a> {
    /// Of names of which each stands there once; at most some billion.
    #[must_use]
    pub fn of(names: Vec<&'a str>) -> Places<'a> {
        let mut slots = vec![0; (names.len() * 2).next_power_of_two()];
        let mask = slots.len() - 1;
        for (number, name) in (1..).zip(&names) {
            let mut at = start(name, mask);
            while let Some(slot) = slots.get_mut(at) {
                if *slot == 0 {
                    *slot = number;
                    break;
                }
                at = (at + 1) & mask;
            }
        }
        Places { names, slots }
    }

    /// The place of a name, if it is there.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<usize> {
        let mask = self.slots.len() - 1;
        let mut at = start(name, mask);
        loop {
            let place = usize::try_from(self.slots.get(at)?.checked_sub(1)?).ok()?;
            if *self.names.get(place)? == name {
                return Some(place);
            }
            at = (at + 1) & mask;
        }
    }
}

/// The slot where the search for a name begins.
fn start(name: &str, mask: usize) -> usize {
    let mut hash = 0_u64;
    for chunk in name.as_bytes().chunks(8) {
        let word = match chunk.first_chunk() {
            Some(eight) => u64::from_le_bytes(*eight),
            None => chunk.iter().fold(chunk.len() as u64, |word, byte| word << 8 | u64::from(*byte)),
        };
        hash = (hash.rotate_left(5) ^ word).wrapping_mul(0x517c_c1b7_2722_0a95);
    }
    // The upper half is the better mixed one.
    usize::try_from(hash >> 32).unwrap_or(0) & mask
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn finds_what_a_search_finds(names in prop::collection::btree_set("[ab]{0,12}", 0..40), other in "[ab]{0,12}") {
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            let places = Places::of(names.clone());
            for name in names.iter().chain([&other.as_str()]) {
                prop_assert_eq!(places.find(name), names.iter().position(|known| known == name));
            }
        }
    }
}
