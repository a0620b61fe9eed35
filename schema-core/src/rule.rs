//! A rule of the gate or the linter: its code, and the page that explains it.

/// What a rule is known by, and what `--explain` and the documentation say about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// A stable code such as `H001`.
    pub code: &'static str,
    /// A name to remember, such as `out-of-order`.
    pub name: &'static str,
    /// What it finds, in one line.
    pub title: &'static str,
    /// Why that matters.
    pub why: &'static str,
    /// What to do instead.
    pub instead: &'static str,
}

/// All rules, by code.
pub fn rules() -> &'static [&'static Rule] {
    crate::lint::history::RULES
}
