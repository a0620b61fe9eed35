//! Rust types of other crates as column types, one feature each.

#[cfg(feature = "chrono")]
mod chrono;
#[cfg(feature = "ipnetwork")]
mod ipnetwork;
#[cfg(feature = "jiff")]
mod jiff;
#[cfg(feature = "rust_decimal")]
mod rust_decimal;
#[cfg(feature = "sea-query")]
pub mod sea_query;
#[cfg(feature = "serde_json")]
mod serde_json;
#[cfg(feature = "sqlx")]
pub mod sqlx;
#[cfg(feature = "time")]
mod time;
#[cfg(feature = "uuid")]
mod uuid;
