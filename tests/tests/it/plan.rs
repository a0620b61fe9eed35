//! Plans: what they look like, and that PostgreSQL agrees.

use camino::Utf8Path;
use insta::assert_snapshot;
use integration_tests::corpus;
use integration_tests::postgres::{TestDatabase, major};
use integration_tests::proof::{dump, prove};
use schema_core::diff::{Renames, rename_candidates, renames_to_apply};
use schema_core::ident::{Ident, QualifiedName};
use schema_core::plan::{PlanHints, rename, render};
use sqlx::AssertSqlSafe;

/// The plan between two states, after it was proved on a server.
async fn check_plan(from: &str, to: &str) -> String {
    check_plan_with(from, to, &PlanHints::default()).await
}

async fn check_plan_with(from: &str, to: &str, hints: &PlanHints) -> String {
    let (from, to) = (TestDatabase::with(from).await, TestDatabase::with(to).await);
    let proof = prove(&from, &to, hints).await;
    proof.unwrap_or_else(|failure| panic!("{failure}"))
}

/// The plan without the names of NOT NULL, which only PostgreSQL 18 and later has.
fn without_not_null(plan: &str) -> String {
    let paragraphs = plan.trim_end().split("\n\n");
    let kept =
        paragraphs.filter(|it| !it.contains("_not_null TO ") && !it.contains("_not_null\" TO "));
    kept.collect::<Vec<_>>().join("\n\n")
}

fn column(table: &str, column: &str) -> (QualifiedName, Ident) {
    (QualifiedName::in_default_schema(table), column.into())
}

#[tokio::test]
async fn a_table_is_created_with_all_that_belongs_to_it() {
    let plan = check_plan(
        "",
        r#"create type status as enum ('new', 'done');
        create table customers (id bigint generated always as identity primary key, email text not null unique);
        create table orders (
            id bigint generated always as identity (start 1000) primary key,
            customer_id bigint not null references customers on delete cascade,
            parent_id bigint references orders,
            status status not null default 'new',
            total numeric(10,2) not null check (total >= 0),
            doubled numeric generated always as (total * 2) stored,
            note varchar(80) collate "C"
        );
        create index orders_open on orders (customer_id, id desc) include (total) where status <> 'done';
        create index orders_note on orders (lower(note));
        comment on table orders is 'What customers ask for.';
        comment on column orders.total is 'It''s net.';"#,
    )
    .await;
    assert_snapshot!(plan, @r#"
    -- Create enum status
    CREATE TYPE status AS ENUM (
        'new',
        'done'
    );

    -- Create table customers
    CREATE TABLE customers (
        id bigint GENERATED ALWAYS AS IDENTITY,
        email text NOT NULL,
        CONSTRAINT customers_pkey PRIMARY KEY (id),
        CONSTRAINT customers_email_key UNIQUE (email)
    );

    -- Create table orders
    CREATE TABLE orders (
        id bigint GENERATED ALWAYS AS IDENTITY (START WITH 1000),
        customer_id bigint NOT NULL,
        parent_id bigint,
        status status NOT NULL DEFAULT 'new',
        total numeric(10,2) NOT NULL,
        doubled numeric GENERATED ALWAYS AS (total * (2)::numeric) STORED,
        note character varying(80) COLLATE "C",
        CONSTRAINT orders_pkey PRIMARY KEY (id),
        CONSTRAINT orders_total_check CHECK (total >= (0)::numeric),
        CONSTRAINT orders_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES customers (id) ON DELETE CASCADE,
        CONSTRAINT orders_parent_id_fkey FOREIGN KEY (parent_id) REFERENCES orders (id)
    );

    -- Create index orders_note on table orders
    CREATE INDEX orders_note ON orders (lower((note)::text));

    -- Create index orders_open on table orders
    CREATE INDEX orders_open ON orders (customer_id, id DESC) INCLUDE (total) WHERE status <> 'done'::status;

    -- Describe table orders
    COMMENT ON TABLE orders IS 'What customers ask for.';
    COMMENT ON COLUMN orders.total IS 'It''s net.';
    "#);
}

#[tokio::test]
async fn tables_that_reference_each_other_get_a_foreign_key_later() {
    let plan = check_plan(
        "",
        "create table users (id int primary key, team_id int);
        create table teams (id int primary key, owner_id int references users);
        alter table users add foreign key (team_id) references teams deferrable initially deferred;",
    )
    .await;
    assert_snapshot!(plan, @r"
    -- Create table teams
    CREATE TABLE teams (
        id integer NOT NULL,
        owner_id integer,
        CONSTRAINT teams_pkey PRIMARY KEY (id)
    );

    -- Create table users
    CREATE TABLE users (
        id integer NOT NULL,
        team_id integer,
        CONSTRAINT users_pkey PRIMARY KEY (id),
        CONSTRAINT users_team_id_fkey FOREIGN KEY (team_id) REFERENCES teams (id) DEFERRABLE INITIALLY DEFERRED
    );

    -- Add constraint teams_owner_id_fkey to table teams
    ALTER TABLE teams ADD CONSTRAINT teams_owner_id_fkey FOREIGN KEY (owner_id) REFERENCES users (id);
    ");
}

#[tokio::test]
async fn tables_that_reference_each_other_are_dropped() {
    let plan = check_plan(
        "create table users (id int primary key, team_id int);
        create table teams (id int primary key, owner_id int references users);
        alter table users add foreign key (team_id) references teams;",
        "",
    )
    .await;
    assert_snapshot!(plan, @r"
    -- Give up rather than have others queue behind a lock
    SET LOCAL lock_timeout = '2s';

    -- Drop constraint users_team_id_fkey of table users
    ALTER TABLE users DROP CONSTRAINT users_team_id_fkey;

    -- Drop table teams
    DROP TABLE teams;

    -- Drop table users
    DROP TABLE users;
    ");
}

#[tokio::test]
async fn columns_come_and_go_in_one_statement() {
    let plan = check_plan(
        "create table users (id int primary key, mail text, age int);
        create index users_mail_age on users (mail, age);",
        "create table users (id int primary key, age int not null, nick text not null default '');
        create index users_mail_age on users (nick, age);",
    )
    .await;
    assert_snapshot!(plan, @r"
    -- Give up rather than have others queue behind a lock
    SET LOCAL lock_timeout = '2s';

    -- Alter table users: add column nick, add constraint users_age_required
    ALTER TABLE users
        ADD COLUMN nick text NOT NULL DEFAULT '',
        ADD CONSTRAINT users_age_required CHECK (age IS NOT NULL) NOT VALID;

    -- ==== commit ====

    -- atlas:txmode none

    -- Wait for old transactions as long as they take
    SET lock_timeout = 0;

    -- Create index users_mail_age_new on table users
    DROP INDEX CONCURRENTLY IF EXISTS users_mail_age_new;
    CREATE INDEX CONCURRENTLY users_mail_age_new ON users (nick, age);

    -- Give up rather than have others queue behind a lock
    SET lock_timeout = '2s';

    -- Validate constraint users_age_required of table users
    ALTER TABLE users VALIDATE CONSTRAINT users_age_required;

    -- Require column age of table users
    ALTER TABLE users ALTER COLUMN age SET NOT NULL;

    -- Drop constraint users_age_required of table users
    ALTER TABLE users DROP CONSTRAINT users_age_required;

    -- ==== commit ====

    -- Give up rather than have others queue behind a lock
    SET LOCAL lock_timeout = '2s';

    -- Drop column mail of table users
    ALTER TABLE users DROP COLUMN mail;

    -- Rename index users_mail_age_new to users_mail_age
    ALTER INDEX users_mail_age_new RENAME TO users_mail_age;
    ");
}

#[tokio::test]
async fn a_type_change_carries_its_conversion() {
    let plan = check_plan(
        "create table t (a text default '1', b int, c varchar(10), d uuid, e text[]);",
        "create table t (a integer default 1, b bigint, c varchar(20), d bytea, e integer[]);",
    )
    .await;
    assert_snapshot!(plan, @r"
    -- Give up rather than have others queue behind a lock
    SET LOCAL lock_timeout = '2s';

    -- Alter table t
    ALTER TABLE t
        ALTER COLUMN a DROP DEFAULT,
        ALTER COLUMN a TYPE integer USING a::integer,
        ALTER COLUMN b TYPE bigint,
        ALTER COLUMN c TYPE character varying(20),
        ALTER COLUMN d TYPE bytea USING d::text::bytea,
        ALTER COLUMN e TYPE integer[] USING e::integer[],
        ALTER COLUMN a SET DEFAULT 1;
    ");
}

#[tokio::test]
async fn a_new_value_that_is_used_is_committed_first() {
    let plan = check_plan(
        "create type status as enum ('new', 'done');
        create table orders (status status not null default 'new');",
        "create type status as enum ('draft', 'new', 'paid', 'done', 'gone');
        create table orders (status status not null default 'draft');",
    )
    .await;
    assert_snapshot!(plan, @r"
    -- Add value 'draft' to enum status
    ALTER TYPE status ADD VALUE 'draft' BEFORE 'new';

    -- Add value 'paid' to enum status
    ALTER TYPE status ADD VALUE 'paid' AFTER 'new';

    -- Add value 'gone' to enum status
    ALTER TYPE status ADD VALUE 'gone';

    -- ==== commit ====

    -- Give up rather than have others queue behind a lock
    SET LOCAL lock_timeout = '2s';

    -- Set default of column status of table orders
    ALTER TABLE orders ALTER COLUMN status SET DEFAULT 'draft';
    ");
}

#[tokio::test]
async fn a_value_that_goes_rebuilds_the_enum() {
    let plan = check_plan(
        "create type status as enum ('new', 'old', 'done');
        create domain final as status check (value <> 'new');
        create table orders (id int primary key, status status not null default 'new', past status[] default '{}', f final,
            check (status <> 'done' or id > 0));
        create index orders_open on orders (id) where status = 'new';
        create index orders_status on orders (status);
        comment on index orders_open is 'Open ones.';",
        "create type status as enum ('new', 'done');
        create domain final as status check (value <> 'new');
        create table orders (id int primary key, status status not null default 'new', past status[] default '{}', f final,
            check (status <> 'done' or id > 0));
        create index orders_open on orders (id) where status = 'new';
        create index orders_status on orders (status);
        comment on index orders_open is 'Open ones.';",
    )
    .await;
    assert_snapshot!(plan, @r"
    -- Give up rather than have others queue behind a lock
    SET LOCAL lock_timeout = '2s';

    -- Rename domain final to final_old
    ALTER DOMAIN final RENAME TO final_old;

    -- Rename enum status to status_old
    ALTER TYPE status RENAME TO status_old;

    -- Create enum status
    CREATE TYPE status AS ENUM (
        'new',
        'done'
    );

    -- Create domain final
    CREATE DOMAIN final AS status
        CONSTRAINT final_check CHECK (VALUE <> 'new'::status);

    -- Drop index orders_open
    DROP INDEX orders_open;

    -- Alter table orders
    ALTER TABLE orders
        DROP CONSTRAINT orders_check,
        ALTER COLUMN past DROP DEFAULT,
        ALTER COLUMN status DROP DEFAULT,
        ALTER COLUMN f TYPE final USING f::text::final,
        ALTER COLUMN past TYPE status[] USING past::text[]::status[],
        ALTER COLUMN status TYPE status USING status::text::status,
        ADD CONSTRAINT orders_check CHECK ((status <> 'done'::status) OR (id > 0)) NOT VALID,
        ALTER COLUMN past SET DEFAULT '{}',
        ALTER COLUMN status SET DEFAULT 'new';

    -- Create index orders_open on table orders
    CREATE INDEX orders_open ON orders (id) WHERE status = 'new'::status;

    -- Describe table orders
    COMMENT ON INDEX orders_open IS 'Open ones.';

    -- Drop domain final_old
    DROP DOMAIN final_old;

    -- Drop enum status_old
    DROP TYPE status_old;

    -- ==== commit ====

    -- atlas:txmode none

    -- Give up rather than have others queue behind a lock
    SET lock_timeout = '2s';

    -- Validate constraint orders_check of table orders
    ALTER TABLE orders VALIDATE CONSTRAINT orders_check;
    ");
}

#[tokio::test]
async fn a_domain_that_columns_have_arrays_of_is_made_again() {
    let plan = check_plan(
        "create domain d as int; create table t (a d[] default '{}', b int default 1::d);",
        "create domain d as int check (value > 0); create table t (a d[] default '{}', b int default 1::d);",
    )
    .await;
    assert_snapshot!(plan, @r"
    -- Give up rather than have others queue behind a lock
    SET LOCAL lock_timeout = '2s';

    -- Rename domain d to d_old
    ALTER DOMAIN d RENAME TO d_old;

    -- Create domain d
    CREATE DOMAIN d AS integer
        CONSTRAINT d_check CHECK (VALUE > 0);

    -- Alter table t
    ALTER TABLE t
        ALTER COLUMN a DROP DEFAULT,
        ALTER COLUMN b DROP DEFAULT,
        ALTER COLUMN a TYPE d[],
        ALTER COLUMN a SET DEFAULT '{}',
        ALTER COLUMN b SET DEFAULT (1)::d;

    -- Drop domain d_old
    DROP DOMAIN d_old;
    ");
}

#[tokio::test]
async fn a_domain_is_altered_in_place() {
    let plan = check_plan(
        "create domain email as text check (value like '%@%'); create table t (e email);",
        "create domain email as text default 'a@b' not null check (value ~ '@'); create table t (e email);",
    )
    .await;
    assert_snapshot!(plan, @r"
    -- Give up rather than have others queue behind a lock
    SET LOCAL lock_timeout = '2s';

    -- Change domain email
    ALTER DOMAIN email DROP CONSTRAINT email_check;
    ALTER DOMAIN email SET DEFAULT 'a@b'::text;
    ALTER DOMAIN email SET NOT NULL;
    ALTER DOMAIN email ADD CONSTRAINT email_check CHECK (VALUE ~ '@'::text) NOT VALID;

    -- ==== commit ====

    -- atlas:txmode none

    -- Give up rather than have others queue behind a lock
    SET lock_timeout = '2s';

    -- Change domain email
    ALTER DOMAIN email VALIDATE CONSTRAINT email_check;
    ");
}

#[tokio::test]
async fn a_foreign_key_steps_aside_for_the_key_that_it_rests_on() {
    let plan = check_plan(
        "create table a (id int constraint a_key unique, x int);
        create table b (a_id int references a (id));",
        "create table a (id int, x int, constraint a_key unique (id) include (x));
        create table b (a_id int references a (id));",
    )
    .await;
    assert_snapshot!(plan, @r"
    -- atlas:txmode none

    -- Wait for old transactions as long as they take
    SET lock_timeout = 0;

    -- Create index a_key_new on table a
    DROP INDEX CONCURRENTLY IF EXISTS a_key_new;
    CREATE UNIQUE INDEX CONCURRENTLY a_key_new ON a (id) INCLUDE (x);

    -- ==== commit ====

    -- Give up rather than have others queue behind a lock
    SET LOCAL lock_timeout = '2s';

    -- Drop constraint b_a_id_fkey of table b
    ALTER TABLE b DROP CONSTRAINT b_a_id_fkey;

    -- Alter table a: drop constraint a_key, add constraint a_key
    ALTER TABLE a
        DROP CONSTRAINT a_key,
        ADD CONSTRAINT a_key UNIQUE USING INDEX a_key_new;

    -- Add constraint b_a_id_fkey to table b
    ALTER TABLE b ADD CONSTRAINT b_a_id_fkey FOREIGN KEY (a_id) REFERENCES a (id) NOT VALID;

    -- ==== commit ====

    -- atlas:txmode none

    -- Give up rather than have others queue behind a lock
    SET lock_timeout = '2s';

    -- Validate constraint b_a_id_fkey of table b
    ALTER TABLE b VALIDATE CONSTRAINT b_a_id_fkey;
    ");
}

#[tokio::test]
async fn a_foreign_key_steps_aside_for_a_column_that_its_key_includes() {
    let plan = check_plan(
        "create table a (id int, note int, unique (id) include (note));
        create table b (a_id int references a (id));",
        "create table a (id int, note bigint, unique (id) include (note));
        create table b (a_id int references a (id));",
    )
    .await;
    assert_snapshot!(plan, @r"
    -- Give up rather than have others queue behind a lock
    SET LOCAL lock_timeout = '2s';

    -- Drop constraint b_a_id_fkey of table b
    ALTER TABLE b DROP CONSTRAINT b_a_id_fkey;

    -- Change type of column note of table a
    ALTER TABLE a ALTER COLUMN note TYPE bigint;

    -- Add constraint b_a_id_fkey to table b
    ALTER TABLE b ADD CONSTRAINT b_a_id_fkey FOREIGN KEY (a_id) REFERENCES a (id) NOT VALID;

    -- ==== commit ====

    -- atlas:txmode none

    -- Give up rather than have others queue behind a lock
    SET lock_timeout = '2s';

    -- Validate constraint b_a_id_fkey of table b
    ALTER TABLE b VALIDATE CONSTRAINT b_a_id_fkey;
    ");
}

#[tokio::test]
async fn a_foreign_key_goes_before_any_column_of_its_key() {
    let plan = check_plan(
        "create table a (id int, note int, remark int, unique (id) include (note, remark));
        create table z (a_id int references a (id));",
        "create table a (id int);",
    )
    .await;
    assert_snapshot!(plan, @r"
    -- Give up rather than have others queue behind a lock
    SET LOCAL lock_timeout = '2s';

    -- Drop table z
    DROP TABLE z;

    -- Alter table a: drop column note, drop column remark
    ALTER TABLE a
        DROP COLUMN note,
        DROP COLUMN remark;
    ");
}

#[tokio::test]
async fn a_foreign_key_goes_before_the_columns_that_go_with_it_and_its_key() {
    let plan = check_plan(
        "create table a (x int, u int, v int, p int, q int, unique (u, v), unique (p, q),
            foreign key (p, x) references a (u, v), foreign key (u, x) references a (p, q));
        create table b (id int primary key);
        create table c (id int primary key references b, x int);
        alter table b add x int, add foreign key (id) references c;",
        "create table a (x int); create table b (x int); create table c (x int);",
    )
    .await;
    assert_snapshot!(plan, @r"
    -- Give up rather than have others queue behind a lock
    SET LOCAL lock_timeout = '2s';

    -- Alter table a
    ALTER TABLE a
        DROP CONSTRAINT a_p_x_fkey,
        DROP CONSTRAINT a_u_x_fkey,
        DROP COLUMN u,
        DROP COLUMN v,
        DROP COLUMN p,
        DROP COLUMN q;

    -- Drop constraint b_id_fkey of table b
    ALTER TABLE b DROP CONSTRAINT b_id_fkey;

    -- Alter table c: drop constraint c_id_fkey, drop column id
    ALTER TABLE c
        DROP CONSTRAINT c_id_fkey,
        DROP COLUMN id;

    -- Drop column id of table b
    ALTER TABLE b DROP COLUMN id;
    ");
}

#[tokio::test]
async fn a_default_is_found_under_a_name_with_a_backslash() {
    let plan = check_plan(
        r#"create table a (id int, other int);
        create sequence "back\slash" owned by a.other;
        create table z (id int default nextval('"back\slash"'));"#,
        "create table a (id int);",
    )
    .await;
    assert_snapshot!(plan, @r"
    -- Give up rather than have others queue behind a lock
    SET LOCAL lock_timeout = '2s';

    -- Drop table z
    DROP TABLE z;

    -- Drop column other of table a
    ALTER TABLE a DROP COLUMN other;
    ");
}

#[tokio::test]
async fn a_foreign_key_stays_where_its_key_is_only_described_or_renamed() {
    let plan = check_plan(
        "create table a (id int primary key, no int);
        create unique index a_no on a (no);
        create table b (a_id int references a (id), no int references a (no));",
        "create table a (id int primary key, no int);
        create unique index a_number on a (no);
        comment on constraint a_pkey on a is 'The key.';
        create table b (a_id int references a (id), no int references a (no));",
    )
    .await;
    assert_snapshot!(plan, @r"
    -- Give up rather than have others queue behind a lock
    SET LOCAL lock_timeout = '2s';

    -- Rename index a_no to a_number
    ALTER INDEX a_no RENAME TO a_number;

    -- Describe table a
    COMMENT ON CONSTRAINT a_pkey ON a IS 'The key.';
    ");
}

#[tokio::test]
async fn what_is_renamed_is_made_again_where_its_column_needs_it() {
    let plan = check_plan(
        "create type mood as enum ('a', 'b', 'c');
        create table a (m mood unique, constraint old check (m <> 'a'));
        create table b (m mood constraint old_key references a (m));
        create index old_index on b ((m = 'a'));",
        "create type mood as enum ('b', 'a');
        create table a (m mood unique, constraint new check (m <> 'a'));
        create table b (m mood constraint new_key references a (m));
        create index new_index on b ((m = 'a'));",
    )
    .await;
    assert_snapshot!(plan, @r"
    -- Give up rather than have others queue behind a lock
    SET LOCAL lock_timeout = '2s';

    -- Rename enum mood to mood_old
    ALTER TYPE mood RENAME TO mood_old;

    -- Create enum mood
    CREATE TYPE mood AS ENUM (
        'b',
        'a'
    );

    -- Drop constraint old of table a
    ALTER TABLE a DROP CONSTRAINT old;

    -- Drop index old_index
    DROP INDEX old_index;

    -- Alter table b: drop constraint old_key, change type of column m
    ALTER TABLE b
        DROP CONSTRAINT old_key,
        ALTER COLUMN m TYPE mood USING m::text::mood;

    -- Create index new_index on table b
    CREATE INDEX new_index ON b ((m = 'a'::mood));

    -- Alter table a: change type of column m, add constraint new
    ALTER TABLE a
        ALTER COLUMN m TYPE mood USING m::text::mood,
        ADD CONSTRAINT new CHECK (m <> 'a'::mood) NOT VALID;

    -- Add constraint new_key to table b
    ALTER TABLE b ADD CONSTRAINT new_key FOREIGN KEY (m) REFERENCES a (m) NOT VALID;

    -- Drop enum mood_old
    DROP TYPE mood_old;

    -- ==== commit ====

    -- atlas:txmode none

    -- Give up rather than have others queue behind a lock
    SET lock_timeout = '2s';

    -- Validate constraint new of table a
    ALTER TABLE a VALIDATE CONSTRAINT new;

    -- Validate constraint new_key of table b
    ALTER TABLE b VALIDATE CONSTRAINT new_key;
    ");
}

#[tokio::test]
async fn a_generated_column_steps_aside_for_its_base() {
    let plan = check_plan(
        "create table t (a int, b int generated always as (a + 1) stored); create index t_b on t (b);",
        "create table t (a bigint, b int generated always as (a + 1) stored); create index t_b on t (b);",
    )
    .await;
    assert_snapshot!(plan, @r"
    -- Give up rather than have others queue behind a lock
    SET LOCAL lock_timeout = '2s';

    -- Alter table t: drop column b, change type of column a, add column b
    ALTER TABLE t
        DROP COLUMN b,
        ALTER COLUMN a TYPE bigint,
        ADD COLUMN b integer GENERATED ALWAYS AS (a + 1) STORED;

    -- Create index t_b on table t
    CREATE INDEX t_b ON t (b);
    ");
}

#[tokio::test]
async fn a_type_changes_once_the_column_is_an_ordinary_one() {
    let plan = check_plan(
        "create table t (id int generated always as identity, twice int generated always as (1 * 2) stored);",
        "create table t (id text not null, twice date);",
    )
    .await;
    assert_snapshot!(plan, @r"
    -- Give up rather than have others queue behind a lock
    SET LOCAL lock_timeout = '2s';

    -- Alter table t: make column id no longer an identity, make column twice no longer generated
    ALTER TABLE t
        ALTER COLUMN id DROP IDENTITY,
        ALTER COLUMN twice DROP EXPRESSION;

    -- Alter table t: change type of column id, change type of column twice
    ALTER TABLE t
        ALTER COLUMN id TYPE text,
        ALTER COLUMN twice TYPE date USING twice::text::date;
    ");
}

#[tokio::test]
async fn a_serial_becomes_an_identity() {
    let plan = check_plan(
        "create table t (id serial primary key);",
        "create table t (id int generated by default as identity primary key);",
    )
    .await;
    assert_snapshot!(plan, @r"
    -- Give up rather than have others queue behind a lock
    SET LOCAL lock_timeout = '2s';

    -- Drop default of column id of table t
    ALTER TABLE t ALTER COLUMN id DROP DEFAULT;

    -- Drop sequence t_id_seq
    DROP SEQUENCE t_id_seq;

    -- Make column id an identity of table t
    ALTER TABLE t ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY;

    -- Continue identity of column id of table t after its values
    SELECT setval(pg_get_serial_sequence('t', 'id'), max(id))
    FROM t
    HAVING max(id) >= 1;
    ");
}

#[tokio::test]
async fn an_identity_continues_after_what_its_sequence_can_have_given() {
    let from = TestDatabase::with(
        r#"create schema "it's";
        create table "it's"."T\1" (
            "i.d" smallint not null, up int not null, odd serial not null, down int not null
        );
        alter sequence "it's"."T\1_odd_seq" rename to odd_numbers;
        insert into "it's"."T\1" values (7, 7, 7, 7), (99, 99, 99, -99);"#,
    )
    .await;
    let to = TestDatabase::with(
        r#"create schema "it's";
        create table "it's"."T\1" (
            "i.d" smallint generated always as identity (minvalue 5 maxvalue 50),
            up int generated always as identity (start 1000),
            odd int generated always as identity (increment 2),
            down int generated always as identity (increment -1)
        );"#,
    )
    .await;
    let plan = prove(&from, &to, &PlanHints::default()).await;
    let plan = plan.unwrap_or_else(|failure| panic!("{failure}"));
    assert_snapshot!(plan, @r#"
    -- Give up rather than have others queue behind a lock
    SET LOCAL lock_timeout = '2s';

    -- Alter table "it's"."T\1"
    ALTER TABLE "it's"."T\1"
        ALTER COLUMN odd DROP DEFAULT,
        ALTER COLUMN "i.d" ADD GENERATED ALWAYS AS IDENTITY (MINVALUE 5 MAXVALUE 50),
        ALTER COLUMN up ADD GENERATED ALWAYS AS IDENTITY (START WITH 1000),
        ALTER COLUMN odd ADD GENERATED ALWAYS AS IDENTITY (INCREMENT BY 2),
        ALTER COLUMN down ADD GENERATED ALWAYS AS IDENTITY (INCREMENT BY -1);

    -- Continue identity of column "i.d" of table "it's"."T\1" after its values
    SELECT setval(pg_get_serial_sequence(E'"it''s"."T\\1"', 'i.d'), max("i.d"))
    FROM "it's"."T\1"
    WHERE "i.d" <= 50
    HAVING max("i.d") >= 5;

    -- Continue identity of column up of table "it's"."T\1" after its values
    SELECT setval(pg_get_serial_sequence(E'"it''s"."T\\1"', 'up'), max(up))
    FROM "it's"."T\1"
    HAVING max(up) >= 1000;

    -- Continue identity of column down of table "it's"."T\1" after its values
    SELECT setval(pg_get_serial_sequence(E'"it''s"."T\\1"', 'down'), min(down))
    FROM "it's"."T\1"
    HAVING min(down) <= -1;

    -- Drop sequence "it's".odd_numbers
    DROP SEQUENCE "it's".odd_numbers;

    -- Continue identity of column odd of table "it's"."T\1" after its values
    SELECT setval(pg_get_serial_sequence(E'"it''s"."T\\1"', 'odd'), max(odd))
    FROM "it's"."T\1"
    HAVING max(odd) >= 1;
    "#);
    let insert = r#"insert into "it's"."T\1" default values returning "i.d", up, odd, down"#;
    let row: (i16, i32, i32, i32) = sqlx::query_as(insert)
        .fetch_one(&mut from.connect().await)
        .await
        .expect("a row is inserted");
    assert_eq!(row, (8, 1000, 101, -100));
}

#[tokio::test]
async fn the_sequence_of_an_identity_follows_the_names_of_its_table_and_column() {
    let (long, wide) = ("x".repeat(40), "é".repeat(30));
    let plan = check_plan(
        &format!(
            "create table posts (id int generated always as identity);
            alter table posts rename to articles;
            create table \"{long}\" (id int generated always as identity, old int generated always as identity);
            alter table \"{long}\" rename old to \"{wide}\";
            create table other (id int generated always as identity (sequence name mine));"
        ),
        &format!(
            "create table articles (id int generated always as identity);
            create table posts (id int generated always as identity);
            create table \"{long}\" (id int generated always as identity, \"{wide}\" int generated always as identity);
            create table other (id int generated always as identity (sequence name yours start 7));
            create table named (id int generated always as identity (sequence name given));"
        ),
    )
    .await;
    assert_snapshot!(without_not_null(&plan), @r#"
    -- Give up rather than have others queue behind a lock
    SET LOCAL lock_timeout = '2s';

    -- Rename sequence posts_id_seq to articles_id_seq
    ALTER SEQUENCE posts_id_seq RENAME TO articles_id_seq;

    -- Create table named
    CREATE TABLE named (
        id integer GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME given)
    );

    -- Rename sequence mine to yours
    ALTER SEQUENCE mine RENAME TO yours;

    -- Change identity id of table other
    ALTER TABLE other ALTER COLUMN id SET START WITH 7;

    -- Create table posts
    CREATE TABLE posts (
        id integer GENERATED ALWAYS AS IDENTITY
    );

    -- Rename sequence xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx_old_seq to "xxxxxxxxxxxxxxxxxxxxxxxxxxxxx_éééééééééééééé_seq"
    ALTER SEQUENCE xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx_old_seq RENAME TO "xxxxxxxxxxxxxxxxxxxxxxxxxxxxx_éééééééééééééé_seq";
    "#);
}

#[tokio::test]
async fn the_sequence_of_an_identity_takes_its_name_from_a_type() {
    let plan = check_plan(
        "create type t_id_seq as enum ('a');",
        "create table t (id int generated always as identity);",
    )
    .await;
    assert_snapshot!(plan, @r"
    -- Drop enum t_id_seq
    DROP TYPE t_id_seq;

    -- Create table t
    CREATE TABLE t (
        id integer GENERATED ALWAYS AS IDENTITY
    );
    ");
}

#[tokio::test]
async fn an_identity_and_its_options_change() {
    let plan = check_plan(
        "create table t (id int generated always as identity, b int not null);",
        "create table t (id int generated by default as identity (increment 5 cache 3), b int generated always as identity);",
    )
    .await;
    assert_snapshot!(plan, @r"
    -- Give up rather than have others queue behind a lock
    SET LOCAL lock_timeout = '2s';

    -- Alter table t: change identity id, make column b an identity
    ALTER TABLE t
        ALTER COLUMN id SET GENERATED BY DEFAULT SET INCREMENT BY 5 SET CACHE 3,
        ALTER COLUMN b ADD GENERATED ALWAYS AS IDENTITY;

    -- Continue identity of column b of table t after its values
    SELECT setval(pg_get_serial_sequence('t', 'b'), max(b))
    FROM t
    HAVING max(b) >= 1;
    ");
}

#[tokio::test]
async fn an_object_that_only_differs_in_its_name_is_renamed() {
    let plan = check_plan(
        "create table t (id serial, a int unique); create index i on t (a);",
        "create table t (id int not null, a int constraint other unique); create index j on t (a);
        create sequence s as integer owned by t.id; alter table t alter id set default nextval('s');",
    )
    .await;
    assert_snapshot!(plan, @r"
    -- Give up rather than have others queue behind a lock
    SET LOCAL lock_timeout = '2s';

    -- Rename sequence t_id_seq to s
    ALTER SEQUENCE t_id_seq RENAME TO s;

    -- Rename constraint t_a_key of table t to other
    ALTER TABLE t RENAME CONSTRAINT t_a_key TO other;

    -- Rename index i to j
    ALTER INDEX i RENAME TO j;
    ");
}

#[tokio::test]
async fn a_name_is_free_before_it_is_taken_again() {
    let plan = check_plan(
        "create table x (a int); create type y as enum ('a');",
        "create type x as enum ('a'); create table y (x x);",
    )
    .await;
    assert_snapshot!(plan, @r"
    -- Give up rather than have others queue behind a lock
    SET LOCAL lock_timeout = '2s';

    -- Drop table x
    DROP TABLE x;

    -- Create enum x
    CREATE TYPE x AS ENUM (
        'a'
    );

    -- Drop enum y
    DROP TYPE y;

    -- Create table y
    CREATE TABLE y (
        x x
    );
    ");
}

#[tokio::test]
async fn constraints_of_every_kind_change() {
    if major().await < 15 {
        println!("skipped: PostgreSQL 14 has no NULLS NOT DISTINCT");
        return;
    }
    let plan = check_plan(
        "create extension btree_gist; create table p (id int primary key);
        create table t (a int, b int4range, c int constraint fk references p, constraint k unique (a), constraint ck check (a > 0), constraint ex exclude using gist (a with =, b with &&));",
        "create extension btree_gist; create table p (id int primary key);
        create table t (a int, b int4range, c int constraint fk references p deferrable, constraint k unique nulls not distinct (a), constraint ck check (a > 1), constraint ex exclude using gist (a with =, b with &&) where (a > 5));",
    )
    .await;
    assert_snapshot!(plan, @r"
    -- Give up rather than have others queue behind a lock
    SET LOCAL lock_timeout = '2s';

    -- Alter table t
    ALTER TABLE t
        DROP CONSTRAINT ck,
        DROP CONSTRAINT ex,
        ADD CONSTRAINT ex EXCLUDE USING gist (a WITH =, b WITH &&) WHERE (a > 5),
        ADD CONSTRAINT ck CHECK (a > 1) NOT VALID,
        ALTER CONSTRAINT fk DEFERRABLE INITIALLY IMMEDIATE;

    -- ==== commit ====

    -- atlas:txmode none

    -- Wait for old transactions as long as they take
    SET lock_timeout = 0;

    -- Create index k_new on table t
    DROP INDEX CONCURRENTLY IF EXISTS k_new;
    CREATE UNIQUE INDEX CONCURRENTLY k_new ON t (a) NULLS NOT DISTINCT;

    -- Give up rather than have others queue behind a lock
    SET lock_timeout = '2s';

    -- Validate constraint ck of table t
    ALTER TABLE t VALIDATE CONSTRAINT ck;

    -- ==== commit ====

    -- Give up rather than have others queue behind a lock
    SET LOCAL lock_timeout = '2s';

    -- Alter table t: drop constraint k, add constraint k
    ALTER TABLE t
        DROP CONSTRAINT k,
        ADD CONSTRAINT k UNIQUE USING INDEX k_new;
    ");
}

#[tokio::test]
async fn a_primary_key_moves() {
    let plan = check_plan(
        "create table t (id int primary key, other int); create table u (t_id int references t);",
        "create table t (id int, other int primary key); create table u (t_id int references t);",
    )
    .await;
    assert_snapshot!(plan, @r"
    -- atlas:txmode none

    -- Wait for old transactions as long as they take
    SET lock_timeout = 0;

    -- Create index t_pkey_new on table t
    DROP INDEX CONCURRENTLY IF EXISTS t_pkey_new;
    CREATE UNIQUE INDEX CONCURRENTLY t_pkey_new ON t (other);

    -- Give up rather than have others queue behind a lock
    SET lock_timeout = '2s';

    -- Add constraint t_other_required to table t
    ALTER TABLE t ADD CONSTRAINT t_other_required CHECK (other IS NOT NULL) NOT VALID;

    -- Validate constraint t_other_required of table t
    ALTER TABLE t VALIDATE CONSTRAINT t_other_required;

    -- Require column other of table t
    ALTER TABLE t ALTER COLUMN other SET NOT NULL;

    -- Drop constraint t_other_required of table t
    ALTER TABLE t DROP CONSTRAINT t_other_required;

    -- ==== commit ====

    -- Give up rather than have others queue behind a lock
    SET LOCAL lock_timeout = '2s';

    -- Drop constraint u_t_id_fkey of table u
    ALTER TABLE u DROP CONSTRAINT u_t_id_fkey;

    -- Alter table t: drop constraint t_pkey, allow null in column id, add constraint t_pkey
    ALTER TABLE t
        DROP CONSTRAINT t_pkey,
        ALTER COLUMN id DROP NOT NULL,
        ADD CONSTRAINT t_pkey PRIMARY KEY USING INDEX t_pkey_new;

    -- Add constraint u_t_id_fkey to table u
    ALTER TABLE u ADD CONSTRAINT u_t_id_fkey FOREIGN KEY (t_id) REFERENCES t (other) NOT VALID;

    -- ==== commit ====

    -- atlas:txmode none

    -- Give up rather than have others queue behind a lock
    SET lock_timeout = '2s';

    -- Validate constraint u_t_id_fkey of table u
    ALTER TABLE u VALIDATE CONSTRAINT u_t_id_fkey;
    ");
}

#[tokio::test]
async fn schemas_and_storage_change() {
    let plan = check_plan(
        "create schema old; create table old.t (a text); create table u (a text) with (fillfactor = 70);",
        "create schema new; create unlogged table new.t (a text); create table u (a text) with (autovacuum_enabled = false); alter table u alter a set storage external;",
    )
    .await;
    assert_snapshot!(plan, @r"
    -- Give up rather than have others queue behind a lock
    SET LOCAL lock_timeout = '2s';

    -- Create schema new
    CREATE SCHEMA new;

    -- Create table new.t
    CREATE UNLOGGED TABLE new.t (
        a text
    );

    -- Alter table u: set storage parameters, set storage of column a
    ALTER TABLE u
        SET (autovacuum_enabled = false),
        RESET (fillfactor),
        ALTER COLUMN a SET STORAGE EXTERNAL;

    -- Drop table old.t
    DROP TABLE old.t;

    -- Drop schema old
    DROP SCHEMA old;
    ");
}

#[tokio::test]
async fn a_required_column_is_filled_from_the_hint() {
    let mut hints = PlanHints::default();
    hints.backfill.insert(column("t", "a"), "'none'".to_owned());
    hints.backfill.insert(column("t", "b"), "id * 2".to_owned());
    hints.using.insert(column("t", "c"), "length(c)".to_owned());
    let plan = check_plan_with(
        "create table t (id int, a text, c text);",
        "create table t (id int, a text not null, b int not null default 0, c int);",
        &hints,
    )
    .await;
    assert_snapshot!(plan, @r"
    -- Give up rather than have others queue behind a lock
    SET LOCAL lock_timeout = '2s';

    -- Alter table t: change type of column c, add column b, set default of column b
    ALTER TABLE t
        ALTER COLUMN c TYPE integer USING length(c),
        ADD COLUMN b integer,
        ALTER COLUMN b SET DEFAULT 0;

    -- ==== commit ====

    -- atlas:txmode none

    -- Give up rather than have others queue behind a lock
    SET lock_timeout = '2s';

    -- Fill column a of table t
    DO $$
    #variable_conflict use_column
    DECLARE
        fill_page bigint;
        fill_pages bigint;
        fill_batch bigint;
        fill_held tid;
        fill_rows bigint;
        fill_rows_before bigint;
    BEGIN
        LOOP
            fill_page := 0;
            fill_pages := pg_relation_size('t') / current_setting('block_size')::bigint;
            fill_rows := 0;
            WHILE fill_page < fill_pages LOOP
                UPDATE t
                SET a = 'none'
                WHERE ctid = ANY (ARRAY(
                    SELECT ctid
                    FROM t
                    WHERE ctid >= format('(%s,0)', fill_page)::tid
                        AND ctid < format('(%s,0)', fill_page + 256)::tid
                        AND (a IS NULL)
                    FOR NO KEY UPDATE SKIP LOCKED
                ));
                GET DIAGNOSTICS fill_batch = ROW_COUNT;
                COMMIT;
                FOR fill_held IN
                    SELECT ctid
                    FROM t
                    WHERE ctid >= format('(%s,0)', fill_page)::tid
                        AND ctid < format('(%s,0)', fill_page + 256)::tid
                        AND (a IS NULL)
                LOOP
                    UPDATE t
                    SET a = 'none'
                    WHERE ctid = fill_held AND (a IS NULL);
                    COMMIT;
                    fill_rows := fill_rows + 1;
                END LOOP;
                fill_rows := fill_rows + fill_batch;
                fill_page := fill_page + 256;
            END LOOP;
            EXIT WHEN fill_rows = 0 OR fill_rows >= fill_rows_before;
            fill_rows_before := fill_rows;
        END LOOP;
    END
    $$;

    -- Add constraint t_a_required to table t
    ALTER TABLE t ADD CONSTRAINT t_a_required CHECK (a IS NOT NULL) NOT VALID;

    -- Fill column b of table t
    DO $$
    #variable_conflict use_column
    DECLARE
        fill_page bigint;
        fill_pages bigint;
        fill_batch bigint;
        fill_held tid;
        fill_rows bigint;
        fill_rows_before bigint;
    BEGIN
        LOOP
            fill_page := 0;
            fill_pages := pg_relation_size('t') / current_setting('block_size')::bigint;
            fill_rows := 0;
            WHILE fill_page < fill_pages LOOP
                UPDATE t
                SET b = id * 2
                WHERE ctid = ANY (ARRAY(
                    SELECT ctid
                    FROM t
                    WHERE ctid >= format('(%s,0)', fill_page)::tid
                        AND ctid < format('(%s,0)', fill_page + 256)::tid
                        AND (b IS NULL)
                    FOR NO KEY UPDATE SKIP LOCKED
                ));
                GET DIAGNOSTICS fill_batch = ROW_COUNT;
                COMMIT;
                FOR fill_held IN
                    SELECT ctid
                    FROM t
                    WHERE ctid >= format('(%s,0)', fill_page)::tid
                        AND ctid < format('(%s,0)', fill_page + 256)::tid
                        AND (b IS NULL)
                LOOP
                    UPDATE t
                    SET b = id * 2
                    WHERE ctid = fill_held AND (b IS NULL);
                    COMMIT;
                    fill_rows := fill_rows + 1;
                END LOOP;
                fill_rows := fill_rows + fill_batch;
                fill_page := fill_page + 256;
            END LOOP;
            EXIT WHEN fill_rows = 0 OR fill_rows >= fill_rows_before;
            fill_rows_before := fill_rows;
        END LOOP;
    END
    $$;

    -- Add constraint t_b_required to table t
    ALTER TABLE t ADD CONSTRAINT t_b_required CHECK (b IS NOT NULL) NOT VALID;

    -- Alter table t: validate constraint t_a_required, validate constraint t_b_required
    ALTER TABLE t
        VALIDATE CONSTRAINT t_a_required,
        VALIDATE CONSTRAINT t_b_required;

    -- Alter table t: require column a, require column b
    ALTER TABLE t
        ALTER COLUMN a SET NOT NULL,
        ALTER COLUMN b SET NOT NULL;

    -- Alter table t: drop constraint t_a_required, drop constraint t_b_required
    ALTER TABLE t
        DROP CONSTRAINT t_a_required,
        DROP CONSTRAINT t_b_required;
    ");
}

#[tokio::test]
async fn renames_that_are_said_are_statements_of_their_own() {
    let from = TestDatabase::with(
        "create type mood as enum ('sad', 'ok'); create table users (id int primary key, mail text, mood mood);",
    )
    .await;
    let to = TestDatabase::with(
        "create schema crm; create type mood as enum ('blue', 'ok'); create table crm.people (id int primary key, email text, mood mood);",
    )
    .await;
    let (before, after) = (from.catalog().await, to.catalog().await);
    let people = QualifiedName::new("crm", "people");
    let mut renames = Renames::default();
    renames
        .tables
        .insert(people.clone(), QualifiedName::in_default_schema("users"));
    renames
        .columns
        .insert((people.clone(), "email".into()), "mail".into());
    let mood = QualifiedName::in_default_schema("mood");
    renames
        .labels
        .insert((mood, "blue".to_owned()), "sad".to_owned());
    let applied = renames_to_apply(&before, &after, &renames);
    let stage = rename(&before, &applied);
    assert_snapshot!(render(&stage), @r"
    -- Give up rather than have others queue behind a lock
    SET LOCAL lock_timeout = '2s';

    -- Rename value 'sad' of enum mood to 'blue'
    ALTER TYPE mood RENAME VALUE 'sad' TO 'blue';

    -- Create schema crm
    CREATE SCHEMA crm;

    -- Move table users to schema crm
    ALTER TABLE users SET SCHEMA crm;

    -- Rename table crm.users to people
    ALTER TABLE crm.users RENAME TO people;

    -- Rename column mail of table crm.people to email
    ALTER TABLE crm.people RENAME COLUMN mail TO email;
    ");
    from.run(&render(&stage)).await;
    let proof = prove(&from, &to, &PlanHints::default()).await;
    let plan = proof.unwrap_or_else(|failure| panic!("{failure}"));
    assert_snapshot!(without_not_null(&plan), @r"
    -- Give up rather than have others queue behind a lock
    SET LOCAL lock_timeout = '2s';

    -- Rename constraint users_pkey of table crm.people to people_pkey
    ALTER TABLE crm.people RENAME CONSTRAINT users_pkey TO people_pkey;
    ");
    let now = from.catalog().await;
    assert_eq!(renames_to_apply(&now, &after, &renames), []);
}

#[tokio::test]
async fn what_may_be_a_rename_is_asked_never_done() {
    let from = TestDatabase::with(
        "create type mood as enum ('sad', 'ok'); create table users (id int, mail text); create table t (a int, b text);",
    )
    .await;
    let to = TestDatabase::with(
        "create type mood as enum ('blue', 'ok'); create table people (id int, mail text); create table t (c int, b text);",
    )
    .await;
    let candidates = rename_candidates(&from.catalog().await, &to.catalog().await);
    let candidates: Vec<String> = candidates.iter().map(ToString::to_string).collect();
    assert_snapshot!(candidates.join("\n"), @r"
    rename table users to people
    rename column t.a to c
    rename value 'sad' of enum mood to 'blue'
    ");
}

/// Cases of other tools' test suites, as far as they are about what a catalog models.
#[test]
fn differences_of_the_corpus_are_planned() {
    let peers = corpus::entries("diff").into_iter().filter(|it| it.is_dir());
    let cases: Vec<_> = peers
        .flat_map(|peer| corpus::entries(&format!("diff/{}", peer.file_name().unwrap_or_default())))
        .collect();
    let share = &|worker: usize| {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime starts");
        let cases = cases.iter().skip(worker).step_by(WORKERS);
        let verdicts = cases.filter_map(|case| Some((case, runtime.block_on(corpus_case(case))?)));
        let failures =
            verdicts.filter_map(|(case, proof)| Some(format!("{case}: {}", proof.err()?)));
        failures.collect::<Vec<_>>()
    };
    let failures: Vec<String> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..WORKERS)
            .map(|it| scope.spawn(move || share(it)))
            .collect();
        let shares = workers.into_iter().map(std::thread::ScopedJoinHandle::join);
        shares
            .flat_map(|share| share.expect("no case panics"))
            .collect()
    });
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// Most of a case is waiting.
const WORKERS: usize = 4;

/// `None` where a side does not load, or the difference is in what the catalogs do not model.
async fn corpus_case(case: &Utf8Path) -> Option<Result<(), String>> {
    let (from, to) = (TestDatabase::new().await, TestDatabase::new().await);
    for (database, file) in [(&from, "a.sql"), (&to, "b.sql")] {
        let sql = fs_err::read_to_string(case.join(file)).ok()?;
        let mut connection = database.connect().await;
        let run = sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut connection);
        run.await.ok()?;
    }
    let (before, after) = (from.catalog().await, to.catalog().await);
    if before.unmodelled != after.unmodelled || !before.unmodelled.is_empty() {
        return None;
    }
    if before == after && dump(&from) != dump(&to) {
        return None;
    }
    // The row types of tables are not in the model.
    let mut domains = after.domains.values();
    let known = |base: &str| !after.tables.keys().any(|name| name.to_string() == base);
    if !domains.all(|domain| known(&domain.base)) {
        return None;
    }
    let proof = prove(&from, &to, &PlanHints::default()).await;
    Some(proof.map(|_| ()))
}

#[tokio::test]
async fn a_sequence_turns_round_while_its_type_changes() {
    let plan = check_plan(
        "create sequence s as smallint increment -1;",
        "create sequence s as integer increment 5;",
    )
    .await;
    assert_snapshot!(plan, @r"
    -- Change sequence s
    ALTER SEQUENCE s AS integer INCREMENT BY 5 MINVALUE 1 NO MAXVALUE START WITH 1 RESTART;
    ");
}
