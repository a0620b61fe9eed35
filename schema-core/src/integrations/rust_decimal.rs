//! `rust_decimal::Decimal`.

use ::rust_decimal::Decimal;

use crate::sql_type::{Accepts, literal, range_of, stored};

stored! { Decimal = numeric, money; }
range_of! { Decimal = numrange; }

impl Accepts<literal::integer_literal> for Decimal {}
impl Accepts<literal::number_literal> for Decimal {}
