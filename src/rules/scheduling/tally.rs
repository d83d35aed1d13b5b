//! Counts by topology: how much there is in each zone, on each host, and so on.

/// Counts by label key and value, sorted. What came to 0 is still there.
#[derive(Clone, Debug, Default)]
pub(super) struct Tally<'a>(Vec<(&'a str, &'a str, i64)>);

impl<'a> Tally<'a> {
    fn find(&self, key: &str, value: &str) -> Result<usize, usize> {
        self.0.binary_search_by(|(k, v, _)| (*k, *v).cmp(&(key, value)))
    }

    /// Adds to a count, which begins at 0.
    pub fn add(&mut self, key: &'a str, value: &'a str, delta: i64) {
        match self.find(key, value) {
            Ok(at) => {
                if let Some((_, _, count)) = self.0.get_mut(at) {
                    *count += delta;
                }
            }
            Err(at) => self.0.insert(at, (key, value, delta)),
        }
    }

    /// A count, if there is one.
    pub fn get(&self, key: &str, value: &str) -> Option<i64> {
        self.0.get(self.find(key, value).ok()?).map(|(_, _, count)| *count)
    }

    /// How many counts there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// The least count.
    pub fn min(&self) -> Option<i64> {
        self.0.iter().map(|(_, _, count)| *count).min()
    }

    /// Whether nothing was counted, or all of it taken back.
    pub fn is_zero(&self) -> bool {
        self.0.iter().all(|(_, _, count)| *count == 0)
    }
}
