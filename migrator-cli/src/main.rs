//! `cargo migrate`.

fn main() {}
