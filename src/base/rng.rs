//! Seeded random numbers: names of pods, and which requests are refused if any are to be.

/// A small deterministic generator (SplitMix64): the same seed gives the same numbers on
/// every machine. Not for secrets.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Rng(u64);

/// What Kubernetes makes random names of: no vowels and no characters that are easily
/// confused. Upstream: `k8s.io/apimachinery/pkg/util/rand`.
const SAFE_ALPHABET: &[u8; 27] = b"bcdfghjklmnpqrstvwxz2456789";

impl Rng {
    /// A generator that starts from `seed`.
    #[must_use]
    pub fn new(seed: u64) -> Rng {
        Rng(seed)
    }

    /// The next 64 random bits.
    pub fn next_u64(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `bound`; 0 if `bound` is 0.
    pub fn below(&mut self, bound: u64) -> u64 {
        // The bias of the remainder is below 2^-50 for the bounds in use.
        self.next_u64().checked_rem(bound).unwrap_or(0)
    }

    /// A random suffix of `length` characters, as the API server appends to `generateName`.
    pub fn name_suffix(&mut self, length: usize) -> String {
        (0..length).map(|_| safe_char(self.next_u64())).collect()
    }
}

/// Writes a hash in Kubernetes' safe alphabet, one character for each decimal digit, as
/// `rand.SafeEncodeString` does with `fmt.Sprint(hash)`.
#[must_use]
pub fn safe_encode(hash: u32) -> String {
    hash.to_string().bytes().map(|digit| safe_char(u64::from(digit))).collect()
}

fn safe_char(n: u64) -> char {
    let index = usize::try_from(n % SAFE_ALPHABET.len() as u64).unwrap_or(0);
    SAFE_ALPHABET.get(index).copied().map_or('x', char::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn same_seed_same_names() {
        let names = |seed| {
            let mut rng = Rng::new(seed);
            [rng.name_suffix(5), rng.name_suffix(5)]
        };
        assert_eq!(names(42), names(42));
        assert_ne!(names(42), names(43));
        assert!(names(1).iter().all(|n| n.bytes().all(|b| SAFE_ALPHABET.contains(&b))));
    }

    #[test]
    fn below_keeps_its_bound() {
        let mut rng = Rng::new(7);
        assert!((0..1_000).all(|_| rng.below(3) < 3));
        assert_eq!(rng.below(0), 0);
    }
}
