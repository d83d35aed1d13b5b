//! A set of places in a list, a bit each: put in and taken out at once, walked in order, and
//! a walk over thousands of them is one over a few words.

/// Places in a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bits {
    /// 64 places each, the lowest in the lowest bit; the last is not empty.
    words: Vec<u64>,
    len: usize,
}

impl Bits {
    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Puts a place in.
    pub fn insert(&mut self, place: usize) {
        let (at, bit) = split(place);
        if self.words.len() <= at {
            self.words.resize(at + 1, 0);
        }
        if let Some(word) = self.words.get_mut(at) {
            self.len += usize::from(*word & bit == 0);
            *word |= bit;
        }
    }

    /// Takes a place out.
    pub fn remove(&mut self, place: usize) {
        let (at, bit) = split(place);
        if let Some(word) = self.words.get_mut(at) {
            self.len -= usize::from(*word & bit != 0);
            *word &= !bit;
        }
        while self.words.last() == Some(&0) {
            self.words.pop();
        }
    }

    /// The places, in order.
    pub fn iter(&self) -> impl Iterator<Item = usize> {
        Bits::union(vec![self])
    }

    /// The places that are in any of several, in order.
    pub fn union(sets: Vec<&Bits>) -> impl Iterator<Item = usize> {
        let words = sets.iter().map(|set| set.words.len()).max().unwrap_or(0);
        (0..words).flat_map(move |at| {
            let mut word = sets.iter().fold(0, |word, set| word | set.words.get(at).copied().unwrap_or(0));
            std::iter::from_fn(move || {
                let bit = usize::try_from(word.trailing_zeros()).ok().filter(|_| word != 0)?;
                word &= word - 1;
                Some(at * 64 + bit)
            })
        })
    }
}

/// The word of a place, and its bit there.
fn split(place: usize) -> (usize, u64) {
    (place / 64, 1 << (place % 64))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    proptest! {
        #[test]
        fn does_what_a_set_does(acts in prop::collection::vec((any::<bool>(), 0..200_usize), 0..80), other in 0..200_usize) {
            let (mut ours, mut theirs) = (Bits::default(), BTreeSet::new());
            for (inserts, place) in acts {
                if inserts {
                    ours.insert(place);
                    theirs.insert(place);
                } else {
                    ours.remove(place);
                    theirs.remove(&place);
                }
            }
            prop_assert_eq!(ours.iter().collect::<Vec<_>>(), theirs.iter().copied().collect::<Vec<_>>());
            prop_assert_eq!((ours.len(), ours.is_empty()), (theirs.len(), theirs.is_empty()));
            let mut same = Bits::default();
            theirs.iter().rev().for_each(|place| same.insert(*place));
            prop_assert_eq!(&same, &ours);
            let mut single = Bits::default();
            single.insert(other);
            theirs.insert(other);
            prop_assert_eq!(Bits::union(vec![&ours, &single]).collect::<Vec<_>>(), theirs.into_iter().collect::<Vec<_>>());
        }
    }
}
