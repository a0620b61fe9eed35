//! Names and kinds of constraints and indexes that stand in each other's way.

use super::both_ways;

#[tokio::test]
async fn names_are_swapped() {
    both_ways(
        "",
        "create table t (a int, b int); create index x on t (a); create index y on t (b);
        alter table t add constraint p check (a > 0), add constraint q check (b > 0);",
        "create table t (a int, b int); create index y on t (a); create index x on t (b);
        alter table t add constraint q check (a > 0), add constraint p check (b > 0);",
    )
    .await;
    both_ways(
        "",
        "create table t (a int, b int); create index x on t (a); alter table t add constraint y unique (b);",
        "create table t (a int, b int); create index y on t (a); alter table t add constraint x unique (b);",
    )
    .await;
    both_ways(
        "",
        "create table t (a int, b int, constraint x unique (a), constraint y unique (b));",
        "create table t (a int, b int, constraint y unique (a), constraint x unique (b));",
    )
    .await;
}
