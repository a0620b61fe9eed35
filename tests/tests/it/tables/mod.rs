//! Tables of every kind: that a plan leads from one state to the other, and back.

mod foreign;
mod inheritance;
mod keys;
mod partitions;

use integration_tests::postgres::TestDatabase;
use integration_tests::proof::prove;
use schema_core::plan::PlanHints;

/// Both ways between two states, each on databases of its own, and each state from nothing and to
/// nothing.
async fn both_ways(common: &str, one: &str, other: &str) {
    let (one, other) = (format!("{common};{one}"), format!("{common};{other}"));
    one_way(&one, &other).await;
    one_way(&other, &one).await;
    for state in [&one, &other] {
        one_way("", state).await;
        one_way(state, "").await;
    }
}

/// The plan, after it was proved.
async fn one_way(from: &str, to: &str) -> String {
    let (left, right) = (TestDatabase::with(from).await, TestDatabase::with(to).await);
    let proof = prove(&left, &right, &PlanHints::default()).await;
    proof.unwrap_or_else(|failure| panic!("{failure}\nfrom:\n{from}\nto:\n{to}"))
}
