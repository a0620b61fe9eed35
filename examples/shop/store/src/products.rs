//! What is sold, and where it lies.

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use schema_core::prelude::*;
use serde_json::Value;
use uuid::Uuid;

use crate::{Slug, Tenant};

/// A shelf of the shop; shelves stand in shelves.
#[table]
#[unique(tenant_id, slug)]
#[index(parent_id)]
#[derive(Clone, Debug)]
pub struct Category {
    #[column(primary_key, identity)]
    pub id: i64,
    #[column(references = Tenant::id, on_delete = cascade)]
    pub tenant_id: Uuid,
    #[column(references = Category::id, on_delete = restrict)]
    pub parent_id: Option<i64>,
    pub slug: Slug,
    #[column(default = 0)]
    pub position: i16,
}

/// Something to buy, in one or more variants.
#[table]
#[unique(tenant_id, slug)]
#[index(category_id)]
#[index(tags, using = gin)]
#[index(search, using = gin)]
#[index(attributes.opclass("jsonb_path_ops"), using = gin)]
#[index(tenant_id, created_at.desc(), where = archived_at.is_null(), name = "product_live_idx")]
#[derive(Clone, Debug)]
pub struct Product {
    #[column(primary_key, identity)]
    pub id: i64,
    #[column(references = Tenant::id, on_delete = cascade)]
    pub tenant_id: Uuid,
    #[column(references = Category::id, on_delete = set_null)]
    pub category_id: Option<i64>,
    pub slug: Slug,
    pub title: String,
    #[column(default = "")]
    pub description: String,
    #[column(default = sql("'{}'"))]
    pub tags: Vec<String>,
    #[column(default = sql("'{}'"))]
    pub attributes: Value,
    /// What the search box looks at.
    #[column(type = tsvector, generated = sql("to_tsvector('simple', title || ' ' || description)"))]
    pub search: Option<String>,
    #[column(default = now())]
    pub created_at: DateTime<Utc>,
    pub archived_at: Option<DateTime<Utc>>,
}

/// A product in one size and colour.
#[table]
#[unique(product_id, sku)]
#[check(price >= 0)]
#[derive(Clone, Debug)]
pub struct Variant {
    #[column(primary_key, identity)]
    pub id: i64,
    #[column(references = Product::id, on_delete = cascade)]
    pub product_id: i64,
    #[column(type = varchar(40))]
    pub sku: String,
    #[column(type = numeric(12, 2))]
    pub price: Decimal,
    pub weight_grams: Option<i32>,
}

/// A place where things lie.
#[table]
#[unique(tenant_id, name)]
#[derive(Clone, Debug)]
pub struct Warehouse {
    #[column(primary_key, identity)]
    pub id: i64,
    #[column(references = Tenant::id, on_delete = cascade)]
    pub tenant_id: Uuid,
    pub name: String,
}

/// How much of a variant lies in a warehouse.
#[table]
#[primary_key(warehouse_id, variant_id)]
#[index(variant_id, include(quantity))]
#[check(reserved <= quantity, name = "stock_reserved_check")]
#[derive(Clone, Debug)]
pub struct Stock {
    #[column(references = Warehouse::id, on_delete = cascade)]
    pub warehouse_id: i64,
    #[column(references = Variant::id, on_delete = cascade)]
    pub variant_id: i64,
    #[column(default = 0, check = (quantity >= 0))]
    pub quantity: i32,
    #[column(default = 0)]
    pub reserved: i32,
}
