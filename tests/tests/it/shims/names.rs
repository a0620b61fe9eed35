//! Names that SQL has to quote, cut or escape.

use super::{Deployment, rows, works};

/// With `_pkey` behind it, it has 63 bytes.
const TABLE: &str = "a table of fifty-eight bytes: \\\"quotes\\\", '1', $n1$ größer";

const LONG: &str = "a name of sixty-three bytes, with \\\"quotes\\\", it's: $n1$ größer";

fn hostile(table: &str, column: &str) -> String {
    format!(
        "#[table(name = \"{TABLE}\"{table})]
#[index(name = \"Search\", value)]
pub struct Hostile {{
    #[column(primary_key, identity, name = \"select\")]
    pub id: i64,
    #[column(name = \"{column}\", default = sql(\"'$n1$ \\\\ '''\"))]
    pub value: String,
    #[column(name = \"n1 % {LONG}\")]
    pub other: Option<String>,
}}
"
    )
    .replace("n1 % a name of sixty-three bytes,", "%s")
}

fn sql_name(name: &str) -> String {
    format!("\"{}\"", name.replace("\\\"", "\"\""))
}

#[tokio::test]
async fn names_are_what_they_are() {
    assert_eq!(LONG.replace('\\', "").len(), 63);
    assert_eq!(TABLE.replace('\\', "").len(), 58);
    let deployment = Deployment::of("shims-names", &hostile("", LONG)).await;
    let (table, column) = (sql_name(TABLE), sql_name(LONG));
    let mut old = deployment.connect().await;
    let previous_release = [
        format!("INSERT INTO {table} ({column}) VALUES ('x') RETURNING {column}"),
        format!(
            "UPDATE {table} SET {column} = {column} || 'y' WHERE {column} = 'x' RETURNING {column}"
        ),
        format!("INSERT INTO {table} DEFAULT VALUES RETURNING {column}"),
    ];
    let expected = ["x", "xy", "$n1$ \\ '"];
    let at_work = async |app: &mut _| {
        for (sql, expected) in previous_release.iter().zip(expected) {
            assert_eq!(works(rows(app, sql).await), [expected], "{sql}");
        }
    };
    at_work(&mut old).await;

    // The column first, beside the table's old name.
    let new_name = "Größe \\\" of $n1$ 表";
    let renamed = hostile("", new_name).replace(
        "default =",
        &format!("renamed_from = \"{LONG}\", default ="),
    );
    deployment.change(&renamed, &["--drop-with", "#1"]).ok();
    deployment.is_clean();
    while deployment.next().is_some() {
        at_work(&mut old).await;
    }
    let alike = format!(
        "SELECT {}, {column} FROM {table} WHERE {column} IS DISTINCT FROM {}",
        sql_name(new_name),
        sql_name(new_name)
    );
    assert_eq!(works(rows(&mut old, &alike).await), [""; 0]);
    deployment
        .migrate(&["generate", "contract", "--contract", "1"])
        .ok();
    deployment.is_clean();
    deployment.apply().ok();

    // Then table and column together.
    let column = sql_name(new_name);
    let previous_release =
        format!("INSERT INTO {table} ({column}) VALUES ('z') RETURNING {column}");
    works(rows(&mut old, &previous_release).await);
    let both = hostile("", "value")
        .replace(
            &format!("name = \"{TABLE}\")"),
            &format!("name = \"Short\", renamed_from = \"{TABLE}\")"),
        )
        .replace(
            "default =",
            &format!("renamed_from = \"{new_name}\", default ="),
        );
    deployment.change(&both, &["--drop-with", "#2"]).ok();
    deployment.is_clean();
    deployment.apply().ok();
    assert_eq!(works(rows(&mut old, &previous_release).await), ["z"]);
    works(rows(&mut old, "INSERT INTO \"Short\" (value) VALUES ('w')").await);
    deployment
        .migrate(&["generate", "contract", "--contract", "2"])
        .ok();
    deployment.is_clean();
    deployment.apply().ok();
}
