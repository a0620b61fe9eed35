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
            "SELECT polname || polcmd::text || pg_get_expr(polqual, polrelid) FROM pg_policy ORDER BY 1 LIMIT 1",
            "ownr(name = 'me'::text)",
        ),
        (
            "SELECT relrowsecurity::text || relforcerowsecurity || relreplident FROM pg_class WHERE relname = 'customers'",
            "truetruef",
        ),
        (
            "SELECT tgname || ' ' || tgfoid::regproc FROM pg_trigger WHERE tgrelid = 'customers'::regclass",
            "touch audit.touch",
        ),
        (
            "SELECT stxname || stxkind::text FROM pg_statistic_ext",
            "customers_name_address_stat{d,m}",
        ),
        (
            "SELECT indexdef FROM pg_indexes WHERE tablename = 'by_name' ORDER BY 1 LIMIT 1",
            "CREATE INDEX by_name_customers_idx ON audit.by_name USING btree (customers DESC) WHERE (customers > 1)",
        ),
        (
            "SELECT even(0)::text || obj_description('even'::regproc)",
            "trueDivisible by two.",
        ),
        (
            "SELECT (ROW('a', 'b', 'home')::address).postcode || '[1,2)'::price_range",
            "b[1,2)",
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
