//! Names of migrations that say that they hold mock data.

/// What such names hold, as whole words in a row.
const WORDS: &[&str] = &[
    "mock",
    "mocks",
    "dummy",
    "fixture",
    "fixtures",
    "fake_data",
    "fake_users",
    "test_data",
    "testdata",
    "test_rows",
    "test_users",
    "sample_data",
    "seed_test",
    "dev_seed",
    "seed_dev",
];

/// Words that turn such a name round: what takes mock data away may say so.
const AWAY: &[&str] = &["drop", "delete", "remove", "clean", "cleanup", "purge"];

/// The word by which a name says that mock data is in it.
///
/// ```
/// use schema_core::directory::mock_word;
/// assert_eq!(mock_word("mock_users"), Some("mock"));
/// assert_eq!(mock_word("add-test-data"), Some("test_data"));
/// assert_eq!(mock_word("add_test_results"), None);
/// assert_eq!(mock_word("hammock_sizes"), None);
/// assert_eq!(mock_word("remove_mock_users"), None);
/// ```
pub fn mock_word(name: &str) -> Option<&'static str> {
    let name = name.to_lowercase().replace('-', "_");
    let words: Vec<&str> = name.split('_').filter(|word| !word.is_empty()).collect();
    if words.first().is_some_and(|first| AWAY.contains(first)) {
        return None;
    }
    let said = |known: &&&str| {
        let known: Vec<&str> = known.split('_').collect();
        words.windows(known.len()).any(|some| *some == known[..])
    };
    WORDS.iter().find(said).copied()
}
