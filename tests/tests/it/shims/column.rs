//! Renamed columns: both, kept alike by a trigger.

use sqlx::PgConnection;

use super::{Deployment, rows, sqlstate, works};

const USERS: &str = r#"
#[table(name = "users")]
#[index(name = "users_search", mail, name)]
#[check(name = "users_mail_check", sql("length(mail) > 2"))]
pub struct User {
    #[column(primary_key, identity)]
    pub id: i64,
    #[column(unique, default = sql("'nobody@' || gen_random_uuid()"))]
    pub mail: String,
    pub name: Option<String>,
}
"#;

fn renamed() -> String {
    USERS
        .replace(
            "pub mail",
            "#[column(renamed_from = \"mail\")]\n    pub email",
        )
        .replace("(mail)", "(email)")
        .replace("mail, name)]", "email, name)]")
}

/// What the previous release does, and what it reads back.
async fn previous_release(app: &mut PgConnection) {
    let inserted = rows(
        app,
        "INSERT INTO users (mail, name) VALUES ('old', 'Ann') RETURNING mail",
    );
    assert_eq!(works(inserted.await), ["old"]);
    let upsert = "INSERT INTO users (mail, name) VALUES ('old', 'Bea') ON CONFLICT (mail) DO UPDATE SET name = EXCLUDED.name, mail = 'older' RETURNING mail";
    assert_eq!(works(rows(app, upsert).await), ["older"]);
    let updated =
        "UPDATE users SET mail = 'oldest', name = name WHERE mail = 'older' RETURNING mail";
    assert_eq!(works(rows(app, updated).await), ["oldest"]);
    let default = rows(app, "INSERT INTO users (name) VALUES ('Cy') RETURNING mail").await;
    assert!(works(default)[0].starts_with("nobody@"));
    assert_eq!(
        sqlstate(rows(app, "INSERT INTO users (mail) VALUES ('x')").await),
        "23514"
    );
    assert_eq!(
        sqlstate(rows(app, "INSERT INTO users (mail) VALUES ('oldest')").await),
        "23505"
    );
    assert_eq!(
        sqlstate(rows(app, "INSERT INTO users (mail) VALUES (NULL)").await),
        "23502"
    );
    works(rows(app, "DELETE FROM users WHERE mail = 'oldest'").await);
}

/// The same of this release.
async fn this_release(app: &mut PgConnection) {
    let inserted = rows(
        app,
        "INSERT INTO users (email, name) VALUES ('new', 'Dan') RETURNING email",
    );
    assert_eq!(works(inserted.await), ["new"]);
    let upsert = "INSERT INTO users (email, name) VALUES ('new', 'Eve') ON CONFLICT (email) DO UPDATE SET name = EXCLUDED.name, email = 'newer' RETURNING email";
    assert_eq!(works(rows(app, upsert).await), ["newer"]);
    let updated = "UPDATE users SET email = 'newest' WHERE email = 'newer' RETURNING email";
    assert_eq!(works(rows(app, updated).await), ["newest"]);
    let default = rows(
        app,
        "INSERT INTO users (name) VALUES ('Flo') RETURNING email",
    )
    .await;
    assert!(works(default)[0].starts_with("nobody@"));
    assert_eq!(
        sqlstate(rows(app, "INSERT INTO users (email) VALUES ('x')").await),
        "23514"
    );
    assert_eq!(
        sqlstate(rows(app, "INSERT INTO users (email) VALUES ('newest')").await),
        "23505"
    );
    works(rows(app, "DELETE FROM users WHERE email = 'newest'").await);
}

async fn are_alike(app: &mut PgConnection) {
    let differing = "SELECT id::text FROM users WHERE mail IS DISTINCT FROM email";
    assert_eq!(works(rows(app, differing).await), [""; 0]);
}

#[tokio::test]
async fn two_releases_share_a_renamed_column() {
    let deployment = Deployment::of("shims-column", USERS).await;
    let mut old = deployment.connect().await;
    works(
        rows(
            &mut old,
            "INSERT INTO users (name) SELECT 'n' || i FROM generate_series(1, 50) i",
        )
        .await,
    );
    previous_release(&mut old).await;
    let ran = deployment.change(&renamed(), &[]);
    ran.fails(2, &["public.users.mail", "--drop-with '#123'"]);
    deployment.change(&renamed(), &["--drop-with", "#123"]).ok();
    deployment.is_clean();
    while deployment.next().is_some() {
        previous_release(&mut old).await;
    }
    let mut new = deployment.connect().await;
    are_alike(&mut new).await;
    this_release(&mut new).await;
    previous_release(&mut old).await;

    // One writes, the other reads; who writes both means the new one.
    let cross = [
        ("INSERT INTO users (mail) VALUES ('from old')", "from old"),
        (
            "UPDATE users SET mail = 'old again' WHERE mail = 'from old'",
            "old again",
        ),
        (
            "UPDATE users SET email = 'from new' WHERE mail = 'old again'",
            "from new",
        ),
        (
            "UPDATE users SET mail = 'lost', email = 'both' WHERE mail = 'from new'",
            "both",
        ),
        (
            "UPDATE users SET mail = mail, name = 'x' WHERE mail = 'both'",
            "both",
        ),
        (
            "INSERT INTO users (mail, email) VALUES ('lost', 'both new')",
            "both new",
        ),
    ];
    for (sql, found) in cross {
        works(rows(&mut new, sql).await);
        let read = format!("SELECT mail, email FROM users WHERE email = '{found}'");
        assert_eq!(
            works(rows(&mut new, &read).await),
            [format!("{found}|{found}")],
            "{sql}"
        );
    }
    are_alike(&mut new).await;

    // The same while the name stays in the source, or goes from it.
    let said_no_more = renamed().replace("#[column(renamed_from = \"mail\")]\n", "");
    deployment.change(&said_no_more, &[]).ok();
    deployment.is_clean();
    // What else changes meanwhile leaves the old column alone.
    let wider = said_no_more.replace(
        "pub name: Option<String>",
        "pub name: Option<String>,\n    pub age: Option<i32>",
    );
    deployment.change(&wider, &[]).ok();
    deployment.is_clean();
    while deployment.next().is_some() {
        previous_release(&mut old).await;
    }

    deployment
        .migrate(&["generate", "contract", "--contract", "123"])
        .ok();
    deployment.is_clean();
    assert!(deployment.next().is_some());
    assert_eq!(deployment.next(), None, "a contract is one transaction");
    this_release(&mut new).await;
    let left = "SELECT indexrelid::regclass::text FROM pg_index WHERE indrelid = 'users'::regclass ORDER BY 1";
    assert_eq!(
        works(rows(&mut new, left).await),
        ["users_email_key", "users_pkey", "users_search"]
    );
    let left = rows(
        &mut new,
        "SELECT proname::text FROM pg_proc WHERE pronamespace = 'public'::regnamespace",
    );
    assert_eq!(works(left.await), [""; 0]);
}

const PRICES: &str = r#"
#[table(name = "prices")]
pub struct Price {
    #[column(primary_key, identity)]
    pub id: i64,
    pub euros: Option<i32>,
    #[column(type = json)]
    pub data: Option<String>,
}
"#;

#[tokio::test]
async fn a_new_name_takes_a_new_type_along() {
    let prices = PRICES.replace(
        "    #[column(type = json)]\n    pub data: Option<String>,\n",
        "",
    );
    let deployment = Deployment::of("shims-column-type", &prices).await;
    let mut app = deployment.connect().await;
    works(
        rows(
            &mut app,
            "INSERT INTO prices (euros) VALUES (1), (NULL), (300)",
        )
        .await,
    );
    let typed = prices.replace(
        "pub euros: Option<i32>",
        "#[column(type = varchar(20), renamed_from = \"euros\", using = sql(\"amount + 1000\"))]\n    pub amount: Option<String>",
    );
    let ran = deployment.change(&typed, &["--drop-with", "#1"]).ok();
    assert!(
        ran.err.contains("prices.amount"),
        "the way back is a cast: {}",
        ran.err
    );
    deployment.is_clean();
    deployment.apply().ok();
    let both = "SELECT euros::text, amount FROM prices ORDER BY id";
    assert_eq!(
        works(rows(&mut app, both).await),
        ["1|1001", "NULL|NULL", "300|1300"]
    );
    works(rows(&mut app, "INSERT INTO prices (euros) VALUES (7)").await);
    works(rows(&mut app, "INSERT INTO prices (amount) VALUES ('0012')").await);
    works(
        rows(
            &mut app,
            "UPDATE prices SET id = id + 100 WHERE amount = '0012'",
        )
        .await,
    );
    works(rows(&mut app, "UPDATE prices SET amount = NULL WHERE euros = 1").await);
    let all = works(rows(&mut app, both).await);
    assert_eq!(
        all,
        ["NULL|NULL", "NULL|NULL", "300|1300", "7|1007", "12|0012"]
    );
    deployment
        .migrate(&["generate", "contract", "--contract", "1"])
        .ok();
    deployment.is_clean();
    deployment.apply().ok();
    works(rows(&mut app, "SELECT amount FROM prices").await);
}

#[tokio::test]
async fn a_type_without_equality_is_kept_alike_too() {
    let deployment = Deployment::of("shims-column-json", PRICES).await;
    let mut app = deployment.connect().await;
    works(rows(&mut app, "INSERT INTO prices (data) VALUES ('[1]')").await);
    let renamed = PRICES.replace(
        "#[column(type = json)]\n    pub data",
        "#[column(type = json, renamed_from = \"data\")]\n    pub document",
    );
    deployment.change(&renamed, &["--drop-with", "#1"]).ok();
    deployment.apply().ok();
    let both = "SELECT data::text, document::text FROM prices";
    assert_eq!(works(rows(&mut app, both).await), ["[1]|[1]"]);
    works(rows(&mut app, "UPDATE prices SET document = '[2]'").await);
    assert_eq!(works(rows(&mut app, both).await), ["[2]|[2]"]);
    works(rows(&mut app, "UPDATE prices SET data = '[3]'").await);
    assert_eq!(works(rows(&mut app, both).await), ["[3]|[3]"]);
}
