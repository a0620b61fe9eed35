//! Who runs a shop.

use chrono::{DateTime, Utc};
use schema_core::prelude::*;
use uuid::Uuid;

extension!(citext);

/// What a tenant pays for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PgEnum)]
pub enum Plan {
    /// Ten products.
    Free,
    /// Everything but single sign-on.
    Team,
    /// Everything.
    Enterprise,
}

/// What a person may do in a shop.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PgEnum)]
#[pg(name = "member_role")]
pub enum Role {
    /// Pays, and may delete the shop.
    Owner,
    /// Changes everything else.
    Admin,
    /// Packs and ships.
    Staff,
}

/// A name as it stands in a URL.
#[derive(Clone, Debug, PartialEq, Eq, PgDomain)]
#[pg(type = text, check = sql("value ~ '^[a-z0-9-]{3,40}$'"))]
pub struct Slug(pub String);

/// A shop.
#[table]
#[unique(slug)]
#[index(plan, created_at.desc())]
#[check(seats >= 1 && seats <= 10_000)]
#[derive(Clone, Debug)]
pub struct Tenant {
    /// Public in URLs of the API.
    #[column(primary_key, default = gen_random_uuid())]
    pub id: Uuid,
    /// The name on invoices.
    #[column(type = varchar(80))]
    pub name: String,
    pub slug: Slug,
    #[column(default = Plan::Free)]
    pub plan: Plan,
    #[column(default = 1)]
    pub seats: i32,
    #[column(default = now())]
    pub created_at: DateTime<Utc>,
    /// Set when the shop is closed; its rows go a month later.
    pub deleted_at: Option<DateTime<Utc>>,
}

/// Somebody who can log in.
#[table(name = "users")]
#[unique(email, name = "users_live_email_key", where = deleted_at.is_null())]
#[index(sql("lower(display_name)"), name = "users_display_name_idx")]
#[derive(Clone, Debug)]
pub struct User {
    #[column(primary_key, identity)]
    pub id: i64,
    #[column(type = citext)]
    pub email: String,
    pub display_name: String,
    #[column(default = now())]
    pub created_at: DateTime<Utc>,
    pub deleted_at: Option<DateTime<Utc>>,
}

/// Who works for which shop.
#[table]
#[primary_key(tenant_id, user_id)]
#[index(user_id)]
#[derive(Clone, Debug)]
pub struct Membership {
    #[column(references = Tenant::id, on_delete = cascade)]
    pub tenant_id: Uuid,
    #[column(references = User::id, on_delete = cascade)]
    pub user_id: i64,
    #[column(default = Role::Staff)]
    pub role: Role,
    #[column(references = User::id, on_delete = set_null, index)]
    pub invited_by: Option<i64>,
}
