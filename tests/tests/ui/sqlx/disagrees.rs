use schema_core::prelude::*;
use test_derives::{FromRow, Type};

#[table(rename_all = "snake_case")]
#[derive(FromRow)]
#[sqlx(rename_all = "camelCase")]
pub struct Cases {
    #[column(primary_key)]
    pub id: i64,
}

#[table]
#[derive(FromRow)]
#[sqlx(rename_all = "camelCase")]
pub struct User {
    #[column(primary_key)]
    pub id: i64,
    #[column(name = "email")]
    #[sqlx(rename = "mail")]
    pub address: String,
    #[column(name = "display_name")]
    pub display_name: String,
    #[sqlx(skip)]
    pub cache: i32,
    #[sqlx(flatten)]
    pub more: i32,
    #[sqlx(rename = "nickName")]
    pub nick: String,
    pub nick_name: String,
}

#[derive(PgEnum, Type)]
#[pg(name = "role")]
#[sqlx(type_name = "member_role", rename_all = "lowercase")]
pub enum Role {
    #[pg(rename = "boss")]
    #[sqlx(rename = "owner")]
    Owner,
    #[pg(rename = "Member")]
    Member,
}

#[derive(PgEnum, Type)]
#[pg(rename_all = "snake_case")]
#[sqlx(type_name = "state")]
pub enum State {
    OnHold,
}

#[derive(PgDomain, Type)]
#[pg(name = "slug")]
#[sqlx(type_name = "short_slug")]
pub struct Slug(pub String);

fn main() {}
