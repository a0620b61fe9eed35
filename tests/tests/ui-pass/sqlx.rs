//! Names that `#[sqlx(…)]` gives are the names in the database.
#![deny(warnings)]

use schema_core::def::{Record, TableDef};
use schema_core::prelude::*;
use schema_core::sql_type::{PgEnum as _, SqlType as _};
use test_derives::{FromRow, Type};

#[table(name = "users")]
#[derive(FromRow)]
#[sqlx(rename_all = "camelCase")]
#[index(mail, display_name)]
pub struct User {
    #[column(primary_key)]
    #[sqlx(rename = "user_id", default)]
    pub id: i64,
    #[column(name = "email")]
    #[sqlx(rename = "email")]
    pub mail: String,
    pub display_name: String,
    #[column(skip)]
    #[sqlx(skip)]
    pub cache: std::marker::PhantomData<()>,
    #[column(skip)]
    #[sqlx(flatten)]
    pub more: std::marker::PhantomData<()>,
    #[sqlx(json)]
    pub settings: Json<()>,
    pub role: Role,
    pub state: State,
}

#[derive(PgEnum, Type)]
#[sqlx(type_name = "auth.member_role", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Role {
    SiteOwner,
    #[sqlx(rename = "plain")]
    Member,
}

#[derive(PgEnum, Type)]
#[pg(name = "state")]
#[sqlx(type_name = "public.state")]
pub enum State {
    OnHold,
    #[pg(rename = "gone")]
    #[sqlx(rename = "gone")]
    Left,
}

fn main() {
    let user = user();
    let names: Vec<_> = user.columns.iter().map(|column| column.name).collect();
    assert_eq!(names, ["user_id", "email", "displayName", "settings", "role", "state"]);
    assert_eq!(user.columns[2].field, "display_name");
    assert_eq!(user.indexes[0].name, "users_email_displayName_idx");
    assert_eq!(Role::TYPE.name.name, "member_role");
    assert_eq!(Role::LITERALS, [(0, "'SITE_OWNER'"), (1, "'plain'")]);
    assert_eq!(State::TYPE.name.name, "state");
    assert_eq!(State::LITERALS, [(0, "'OnHold'"), (1, "'gone'")]);
}

/// What this executable records of the table.
fn user() -> TableDef<'static> {
    let program = std::env::current_exe().unwrap().try_into().unwrap();
    let arena = Box::leak(Box::default());
    let records = schema_core::metadata::extract::records(&[program], arena).unwrap();
    let table = records.into_iter().find_map(|record| match record {
        Record::Table(table) => Some(table),
        _ => None,
    });
    table.unwrap()
}
