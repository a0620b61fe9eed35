//! Names and kinds of constraints and indexes that stand in each other's way.

use super::{both_ways, one_way};

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

/// PostgreSQL 18 and later.
#[tokio::test]
async fn what_came_with_18() {
    if integration_tests::postgres::major().await < 18 {
        println!("skipped: PostgreSQL 18 has these");
        return;
    }
    both_ways(
        "",
        "create table t (a int, b int generated always as (a * 2) virtual, c int constraint c_there not null,
            d int, constraint never check (a > 5) not enforced);
        alter table t add constraint d_there not null d not valid;",
        "create table t (a int, b int generated always as (a * 3) virtual, c int not null no inherit,
            d int constraint d_there not null, constraint never check (a > 5));
        comment on constraint d_there on t is 'there';",
    )
    .await;
    both_ways(
        "",
        "create table t (a int4range, during daterange, primary key (a, during without overlaps));
        create table r (a int4range, during daterange, constraint f foreign key (a, period during) references t (a, period during));
        create table p (a int primary key); create table q (a int, constraint q foreign key (a) references p not enforced);",
        "create table t (a int4range, during daterange, unique (a, during without overlaps));
        create table r (a int4range, during daterange);
        create table p (a int primary key); create table q (a int, constraint q foreign key (a) references p);",
    )
    .await;
    both_ways(
        "",
        "create table a (x int, y int constraint y_there not null, g int generated always as (x) virtual) partition by list (x);
        create table a1 partition of a for values in (1);",
        "create table a (x int not null, y int not null, z int not null default 4, g int generated always as (x + 1) virtual) partition by list (x);
        create table a1 partition of a for values in (1);
        create table a2 (x int constraint own not null, y int constraint yours not null, z int not null default 4, g int generated always as (x + 1) virtual);
        alter table a attach partition a2 for values in (2);",
    )
    .await;
    // The other way PostgreSQL has nothing for.
    one_way(
        "create table h (x int not null); create table i () inherits (h);",
        "create table h (x int not null); create table i (constraint h_x_not_null not null x) inherits (h);",
    )
    .await;
}
