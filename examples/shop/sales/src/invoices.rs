//! What was paid.

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use schema_core::prelude::*;
use serde_json::Value;
use shop_store::Tenant;
use uuid::Uuid;

use crate::{Order, sales};

/// How money came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PgEnum)]
#[pg(schema = sales)]
pub enum PaymentMethod {
    /// By card.
    Card,
    /// By bank transfer.
    Transfer,
    /// With a voucher.
    Voucher,
}

/// What a shop asks for an order; numbers have no gaps.
#[table(schema = sales)]
#[unique(tenant_id, number, nulls_not_distinct)]
#[index(due_on, where = settled_by.is_null(), include(tenant_id, total), name = "invoice_due_idx")]
#[derive(Clone, Debug)]
pub struct Invoice {
    #[column(primary_key, identity(always, start = 1000))]
    pub id: i64,
    #[column(references = Tenant::id, on_delete = restrict)]
    pub tenant_id: Uuid,
    #[column(references = Order::id, on_delete = restrict, unique)]
    pub order_id: i64,
    /// Given when the invoice is sent.
    pub number: Option<i32>,
    pub due_on: NaiveDate,
    #[column(type = numeric(14, 2), check = (total >= 0))]
    pub total: Decimal,
    /// The payment that made it whole.
    #[column(references = Payment::id, on_delete = set_null, deferrable = initially_deferred)]
    pub settled_by: Option<i64>,
}

/// Money that came in.
#[table(schema = sales)]
#[index(invoice_id)]
#[check(amount > 0)]
#[derive(Clone, Debug)]
pub struct Payment {
    #[column(primary_key, identity(always))]
    pub id: i64,
    #[column(references = Invoice::id, on_delete = restrict)]
    pub invoice_id: i64,
    pub method: PaymentMethod,
    #[column(type = numeric(14, 2))]
    pub amount: Decimal,
    /// What the payment provider said, as it said it.
    pub provider_data: Option<Value>,
    #[column(default = now())]
    pub received_at: DateTime<Utc>,
}
