use schema_core::prelude::*;

#[derive(PgEnum)]
pub enum Shape {
    Circle(i32),
    Square,
    #[pg(rename = "square")]
    Box,
    #[pg(renamed_from = "square")]
    Line,
    #[pg(renam = "x")]
    Point,
}

#[derive(PgEnum)]
pub enum Empty {}

#[derive(PgEnum)]
pub struct Struct;

fn main() {}
