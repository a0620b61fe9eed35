//! Tenants, people, products and stock of the example shop: schema `public`.

mod customers;
mod products;
mod tenants;

pub use customers::{Address, Customer};
pub use products::{Category, Product, Stock, Variant, Warehouse};
pub use tenants::{Membership, Plan, Role, Slug, Tenant, User};
