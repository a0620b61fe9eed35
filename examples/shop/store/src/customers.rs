//! Who buys.

use chrono::{DateTime, Utc};
use schema_core::prelude::*;
use uuid::Uuid;

use crate::Tenant;

/// A buyer, known to one shop only.
#[table]
#[unique(tenant_id, id)]
#[unique(tenant_id, email)]
#[foreign_key(
    columns = [id, default_address_id],
    references = [Address::customer_id, Address::id],
    deferrable = initially_deferred,
    name = "customer_default_address_fkey"
)]
#[derive(Clone, Debug)]
pub struct Customer {
    #[column(primary_key, identity)]
    pub id: i64,
    #[column(references = Tenant::id, on_delete = cascade)]
    pub tenant_id: Uuid,
    #[column(type = citext)]
    pub email: String,
    pub name: String,
    /// One of the customer's own addresses: the foreign key says so.
    pub default_address_id: Option<i64>,
    #[column(default = now())]
    pub created_at: DateTime<Utc>,
}

/// Where to ship.
#[table]
#[unique(customer_id, id)]
#[derive(Clone, Debug)]
pub struct Address {
    #[column(primary_key, identity)]
    pub id: i64,
    #[column(references = Customer::id, on_delete = cascade)]
    pub customer_id: i64,
    #[column(default = sql("'{}'"))]
    pub lines: Vec<String>,
    pub city: String,
    /// ISO 3166-1, two letters.
    #[column(type = char(2), check = sql("country = upper(country)"))]
    pub country: String,
}
