//! Foreign and typed tables, access methods, storage.

use super::{both_ways, one_way};

const SERVER: &str =
    "create foreign data wrapper dummy; create server far foreign data wrapper dummy;
    create server near foreign data wrapper dummy;";

#[tokio::test]
async fn foreign_tables() {
    let one = "create foreign table t (id int not null, name text options (a 'b', c 'd')) server far options (x 'y', z 'w');
        comment on foreign table t is 'far away';";
    let other = "create foreign table t (id int, name text options (c 'e', f 'g'), more int) server far options (z '1');";
    one_way(&format!("{SERVER}{one}"), &format!("{SERVER}{other}")).await;
    one_way(&format!("{SERVER}{other}"), &format!("{SERVER}{one}")).await;
    let near = "create foreign table t (id int) server near;";
    one_way(&format!("{SERVER}{other}"), &format!("{SERVER}{near}")).await;
    one_way(
        &format!("{SERVER}{other}"),
        &format!("{SERVER}create table t (id int)"),
    )
    .await;
    one_way(
        &format!("{SERVER}create table t (id int)"),
        &format!("{SERVER}{other}"),
    )
    .await;
    one_way(SERVER, &format!("{SERVER}{other}")).await;
    one_way(&format!("{SERVER}{other}"), SERVER).await;
}

#[tokio::test]
async fn foreign_partitions() {
    let common =
        format!("{SERVER} create table events (id int not null, at date) partition by range (id);");
    let one = "create foreign table e partition of events for values from (1) to (10) server far;";
    one_way(&common, &format!("{common}{one}")).await;
    one_way(&format!("{common}{one}"), &common).await;
}

#[tokio::test]
async fn storage() {
    both_ways(
        "",
        "create unlogged table t (a text, b text) with (fillfactor = 70, toast.autovacuum_enabled = false);
        alter table t alter a set storage external;",
        "create table t (a text, b text compression pglz) with (autovacuum_enabled = off);
        alter table t alter b set storage main;",
    )
    .await;
}

#[tokio::test]
async fn typed_tables() {
    let common = "create type pair as (a int, b text);";
    let states = [
        "",
        "create table t of pair (a with options not null, primary key (a));",
        "create table t of pair (b with options default 'x', check (a > 0));",
        "create table t (a int not null, b text, constraint t_pkey primary key (a));",
    ];
    for from in states {
        for to in states {
            one_way(&format!("{common}{from}"), &format!("{common}{to}")).await;
        }
    }
}

#[tokio::test]
async fn access_methods() {
    if integration_tests::postgres::major().await < 15 {
        println!("skipped: PostgreSQL 14 does not change the access method of a table");
        return;
    }
    let common = "create access method other type table handler heap_tableam_handler;";
    let one = format!("{common} create table t (a int) using other;");
    let other = format!("{common} create table t (a int);");
    one_way(&one, &other).await;
    one_way(&other, &one).await;
    one_way(common, &one).await;
}

#[tokio::test]
async fn domains_over_every_type() {
    both_ways(
        "create domain spans as int4range check (not isempty(value));
        create domain lists as int[] check (array_length(value, 1) < 5) not null;",
        "create table t (a spans, b lists default '{}');",
        "create table t (a int4range, b int[], c spans[]);",
    )
    .await;
}
