//! Partitioned tables and their partitions.

use super::{both_ways, one_way};

const EVENTS: &str =
    "create table events (id bigint not null, at date not null, note text default 'x')
    partition by range (at);";

#[tokio::test]
async fn partitions_come_and_go() {
    both_ways(
        EVENTS,
        "create table events_old partition of events for values from (minvalue) to ('2024-01-01');",
        "create table events_2024 partition of events for values from ('2024-01-01') to ('2025-01-01');
        create table events_rest partition of events default;",
    )
    .await;
}

#[tokio::test]
async fn a_table_becomes_a_partition() {
    both_ways(
        EVENTS,
        "create table y (id bigint not null, at date not null, note text, check (id > 0));",
        "create table y partition of events for values from ('2024-01-01') to ('2025-01-01');
        alter table y add check (id > 0), alter note drop default;",
    )
    .await;
}

#[tokio::test]
async fn bounds_move() {
    both_ways(
        EVENTS,
        "create table y partition of events for values from ('2024-01-01') to ('2025-01-01');",
        "create table y partition of events for values from ('2024-01-01') to ('2024-06-01');
        create table z partition of events for values from ('2024-06-01') to ('2025-01-01');",
    )
    .await;
}

#[tokio::test]
async fn columns_reach_partitions() {
    both_ways(
        "",
        "create table events (id bigint not null, at date not null, note text default 'x', gone int)
            partition by range (at);
        create table y partition of events for values from ('2024-01-01') to ('2025-01-01');
        create table z partition of events for values from ('2025-01-01') to ('2026-01-01') partition by list (id);
        create table z1 partition of z for values in (1, 2);
        create index on z1 (gone);
        alter table y alter note set default 'y';",
        "create table events (id bigint, at date not null, note varchar(20) default 'z' not null, come int not null default 5)
            partition by range (at);
        create table y partition of events for values from ('2024-01-01') to ('2025-01-01');
        create table z partition of events for values from ('2025-01-01') to ('2026-01-01') partition by list (id);
        create table z1 partition of z for values in (1, 2);
        create index on y (come);
        alter table z1 alter come set default 6, alter id set not null;
        alter table only y alter note drop default;
        comment on column z1.come is 'later';",
    )
    .await;
}

#[tokio::test]
async fn checks_reach_partitions() {
    both_ways(
        "",
        "create table events (id bigint not null, at date not null, constraint c check (id > 0), constraint d check (id > 1))
            partition by range (at);
        create table y partition of events for values from ('2024-01-01') to ('2025-01-01');
        alter table y add constraint own check (id < 100);",
        "create table events (id bigint not null, at date not null, constraint c check (id > 5), constraint e check (id <> 7))
            partition by range (at);
        create table y partition of events for values from ('2024-01-01') to ('2025-01-01');
        alter table y add constraint d check (id > 1);
        comment on constraint e on y is 'seven';",
    )
    .await;
}

#[tokio::test]
async fn indexes_are_attached() {
    both_ways(
        "",
        "create table events (id bigint not null, at date not null, note text) partition by range (at);
        create table y partition of events for values from ('2024-01-01') to ('2025-01-01');
        create table z partition of events for values from ('2025-01-01') to ('2026-01-01') partition by list (id);
        create table z1 partition of z for values in (1, 2);
        create index events_note on events (note);
        create index y_id on y (id);",
        "create table events (id bigint not null, at date not null, note text) partition by range (at);
        create table y partition of events for values from ('2024-01-01') to ('2025-01-01');
        create table z partition of events for values from ('2025-01-01') to ('2026-01-01') partition by list (id);
        create table z1 partition of z for values in (1, 2);
        create index y_id on y (id);
        create index events_id on events (id);
        create unique index events_at on events (at, id);
        create index events_note on events (lower(note));",
    )
    .await;
}

#[tokio::test]
async fn an_index_that_is_there_is_attached() {
    let common =
        "create table events (id bigint not null, at date not null) partition by range (at);
        create table y partition of events for values from ('2024-01-01') to ('2025-01-01');
        create index y_own on y (id);";
    let alone = format!("{common} create index e1 on only events (id);");
    let whole = format!("{common} create index e2 on events (id);");
    one_way(&alone, &whole).await;
    one_way(&whole, &alone).await;
}

#[tokio::test]
async fn keys_and_foreign_keys() {
    both_ways(
        "create table users (id bigint primary key);",
        "create table events (id bigint not null, at date not null, user_id bigint) partition by range (at);
        create table y partition of events for values from ('2024-01-01') to ('2025-01-01');
        create table refs (id bigint, at date);",
        "create table events (id bigint not null, at date not null, user_id bigint references users, primary key (id, at),
            unique (at, user_id)) partition by range (at);
        create table y partition of events for values from ('2024-01-01') to ('2025-01-01');
        create table z partition of events for values from ('2025-01-01') to ('2026-01-01');
        create table refs (id bigint, at date, foreign key (id, at) references events (id, at));
        alter index y_pkey rename to y_key;",
    )
    .await;
}

#[tokio::test]
async fn a_table_is_partitioned_in_another_way() {
    both_ways(
        "create table users (id bigint primary key);",
        "create table events (id bigint primary key, at date not null);
        create table refs (id bigint references events);",
        "create table events (id bigint primary key, at date not null) partition by hash (id);
        create table e0 partition of events for values with (modulus 2, remainder 0);
        create table e1 partition of events for values with (modulus 2, remainder 1);
        create table refs (id bigint references events);",
    )
    .await;
    both_ways(
        "",
        "create table events (id bigint not null, at date not null) partition by list (id);
        create table e0 partition of events for values in (0);
        create table e1 partition of events for values in (1);",
        "create table events (id bigint not null, at date not null) partition by range (id);
        create table e0 partition of events for values from (0) to (1);
        create table e2 partition of events for values from (1) to (2);",
    )
    .await;
}

#[tokio::test]
async fn a_partition_that_goes_is_detached_while_others_write() {
    let plan = one_way(
        &format!("{EVENTS} create table y partition of events for values from ('2024-01-01') to ('2025-01-01');"),
        EVENTS,
    )
    .await;
    assert!(plan.contains("DETACH PARTITION y CONCURRENTLY"), "{plan}");
}

#[tokio::test]
async fn a_partition_lives_on_by_itself() {
    both_ways(
        "create table users (id bigint primary key);
        create table events (id bigint not null, at date not null, user_id bigint constraint who references users,
            constraint positive check (id > 0), primary key (id, at)) partition by range (at);
        create index events_user on events (user_id);",
        "create table y partition of events for values from ('2024-01-01') to ('2025-01-01');",
        "create table y (id bigint not null, at date not null, user_id bigint constraint who references users,
            constraint positive check (id > 0), primary key (id, at));
        create index y_user_id_idx on y (user_id);",
    )
    .await;
}

#[tokio::test]
async fn a_referenced_partition_goes() {
    for bound in [
        "default",
        "for values from ('2025-01-01') to ('2026-01-01')",
    ] {
        both_ways(
            &format!("create table events (id bigint, at date, primary key (id, at)) partition by range (at);
            create table y partition of events {bound};
            create table refs (id bigint, at date, foreign key (id, at) references events);"),
            "",
            "create table z partition of events for values from ('2024-01-01') to ('2025-01-01');",
        )
        .await;
    }
}

#[tokio::test]
async fn key_columns_get_another_type() {
    both_ways(
        "",
        "create table events (id int not null, at date not null, primary key (id, at), unique (at, id)) partition by range (at);
        create table y partition of events for values from ('2024-01-01') to ('2025-01-01');
        create table refs (id int, at date, foreign key (id, at) references events);
        create index on events ((id + 1));",
        "create table events (id bigint not null, at date not null, primary key (id, at), unique (at, id)) partition by range (at);
        create table y partition of events for values from ('2024-01-01') to ('2025-01-01');
        create table refs (id bigint, at date, foreign key (id, at) references events);
        create index on events ((id + 1));",
    )
    .await;
}

#[tokio::test]
async fn types_are_made_again_under_partitions() {
    both_ways(
        "",
        "create type mood as enum ('sad', 'ok', 'happy');
        create table events (id int not null, mood mood not null default 'ok', check (mood <> 'sad')) partition by range (id);
        create table y partition of events for values from (1) to (5);
        create table z partition of events for values from (5) to (9) partition by range (id);
        create table z1 partition of z for values from (5) to (7);
        alter table y alter mood set default 'happy';
        create index on events (mood);
        create index events_sad on events (id) where mood = 'ok';
        create index y_own on y (id) where mood = 'ok';",
        "create type mood as enum ('happy', 'ok', 'sad');
        create table events (id int not null, mood mood not null default 'ok', check (mood <> 'sad')) partition by range (id);
        create table y partition of events for values from (1) to (5);
        create table z partition of events for values from (5) to (9) partition by range (id);
        create table z1 partition of z for values from (5) to (7);
        alter table y alter mood set default 'happy';
        create index on events (mood);
        create index events_sad on events (id) where mood = 'ok';
        create index y_own on y (id) where mood = 'ok';",
    )
    .await;
}

#[tokio::test]
async fn generated_columns_and_storage() {
    both_ways(
        "",
        "create table events (id int not null, a text, g int generated always as (id * 2) stored) partition by range (id);
        create table y partition of events for values from (1) to (5) with (fillfactor = 70);
        create index on events (g);",
        "create table events (id int not null, a text, g int generated always as (id * 3) stored, h text) partition by range (id);
        create table y partition of events for values from (1) to (5) with (fillfactor = 80);
        alter table events alter a set storage external;
        alter table y alter h set storage main, alter a set storage plain;
        create index on events (g);
        comment on table events is 'e'; comment on table y is 'y'; comment on index events_g_idx is 'i'; comment on index y_g_idx is 'yi';",
    )
    .await;
}

#[tokio::test]
async fn constraints_are_renamed() {
    both_ways(
        "",
        "create table events (id int constraint a check (id > 0), at int, constraint k primary key (id), constraint u unique (id, at)) partition by range (id);
        create table y partition of events for values from (1) to (5);",
        "create table events (id int constraint b check (id > 0), at int, constraint l primary key (id), constraint v unique (id, at)) partition by range (id);
        create table y partition of events for values from (1) to (5);",
    )
    .await;
}

#[tokio::test]
async fn an_ordinary_table_becomes_a_foreign_keys_partitioned_one() {
    both_ways(
        "create table users (id bigint primary key);",
        "create table events (id serial, at date not null, user_id bigint references users) partition by list (id);
        create table e0 partition of events for values in (0);",
        "create table events (id serial, at date not null, user_id bigint references users);",
    )
    .await;
}

#[tokio::test]
async fn keys_of_expressions_and_classes() {
    both_ways(
        "",
        "create table events (id text not null, at timestamptz) partition by range (lower(id), at);
        create table y partition of events for values from ('a', '2024-01-01') to ('b', maxvalue);",
        "create table events (id text not null, at timestamptz) partition by range (lower(id) collate \"C\", at desc_ops);
        "
        .replace(" desc_ops", "")
        .as_str(),
    )
    .await;
}

#[tokio::test]
async fn several_levels_and_a_null_partition() {
    both_ways(
        "",
        "create table a (x int, y int, z text) partition by list (x);
        create table a1 partition of a for values in (1, null) partition by hash (y);
        create table a1h partition of a1 for values with (modulus 2, remainder 1);
        create unlogged table a2 partition of a default;",
        "create table a (x int, y int, z text, unique (x, y)) partition by list (x);
        create table a1 partition of a for values in (1) partition by hash (y);
        create table a1h partition of a1 for values with (modulus 4, remainder 1);
        create table a1i partition of a1 for values with (modulus 4, remainder 3);
        create table a2 partition of a for values in (null);
        create schema other; create table other.a3 partition of a default;",
    )
    .await;
}

#[tokio::test]
async fn identities_of_partitioned_tables() {
    both_ways(
        "",
        "create table a (x int generated always as identity, y int) partition by list (y);
        create table a1 partition of a for values in (1);",
        "create table a (x int generated by default as identity (start 10), y int, z int generated always as identity) partition by list (y);
        create table a1 partition of a for values in (1);
        create table a2 partition of a for values in (2);",
    )
    .await;
}
