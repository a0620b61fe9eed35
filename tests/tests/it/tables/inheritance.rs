//! Tables that inherit columns and checks.

use super::{both_ways, one_way};

#[tokio::test]
async fn children_come_and_go() {
    both_ways(
        "create table animals (id int not null, name text default 'x', check (id > 0));",
        "",
        "create table cats (lives int default 9) inherits (animals);
        alter table cats alter name set default 'cat', alter name set not null;
        comment on column cats.name is 'how to call it';",
    )
    .await;
}

#[tokio::test]
async fn what_a_parent_gets_its_children_get() {
    both_ways(
        "",
        "create table animals (id int not null, name text default 'x', gone int, constraint c check (id > 0));
        create table cats (lives int default 9) inherits (animals);
        create index on cats (gone);",
        "create table animals (id bigint, name varchar(9) default 'y', come int default 3 not null, constraint d check (id > 1));
        create table cats (lives int default 9) inherits (animals);
        alter table cats alter come set default 4;
        create index on cats (come);",
    )
    .await;
}

#[tokio::test]
async fn a_child_keeps_what_its_parent_loses() {
    one_way(
        "create table animals (id int, name text, constraint c check (id > 0));
        create table cats () inherits (animals);
        create table dogs () inherits (animals);",
        "create table animals (id int);
        create table cats (name text, constraint c check (id > 0)) inherits (animals);
        create table dogs () inherits (animals);",
    )
    .await;
}

#[tokio::test]
async fn parents_change() {
    both_ways(
        "create table a (x int); create table b (y int);",
        "create table c (x int, y int) inherits (a, b);",
        "create table c (x int, y int, z int) inherits (b);",
    )
    .await;
    both_ways(
        "create table a (x int); create table b (y int);",
        "create table c (x int, y int) inherits (a, b);",
        "create table c (x int, y int) inherits (b, a);",
    )
    .await;
    both_ways(
        "create table a (x int, constraint k check (x > 0)); create table b (y int);",
        "create table c (x int, y int, constraint k check (x > 0));",
        "create table c (x int, y int, constraint k check (x > 0)) inherits (b, a);",
    )
    .await;
}

#[tokio::test]
async fn several_levels() {
    both_ways(
        "",
        "create table a (x int default 1, g int generated always as (x * 2) stored);
        create table b (y int) inherits (a);
        create table c (z int not null) inherits (b);
        alter table c alter y set default 7;",
        "create table a (x int default 2 not null, w text collate \"C\" default 'w');
        create table b (y int not null) inherits (a);
        create table c (z int) inherits (b);
        create table d (x int, constraint big check (x > 9)) inherits (a);
        alter table c alter w set default 'v', alter w set storage external;",
    )
    .await;
}

#[tokio::test]
async fn checks_that_are_not_inherited() {
    both_ways(
        "",
        "create table a (x int, constraint k check (x > 0) no inherit, constraint l check (x > 1));
        create table b () inherits (a);",
        "create table a (x int, constraint k check (x > 0), constraint l check (x > 1) no inherit);
        create table b () inherits (a);",
    )
    .await;
}
