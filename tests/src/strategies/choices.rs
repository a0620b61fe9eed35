//! Decisions, taken from a tape of random numbers.

/// A tape of random numbers; it goes on with zeros.
pub(super) struct Choices(std::vec::IntoIter<u32>);

impl Choices {
    pub(super) fn new(tape: Vec<u32>) -> Self {
        Self(tape.into_iter())
    }

    fn next(&mut self) -> usize {
        usize::try_from(self.0.next().unwrap_or(0)).unwrap_or(0)
    }

    /// A number below `limit`; 0 is the simplest, and all there is when `limit` is 0.
    pub(super) fn below(&mut self, limit: usize) -> usize {
        self.next() % limit.max(1)
    }

    /// True in this percentage of cases; false is simpler.
    pub(super) fn sometimes(&mut self, percent: usize) -> bool {
        self.below(100) >= 100 - percent
    }

    /// One of these; the first is the simplest.
    pub(super) fn one_of<T: Clone>(&mut self, options: &[T]) -> T {
        let index = self.below(options.len());
        options[index].clone()
    }

    /// One of these, if there is one.
    pub(super) fn any_of<T>(&mut self, options: impl IntoIterator<Item = T>) -> Option<T> {
        let options: Vec<T> = options.into_iter().collect();
        let index = self.below(options.len());
        options.into_iter().nth(index)
    }

    /// Up to `most` of these, in random order.
    pub(super) fn some_of<T: Clone>(&mut self, options: &[T], most: usize) -> Vec<T> {
        let mut left = options.to_vec();
        let count = (1 + self.below(most)).min(left.len());
        (0..count)
            .map(|_| {
                let index = self.below(left.len());
                left.remove(index)
            })
            .collect()
    }
}
