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
    both_ways(
        "create table events (id bigint not null, at date not null) partition by range (at);
        create table y partition of events for values from ('2024-01-01') to ('2025-01-01');
        create index y_own on y (id);",
        "create index e1 on only events (id);",
        "create index e2 on events (id);",
    )
    .await;
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
