//! Database to catalog: each kind of object.

use integration_tests::postgres::TestDatabase;

#[tokio::test]
async fn the_same_database_gives_the_same_catalog() {
    let database = TestDatabase::with(
        "create extension btree_gist; create schema billing;
        create type status as enum ('a','b'); create domain email as text check (value like '%@%') not null;
        create table billing.users (id bigint generated always as identity (start 5), e email, s status[] default '{a}', n varchar(80) collate \"C\", g int generated always as (1+1) stored, primary key (id) include (n),
         unique (e, s), check (id > 0 and n <> ''));
        create table b (id serial primary key, u bigint references billing.users on delete cascade deferrable, r int4range, exclude using gist (u with =, r with &&) where (u > 0));
        create index on b (lower(r) desc, (u+1)) where u > 5; create index on billing.users (n collate \"en-x-icu\" text_pattern_ops);
        comment on column b.u is 'hi'; create view v as select 1 as x; create function f() returns int language sql as 'select 1';
        ",
    )
    .await;
    let catalog = database.catalog().await;
    assert_eq!(catalog, database.catalog().await);
    assert_eq!(catalog.tables.len(), 2);
    assert_eq!(
        catalog.unmodelled,
        ["function public.f()", "view public.v"]
            .map(String::from)
            .into()
    );
}
