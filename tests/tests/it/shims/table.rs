//! Renamed tables: a view under the old name.

use integration_tests::postgres::{TestDatabase, major};
use schema_core::ddl::{CompatView, Ddl, ShimDdl, ViewColumn};
use schema_core::ident::QualifiedName;
use schema_core::plan::shim::SECURITY_INVOKER;
use sqlx::PgConnection;

use super::{Deployment, rows, sqlstate, works};
use crate::cli::migrations;

const USERS: &str = r#"
#[table(name = "users")]
pub struct User {
    #[column(primary_key, identity)]
    pub id: i64,
    #[column(unique, default = sql("'nobody@' || gen_random_uuid()"))]
    pub mail: String,
    pub name: Option<String>,
    pub note: Option<String>,
}

#[table(name = "orders")]
pub struct Order {
    #[column(primary_key, identity)]
    pub id: i64,
    #[column(references = User::id, on_delete = cascade)]
    pub user_id: i64,
}
"#;

fn accounts() -> String {
    USERS
        .replace(
            "name = \"users\"",
            "name = \"accounts\", renamed_from = \"users\"",
        )
        .replace(
            "pub name",
            "#[column(renamed_from = \"name\")]\n    pub full_name",
        )
}

/// Every statement of the previous release, on a connection that has prepared them before.
async fn previous_release(app: &mut PgConnection) {
    let inserted = rows(
        app,
        "INSERT INTO users (name) VALUES ('Ann') RETURNING id::text, mail",
    );
    let inserted = works(inserted.await).remove(0);
    let (id, mail) = inserted.split_once('|').unwrap();
    assert!(
        mail.starts_with("nobody@"),
        "the default of the table: {mail}"
    );
    let upsert = format!(
        "INSERT INTO users (mail, name) VALUES ('{mail}', 'Bea') ON CONFLICT (mail) DO UPDATE SET name = EXCLUDED.name RETURNING id::text"
    );
    assert_eq!(works(rows(app, &upsert).await), [id]);
    works(
        rows(
            app,
            "SELECT id::text, mail, name FROM users ORDER BY id FOR UPDATE SKIP LOCKED",
        )
        .await,
    );
    let read = format!("SELECT name FROM users WHERE id = {id}");
    assert_eq!(works(rows(app, &read).await), ["Bea"]);
    works(
        rows(
            app,
            &format!("UPDATE users SET name = NULL, note = 'x' WHERE id = {id}"),
        )
        .await,
    );
    works(rows(app, &format!("INSERT INTO orders (user_id) VALUES ({id})")).await);
    let gone = format!("DELETE FROM users WHERE id = {id} RETURNING note");
    assert_eq!(works(rows(app, &gone).await), ["x"]);
    works(
        rows(
            app,
            "INSERT INTO users (mail, name, note) VALUES ('stays' || random(), 'Cy', '')",
        )
        .await,
    );
}

async fn this_release(app: &mut PgConnection) {
    let inserted = rows(
        app,
        "INSERT INTO accounts (full_name) VALUES ('Dan') RETURNING id::text",
    );
    let id = works(inserted.await).remove(0);
    works(
        rows(
            app,
            &format!("UPDATE accounts SET full_name = 'Eve' WHERE id = {id}"),
        )
        .await,
    );
    works(rows(app, &format!("DELETE FROM accounts WHERE id = {id}")).await);
}

/// Roles belong to the whole server: their names are this test's, and they go with the value.
async fn role(deployment: &Deployment, name: &str) -> String {
    let role = format!("\"{name} of {}\"", std::process::id());
    deployment
        .database
        .run(&format!("DROP ROLE IF EXISTS {role}; CREATE ROLE {role}"))
        .await;
    role
}

#[tokio::test]
async fn a_renamed_table_leaves_a_view_with_all_its_rights() {
    let deployment = Deployment::of("shims-table", USERS).await;
    let [app, reader, owner] = [
        role(&deployment, "app").await,
        role(&deployment, "reader").await,
        role(&deployment, "owner").await,
    ];
    let granted = format!(
        "GRANT SELECT, INSERT, UPDATE ON users TO {app}; GRANT DELETE ON users TO {app} WITH GRANT OPTION;
         GRANT ALL ON orders TO {app}; GRANT SELECT ON users TO {reader};
         ALTER TABLE users OWNER TO {owner}; ALTER TABLE orders OWNER TO {owner};
         GRANT CREATE ON SCHEMA public TO {owner};
         ALTER DEFAULT PRIVILEGES GRANT ALL ON TABLES TO {reader}"
    );
    deployment.database.run(&granted).await;
    let mut old = deployment.connect().await;
    works(rows(&mut old, &format!("SET ROLE {app}")).await);
    previous_release(&mut old).await;

    let ran = deployment.change(&accounts(), &[]);
    ran.fails(2, &["public.users", "--drop-with '#123'", "--no-shim"]);
    assert_eq!(migrations(&deployment.project).len(), 1);
    deployment
        .change(&accounts(), &["--drop-with", "#123"])
        .ok();
    let sql = deployment.written(1);
    assert!(
        sql.contains("\n-- migrate:n-1-shim: public.users drop-with #123\n\n"),
        "{sql}"
    );
    deployment.is_clean();
    assert!(deployment.next().is_some());
    assert_eq!(deployment.next(), None, "rename and view are one file");

    previous_release(&mut old).await;
    let mut new = deployment.connect().await;
    works(rows(&mut new, &format!("SET ROLE {app}")).await);
    this_release(&mut new).await;
    // The previous release may know these by name.
    let inside = "SELECT relname::text FROM pg_class WHERE relkind IN ('i', 'S') AND relname ~ '^(users|accounts)' ORDER BY 1";
    let mut admin = deployment.connect().await;
    let names = works(rows(&mut admin, inside).await);
    assert_eq!(names, ["users_id_seq", "users_mail_key", "users_pkey"]);
    let rights = |name: &str| {
        format!(
            "SELECT format('%s %s %s', pg_get_userbyid(grantee), privilege_type, is_grantable)
             FROM pg_class, aclexplode(relacl) WHERE oid = '{name}'::regclass ORDER BY 1"
        )
    };
    let of_table = works(rows(&mut admin, &rights("accounts")).await);
    assert!(of_table.len() > 10, "{of_table:?}");
    assert_eq!(works(rows(&mut admin, &rights("users")).await), of_table);
    let owners = "SELECT DISTINCT pg_get_userbyid(relowner)::text FROM pg_class WHERE relname IN ('users', 'accounts')";
    assert_eq!(works(rows(&mut admin, owners).await).len(), 1);

    // Row security that comes later holds through the view; before 15 a view has no way to.
    let secured = format!(
        "ALTER TABLE accounts ENABLE ROW LEVEL SECURITY;
         CREATE POLICY visible ON accounts TO {app} USING (full_name IS DISTINCT FROM 'secret') WITH CHECK (true);
         INSERT INTO accounts (full_name) VALUES ('secret')"
    );
    deployment.database.run(&secured).await;
    let seen = rows(&mut old, "SELECT name FROM users WHERE name = 'secret'").await;
    let bypassed = major().await < SECURITY_INVOKER;
    assert_eq!(works(seen).is_empty(), !bypassed);
    deployment
        .database
        .run("DROP POLICY visible ON accounts; ALTER TABLE accounts DISABLE ROW LEVEL SECURITY")
        .await;

    // DDL on columns that the view shows.
    let changed = accounts()
        .replace(
            "#[column(renamed_from = \"name\")]",
            "#[column(renamed_from = \"name\", type = varchar(80))]",
        )
        .replace("    pub note: Option<String>,\n", "");
    let ran = deployment.change(&changed, &[]).ok();
    assert!(ran.err.contains("accounts.full_name"), "{}", ran.err);
    deployment.is_clean();
    while deployment.next().is_some() {
        let read = rows(&mut old, "SELECT id::text, name FROM users LIMIT 1").await;
        works(read);
        works(rows(&mut old, "INSERT INTO users (name) VALUES ('Flo')").await);
    }
    let of_view = works(rows(&mut admin, &rights("users")).await);
    assert_eq!(
        of_view, of_table,
        "the view that came back has its rights again"
    );

    // Its name is taken as long as it lives.
    let taken = format!(
        "{changed}\n#[table(name = \"users\")]\npub struct Other {{ #[column(primary_key)] pub id: i64 }}\n"
    );
    let taken = taken.replace(", renamed_from = \"users\"", "");
    deployment
        .change(&taken, &[])
        .fails(2, &["users is taken", "#123", "--contract '#123'"]);
    deployment.change(&changed, &["--dry-run"]).ok();

    deployment
        .migrate(&["generate", "contract", "--contract", "#7"])
        .fails(2, &["#7", "public.users is, until #123"]);
    deployment
        .migrate(&["generate", "contract", "--contract", "#123"])
        .ok();
    deployment.is_clean();
    assert!(deployment.next().is_some());
    assert_eq!(
        sqlstate(rows(&mut old, "SELECT mail FROM users").await),
        "42P01"
    );
    this_release(&mut new).await;
    let names = works(rows(&mut admin, inside).await);
    assert_eq!(
        names,
        ["accounts_id_seq", "accounts_mail_key", "accounts_pkey"]
    );
    deployment.change(&taken, &[]).ok();
    deployment.apply().ok();

    for role in [app, reader, owner] {
        let gone = format!("REASSIGN OWNED BY {role} TO CURRENT_USER; DROP OWNED BY {role}");
        deployment.database.run(&gone).await;
        let _ = rows(&mut admin, &format!("DROP ROLE {role}")).await;
    }
}

#[tokio::test]
async fn rights_on_single_columns_hold_through_the_view() {
    let deployment = Deployment::of("shims-table-columns", USERS).await;
    let app = role(&deployment, "columns").await;
    let granted = format!("GRANT SELECT (id, name), UPDATE (name) ON users TO {app}");
    deployment.database.run(&granted).await;
    let mut old = deployment.connect().await;
    works(rows(&mut old, &format!("SET ROLE {app}")).await);
    deployment.change(&accounts(), &["--drop-with", "9"]).ok();
    for renamed in [false, true] {
        if renamed {
            deployment.apply().ok();
        }
        works(rows(&mut old, "SELECT id::text, name FROM users").await);
        works(rows(&mut old, "UPDATE users SET name = 'x'").await);
        let secret = rows(&mut old, "SELECT mail FROM users").await;
        assert_eq!(sqlstate(secret), "42501");
        let secret = rows(&mut old, "UPDATE users SET mail = 'x'").await;
        assert_eq!(sqlstate(secret), "42501");
    }
    deployment
        .database
        .run(&format!("DROP OWNED BY {app}"))
        .await;
    let mut admin = deployment.connect().await;
    works(rows(&mut admin, &format!("DROP ROLE {app}")).await);
}

#[tokio::test]
async fn a_table_that_moves_to_another_schema_leaves_a_view_in_the_old_one() {
    let deployment = Deployment::of("shims-table-schema", USERS).await;
    let mut old = deployment.connect().await;
    previous_release(&mut old).await;
    let moved = USERS.replace(
        "name = \"users\"",
        "schema = \"app\", name = \"users\", renamed_from = \"public.users\"",
    );
    deployment.change(&moved, &["--drop-with", "#5"]).ok();
    deployment.is_clean();
    deployment.apply().ok();
    previous_release(&mut old).await;
    let moved = rows(&mut old, "SELECT count(*)::text FROM app.users").await;
    assert_eq!(works(moved), ["2"]);
}

/// PostgreSQL 14 has no `security_invoker`; the statements for it run on every version.
#[tokio::test]
async fn where_a_view_cannot_keep_row_security_the_migration_stops() {
    let database = TestDatabase::with("CREATE TABLE people (id bigint, name text)").await;
    let column = |old: &str, column: &str| ViewColumn {
        old: old.into(),
        column: column.into(),
    };
    let view = CompatView {
        old: QualifiedName::in_default_schema("users"),
        table: QualifiedName::in_default_schema("people"),
        columns: vec![column("id", "id"), column("title", "name")],
        security_invoker: false,
    };
    let create = ShimDdl::CreateView(view.clone());
    let copy = Ddl::Shim(ShimDdl::CopyPrivileges(view)).to_string();
    let create = Ddl::Shim(create).to_string();
    assert!(!create.contains("security_invoker"), "{create}");
    database.run(&create).await;
    database.run(&copy).await;
    let mut app = database.connect().await;
    works(rows(&mut app, "INSERT INTO users VALUES (1, 'x')").await);
    database
        .run("ALTER TABLE people ENABLE ROW LEVEL SECURITY")
        .await;
    assert_eq!(sqlstate(rows(&mut app, &copy).await), "P0001");
}
