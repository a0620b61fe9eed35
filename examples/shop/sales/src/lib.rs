//! Orders, invoices and payments of the example shop: schema `sales`.

mod invoices;
mod orders;

pub use invoices::{Invoice, Payment, PaymentMethod};
pub use orders::{Coupon, Order, OrderLine, OrderStatus};

use schema_core::prelude::*;

pg_schema!(pub sales, comment = "What was sold, and what was paid.");
