//! What was sold.

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use schema_core::prelude::*;
use shop_store::{Address, Customer, Tenant, Variant};
use uuid::Uuid;

use crate::sales;

/// How far an order is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PgEnum)]
#[pg(schema = sales, name = "order_status")]
pub enum OrderStatus {
    /// Still in the basket.
    Open,
    /// Paid for.
    Paid,
    /// On its way.
    Shipped,
    /// Not wanted any more.
    Cancelled,
}

/// A basket, and later an order.
#[table(schema = sales, name = "orders")]
#[unique(tenant_id, number)]
#[foreign_key(columns = [tenant_id, customer_id], references = [Customer::tenant_id, Customer::id])]
#[index(tenant_id, placed_at.desc().nulls_last())]
#[index(customer_id)]
#[index(tenant_id, where = status == OrderStatus::Paid, name = "orders_to_ship_idx")]
#[check(
    name = "orders_placed_check",
    sql("status = 'open' or placed_at is not null")
)]
#[derive(Clone, Debug)]
pub struct Order {
    #[column(primary_key, identity)]
    pub id: i64,
    #[column(references = Tenant::id, on_delete = restrict)]
    pub tenant_id: Uuid,
    /// Counts within the shop.
    pub number: i32,
    pub customer_id: i64,
    #[column(references = Address::id, on_delete = restrict)]
    pub ship_to: Option<i64>,
    #[column(references = Coupon::id, on_delete = set_null)]
    pub coupon_id: Option<i64>,
    #[column(default = OrderStatus::Open)]
    pub status: OrderStatus,
    pub placed_at: Option<DateTime<Utc>>,
    #[column(default = now())]
    pub updated_at: DateTime<Utc>,
}

/// One variant of an order.
#[table(schema = sales)]
#[primary_key(order_id, position)]
#[index(variant_id)]
#[derive(Clone, Debug)]
pub struct OrderLine {
    #[column(references = Order::id, on_delete = cascade)]
    pub order_id: i64,
    pub position: i16,
    #[column(references = Variant::id, on_delete = restrict)]
    pub variant_id: i64,
    #[column(check = (quantity > 0))]
    pub quantity: i32,
    /// The price when it was ordered.
    #[column(type = numeric(12, 2))]
    pub unit_price: Decimal,
    #[column(type = numeric(14, 2), generated = sql("quantity * unit_price"))]
    pub total: Option<Decimal>,
}

/// Money off.
#[table(schema = sales)]
#[unique(tenant_id, code)]
#[check(percent >= 1 && percent <= 100)]
#[check(valid_from <= valid_until, name = "coupon_validity_check")]
#[derive(Clone, Debug)]
pub struct Coupon {
    #[column(primary_key, identity)]
    pub id: i64,
    #[column(references = Tenant::id, on_delete = cascade)]
    pub tenant_id: Uuid,
    #[column(type = citext)]
    pub code: String,
    pub percent: i16,
    pub valid_from: NaiveDate,
    pub valid_until: NaiveDate,
}
