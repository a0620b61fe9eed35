//! Facts about other types, checked in const evaluation; the panic is the compiler's error.

use super::message::Message;
use super::{Operand, References};
use crate::def::{NameDef, TypeDef, TypeOrigin};
use crate::table::{Column, Table};

/// A foreign key joins columns of one type, and the referenced ones are a key.
#[track_caller]
pub const fn check_foreign_key<From: Table, const N: usize>(
    from: &[Operand; N],
    to: &References<N>,
) {
    let (table, keys, to) = (to.table, to.keys, &to.columns);
    let mut index = 0;
    while index < from.len() && index < to.len() {
        if !same_type(from[index].base, to[index].base) {
            let message = column(Message::new(), From::NAME, from[index].name).text(" is ");
            let message = type_name(message, from[index].base).text(" but references ");
            let message = column(message, table, to[index].name).text(", which is ");
            type_name(message, to[index].base).panic();
        }
        index += 1;
    }
    let mut key = 0;
    while key < keys.len() {
        if same_columns(keys[key], to) {
            return;
        }
        key += 1;
    }
    let message = Message::new();
    if to.len() == 1 {
        column(message, table, to[0].name)
            .text(" is neither a primary key nor unique, so no foreign key can reference it")
            .panic();
    }
    let mut message = message.text("columns (");
    let mut index = 0;
    while index < to.len() {
        message = message
            .text(if index == 0 { "" } else { ", " })
            .text(to[index].name);
        index += 1;
    }
    message
        .text(") of `")
        .text(table.name)
        .text("` are neither its primary key nor a unique constraint, so no foreign key can reference them")
        .panic();
}

/// A column that must not be null is not an `Option`.
#[track_caller]
pub const fn check_not_null(nullable: bool, message: &'static str) {
    if nullable {
        Message::new().text(message).panic();
    }
}

/// A column that is to become null is an `Option`.
#[track_caller]
pub const fn check_nullable(nullable: bool, message: &'static str) {
    if !nullable {
        Message::new().text(message).panic();
    }
}

/// A literal fits the field: `range` is that of [`Fit`](super::Fit), `kind` is what the literal is.
#[track_caller]
pub const fn check_literal(
    field: &'static str,
    ty: &TypeDef<'static>,
    kind: &'static str,
    range: Option<(i128, i128)>,
    value: i128,
) {
    let Some((smallest, largest)) = range else {
        let message = Message::new().text(kind).text(" does not fit `");
        let message = message.text(field).text("`, which is ");
        type_name(message, ty)
            .text("; any SQL expression can be given as `sql(\"…\")`")
            .panic()
    };
    if value < smallest || value > largest {
        let message = Message::new().integer(value).text(" does not fit `");
        let message = message.text(field).text("`, which is ");
        type_name(message, ty)
            .text(" and holds ")
            .integer(smallest)
            .text(" to ")
            .integer(largest)
            .panic();
    }
}

/// An identity is an integer: `range` is that of [`Fit`](super::Fit).
#[track_caller]
pub const fn check_identity(
    field: &'static str,
    ty: &TypeDef<'static>,
    range: Option<(i128, i128)>,
) {
    if range.is_none() {
        let message = Message::new().text("`").text(field).text("` is ");
        type_name(message, ty)
            .text(" and cannot be an identity: only `i16`, `i32` and `i64` fields can")
            .panic();
    }
}

/// A function's result fits the column.
#[track_caller]
pub const fn check_function<T: Table, V>(
    target: Column<T, V>,
    function: &'static str,
    result: &'static str,
) {
    let base = target.base;
    if unknown(base) || base.dimensions == 0 && same_text(base.name.name, result) {
        return;
    }
    let message = Message::new()
        .text("`")
        .text(function)
        .text("` is ")
        .text(friendly(result))
        .text(" but ");
    let message = column(message, T::NAME, target.name).text(" is ");
    type_name(message, base)
        .text("; a conversion can be written as `sql(\"…\")`")
        .panic();
}

/// Two columns can be compared.
#[track_caller]
pub const fn check_comparable(left: Operand, right: Operand) {
    if same_type(left.base, right.base) || numeric(left.base) && numeric(right.base) {
        return;
    }
    let message = Message::new()
        .text("cannot compare `")
        .text(left.name)
        .text("`, which is ");
    let message = type_name(message, left.base)
        .text(", with `")
        .text(right.name);
    type_name(message.text("`, which is "), right.base).panic();
}

/// A path is a variant of an enum: `literals` are those of the field's type.
#[track_caller]
pub const fn check_enum(
    field: &'static str,
    ty: &TypeDef<'static>,
    literals: Option<&'static [(i128, &'static str)]>,
) {
    if literals.is_none() {
        let message = Message::new().text("`").text(field).text("` is ");
        type_name(message, ty)
            .text(" and not an enum that derives `PgEnum`: expected a literal, a function such as `now()`, or `sql(\"…\")`")
            .panic();
    }
}

/// The SQL literal of an enum's variant; nothing for a type that [`check_enum`] refuses, and for
/// an enum that has errors of its own.
pub const fn enum_literal(
    literals: Option<&'static [(i128, &'static str)]>,
    discriminant: i128,
) -> &'static str {
    let Some(literals) = literals else { return "" };
    let mut index = 0;
    while index < literals.len() {
        if literals[index].0 == discriminant {
            return literals[index].1;
        }
        index += 1;
    }
    ""
}

const fn column(message: Message, table: NameDef<'static>, column: &'static str) -> Message {
    message
        .text("`")
        .text(table.name)
        .text(".")
        .text(column)
        .text("`")
}

const fn type_name(message: Message, ty: &TypeDef<'static>) -> Message {
    let message = message.text(friendly(ty.name.name));
    if ty.dimensions > 0 {
        message.text("[]")
    } else {
        message
    }
}

/// The spelling that most people know.
const fn friendly(name: &'static str) -> &'static str {
    match name.as_bytes() {
        b"int2" => "smallint",
        b"int4" => "integer",
        b"int8" => "bigint",
        b"float4" => "real",
        b"float8" => "double precision",
        b"bool" => "boolean",
        b"bpchar" => "char",
        _ => name,
    }
}

const fn same_type(left: &TypeDef<'_>, right: &TypeDef<'_>) -> bool {
    if unknown(left) || unknown(right) {
        return true;
    }
    left.dimensions == right.dimensions
        && (same_text(left.name.name, right.name.name)
            && same_text(left.name.schema, right.name.schema)
            || textual(left) && textual(right))
}

/// Types given as SQL text, and those of a struct that has errors of its own.
const fn unknown(ty: &TypeDef<'_>) -> bool {
    matches!(ty.origin, TypeOrigin::Raw)
}

const fn textual(ty: &TypeDef<'_>) -> bool {
    matches!(ty.name.name.as_bytes(), b"text" | b"varchar")
}

const fn numeric(ty: &TypeDef<'_>) -> bool {
    ty.dimensions == 0
        && matches!(
            ty.name.name.as_bytes(),
            b"int2" | b"int4" | b"int8" | b"float4" | b"float8" | b"numeric"
        )
}

/// A key with the same columns in any order; a key without columns is that of a struct in error.
const fn same_columns(key: &[&str], columns: &[Operand]) -> bool {
    if key.is_empty() {
        return true;
    }
    if key.len() != columns.len() {
        return false;
    }
    let mut index = 0;
    while index < columns.len() {
        let mut at = 0;
        while at < key.len() && !same_text(key[at], columns[index].name) {
            at += 1;
        }
        if at == key.len() {
            return false;
        }
        index += 1;
    }
    true
}

const fn same_text(left: &str, right: &str) -> bool {
    let (left, right) = (left.as_bytes(), right.as_bytes());
    if left.len() != right.len() {
        return false;
    }
    let mut index = 0;
    while index < left.len() {
        if left[index] != right[index] {
            return false;
        }
        index += 1;
    }
    true
}
