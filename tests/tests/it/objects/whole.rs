//! A schema with objects of most kinds, from the source to a database.

use integration_tests::postgres::TestDatabase;
use integration_tests::project::TestProject;

use super::project;
use crate::cli::{migrate, migrations};
use crate::config_rows::{deploy, texts};

const SOURCE: &str = r#"//! A shop with objects of most kinds.
use schema_core::prelude::*;

pg_schema!(pub audit);

sql!("CREATE TYPE price_range AS RANGE (subtype = numeric)");
sql_file!("../sql/functions.sql");
schema_core::sql!(NUMBERS);

const NUMBERS: &str = "CREATE SEQUENCE order_numbers START 1000; CREATE AGGREGATE product(float8) (SFUNC = float8mul, STYPE = float8, INITCOND = 1);";

/// Where somebody lives.
#[derive(PgComposite)]
pub struct Address {
    /// With its number.
    pub street: String,
    #[pg(type = varchar(12), name = "postcode")]
    pub zip: Option<String>,
    pub kind: AddressKind,
}

#[derive(Clone, Copy, PgEnum)]
pub enum AddressKind { Home, Work }

#[table(name = "customers", rls = force, replica_identity = full)]
#[policy(name = "own", for = select, to = "app", using = name == "me")]
#[policy(name = "write", to = ["app"], using = sql("true"), with_check = sql("length(name) > 1"), restrictive)]
#[trigger(name = "touch", before(insert, update(name)), execute = "audit.touch")]
#[grant(select, update(name, address), to = "app")]
#[statistics(name, address, kinds = [ndistinct, mcv])]
pub struct Customer {
    #[column(primary_key, default = sql("nextval('order_numbers')"))]
    pub id: i64,
    pub name: String,
    pub address: Option<Address>,
    #[column(type = sql("price_range"))]
    pub budget: Option<String>,
    #[column(type = timestamptz, default = now())]
    pub updated_at: String,
}

/// Who has an address.
#[view(file = "../sql/reachable.sql", name = "reachable", security_barrier)]
pub struct Reachable {
    pub zip: Option<String>,
    /// Their number.
    pub id: i64,
    pub name: String,
    #[column(skip)]
    pub cached: bool,
}

#[materialized_view(schema = audit, sql = "SELECT name, count(*) AS customers FROM reachable GROUP BY name")]
#[unique(name)]
#[index(customers.desc(), where = customers > 1)]
pub struct ByName {
    pub name: String,
    pub customers: i64,
}
"#;

const FUNCTIONS: &str = "\
-- What triggers run.
CREATE FUNCTION audit.touch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    new.updated_at = now();
    RETURN new;
END $$;

-- Each calls the other, and both look at a table.
CREATE FUNCTION even(n int) RETURNS boolean LANGUAGE sql AS
    'SELECT n = 0 OR odd(n - 1) AND EXISTS (SELECT FROM customers)';
CREATE FUNCTION odd(n int) RETURNS boolean LANGUAGE sql AS
    'SELECT n <> 0 AND even(n - 1)';
CREATE PROCEDURE rename_customer(of bigint, new_name text) LANGUAGE sql
    BEGIN ATOMIC UPDATE customers SET name = new_name WHERE id = of; END;
COMMENT ON FUNCTION even(int) IS 'Divisible by two.';
";

const REACHABLE: &str = "
-- With what the carrier asks for.
SELECT id, name, (address).postcode AS zip
FROM customers
WHERE address IS NOT NULL;
";

fn shop(name: &str) -> TestProject {
    let project = project(name, SOURCE);
    project.write("sql/functions.sql", FUNCTIONS);
    project.write("sql/reachable.sql", REACHABLE);
    project
}

#[tokio::test]
async fn what_the_source_says_is_in_the_database() {
    let project = shop("objects-whole");
    migrate(&project, &["generate", "first"]).ok();
    migrate(&project, &["check"]).ok();
    migrate(&project, &["generate", "again"]).ok();
    assert_eq!(migrations(&project).len(), 1);

    let database = TestDatabase::new().await;
    deploy(&project, &database, 0).await;
    for (query, expected) in [
        (
            "SELECT obj_description('reachable'::regclass) || col_description('reachable'::regclass, 1)",
            "Who has an address.Their number.",
        ),
        (
            "SELECT concat_ws(' ', polname, polcmd, pg_get_expr(polqual, polrelid)) FROM pg_policy ORDER BY 1 LIMIT 1",
            "own r (name = 'me'::text)",
        ),
        (
            "SELECT concat_ws(' ', relrowsecurity, relforcerowsecurity, relreplident) FROM pg_class WHERE relname = 'customers'",
            "t t f",
        ),
        (
            "SELECT concat_ws(' ', tgname, tgfoid::regproc) FROM pg_trigger WHERE tgrelid = 'customers'::regclass",
            "touch audit.touch",
        ),
        (
            "SELECT concat_ws(' ', stxname, stxkind) FROM pg_statistic_ext",
            "customers_name_address_stat {d,m}",
        ),
        (
            "SELECT indexdef FROM pg_indexes WHERE tablename = 'by_name' ORDER BY 1 LIMIT 1",
            "CREATE INDEX by_name_customers_idx ON audit.by_name USING btree (customers DESC) WHERE (customers > 1)",
        ),
        (
            "SELECT concat_ws(' ', even(0), obj_description('even(int)'::regprocedure))",
            "t Divisible by two.",
        ),
        (
            "SELECT concat_ws(' ', (ROW('a', 'b', 'home')::address).postcode, '[1,2)'::price_range)",
            "b [1,2)",
        ),
        (
            "SELECT product(x)::text FROM unnest('{2,3}'::float8[]) AS x",
            "6",
        ),
    ] {
        assert_eq!(texts(&database, query).await, [expected], "{query}");
    }
    project.write(
        "sql/reachable.sql",
        &REACHABLE.replace("IS NOT NULL", "IS NOT NULL AND name <> ''"),
    );
    migrate(&project, &["check"]).fails(4, &["reachable"]);
}

const PARTS: &str = r#"//! A table in parts.
use schema_core::prelude::*;

#[table(name = "events", partition_by = range(at))]
#[primary_key(id, at)]
#[partition(name = "events_2031", from = "2031-01-01", to = "2032-01-01")]
#[partition(name = "events_rest", default)]
pub struct Event {
    pub id: i64,
    #[column(type = date)]
    pub at: String,
}
"#;

#[tokio::test]
async fn a_table_has_the_partitions_that_the_source_says() {
    let project = project("objects-parts", PARTS);
    migrate(&project, &["generate", "first"]).ok();
    migrate(&project, &["check"]).ok();
    let more = "#[partition(name = \"events_2032\", from = \"2032-01-01\", to = \"2033-01-01\")]\npub struct";
    project.write("src/lib.rs", &PARTS.replace("pub struct", more));
    migrate(&project, &["check"]).fails(4, &["events_2032"]);
    migrate(&project, &["generate", "second"]).ok();
    migrate(&project, &["check"]).ok();
    let database = TestDatabase::new().await;
    deploy(&project, &database, 0).await;
    let parts = "SELECT concat_ws(' ', inhrelid::regclass, pg_get_expr(relpartbound, oid)) \
                 FROM pg_inherits JOIN pg_class ON oid = inhrelid WHERE relkind = 'r' ORDER BY 1";
    assert_eq!(
        texts(&database, parts).await,
        [
            "events_2031 FOR VALUES FROM ('2031-01-01') TO ('2032-01-01')",
            "events_2032 FOR VALUES FROM ('2032-01-01') TO ('2033-01-01')",
            "events_rest DEFAULT",
        ]
    );
}

#[tokio::test]
async fn objects_of_the_migrations_stay_until_the_source_declares_some() {
    let table = "//! Users.\nuse schema_core::prelude::*;\n#[table(name = \"users\")]\npub struct User {\n    #[column(primary_key)]\n    pub id: i64,\n}\n";
    let project = project("objects-stay", table);
    migrate(&project, &["generate", "first"]).ok();
    project.write(
        "by_hand.sql",
        "CREATE VIEW by_hand AS SELECT id FROM users;\n",
    );
    migrate(&project, &["new", "by_hand", "--from", "by_hand.sql"]).ok();
    migrate(&project, &["check"]).ok();
    let declared = format!(
        "{table}#[view(sql = \"SELECT id FROM users WHERE id > 0\")]\npub struct Positive {{\n    pub id: i64,\n}}\n"
    );
    project.write("src/lib.rs", &declared);
    migrate(&project, &["check"]).fails(4, &["view by_hand", "view positive"]);
    migrate(&project, &["generate", "second"]).ok();
    let (_, second) = migrations(&project).pop().unwrap();
    assert!(
        second.contains("DROP VIEW by_hand") && second.contains("CREATE VIEW positive"),
        "{second}"
    );
    migrate(&project, &["check"]).ok();
}
