//! Columns: the type, and options that exclude each other.

use syn::{GenericArgument, Ident, PathArguments, Type};

use super::at;
use crate::default::{DefaultValue, LiteralKind};
use crate::errors::Errors;
use crate::table::field::Field;

/// All rules.
pub(super) fn check(field: &Field<'_>, errors: &mut Errors) {
    type_is_known(field, errors);
    values_exclude_each_other(field, errors);
    literal_fits_modifiers(field, errors);
}

/// Types of the language that no column has, with the nearest that one can have. Any other type is
/// up to the compiler, which knows the traits.
const NOT_STORED: &[(&str, &str)] = &[
    ("i8", "PostgreSQL's smallest integer is `i16`"),
    (
        "u8",
        "PostgreSQL has no unsigned integers: take `i16`, or `Vec<u8>` for bytes",
    ),
    ("u16", "PostgreSQL has no unsigned integers: take `i32`"),
    ("u32", "PostgreSQL has no unsigned integers: take `i64`"),
    (
        "u64",
        "PostgreSQL has no unsigned integers: take `i64`, or a decimal type",
    ),
    ("usize", "PostgreSQL has no unsigned integers: take `i64`"),
    (
        "u128",
        "PostgreSQL's largest integer is `i64`: take that, or a decimal type",
    ),
    (
        "i128",
        "PostgreSQL's largest integer is `i64`: take that, or a decimal type",
    ),
    (
        "isize",
        "its size depends on the machine: take `i64` or `i32`",
    ),
    ("char", "take `String`, with `#[column(type = char(1))]`"),
];

fn type_is_known(field: &Field<'_>, errors: &mut Errors) {
    if field
        .options
        .stored
        .get()
        .is_some_and(|stored| stored.raw().is_some())
    {
        return;
    }
    if let Type::Reference(reference) = field.ty {
        errors.push_at(
            reference,
            "a column owns its value: take `String` for `&str`, and `Vec<T>` for `&[T]`",
        );
    }
    if let Some(word) = innermost(field.ty)
        && let Some((name, remedy)) = NOT_STORED.iter().find(|(name, _)| word == name)
    {
        errors.push(
            word.span(),
            format_args!("`{name}` has no SQL type; {remedy}"),
        );
    }
}

/// The single word that a type is, or that is in its `Option`.
fn innermost(ty: &Type) -> Option<&Ident> {
    let Type::Path(path) = ty else { return None };
    if let Some(ident) = path.path.get_ident() {
        return Some(ident);
    }
    let last = path.path.segments.last()?;
    let PathArguments::AngleBracketed(arguments) = &last.arguments else {
        return None;
    };
    match arguments.args.first() {
        Some(GenericArgument::Type(ty)) if last.ident == "Option" => innermost(ty),
        _ => None,
    }
}

fn values_exclude_each_other(field: &Field<'_>, errors: &mut Errors) {
    let options = &field.options;
    let name = field.rust_name();
    if options.identity.is_set() && options.default.is_set() {
        at(
            errors,
            options.default.span(),
            format_args!("`{name}` is an identity, so it cannot have a default"),
        );
    }
    if options.generated.is_set() && options.default.is_set() {
        at(
            errors,
            options.default.span(),
            format_args!("`{name}` is generated, so it cannot have a default"),
        );
    }
    if options.generated.is_set() && options.identity.is_set() {
        at(
            errors,
            options.identity.span(),
            format_args!("`{name}` is generated, so it cannot be an identity"),
        );
    }
    if options.generated.is_set() && options.backfill.is_set() {
        at(
            errors,
            options.backfill.span(),
            format_args!("`{name}` is generated, so there is nothing to backfill"),
        );
    }
}

fn literal_fits_modifiers(field: &Field<'_>, errors: &mut Errors) {
    let Some(stored) = field.options.stored.get() else {
        return;
    };
    let (Some(name), modifiers) = (stored.scalar_name(), stored.modifiers()) else {
        return;
    };
    for value in [&field.options.default, &field.options.backfill] {
        let Some(literal) = value.get().and_then(DefaultValue::literal) else {
            continue;
        };
        let written = literal.to_sql();
        match (&literal.kind, name.as_str(), modifiers) {
            (LiteralKind::Text(text), "varchar" | "bpchar", [length])
                if text.chars().count() > usize::try_from(*length).unwrap_or(0) =>
            {
                errors.push(
                    literal.span,
                    format_args!(
                        "the text has {} characters, and the column takes {length}",
                        text.chars().count()
                    ),
                );
            }
            (
                LiteralKind::Integer(_) | LiteralKind::Number(_),
                "numeric",
                [precision, rest @ ..],
            ) => {
                let scale = rest.first().copied().unwrap_or(0);
                if !fits_numeric(&written, *precision, scale) {
                    errors.push(
                        literal.span,
                        format_args!("{written} does not fit numeric({precision}, {scale})"),
                    );
                }
            }
            _ => {}
        }
    }
}

/// Whether a number has at most `scale` digits after the point, and the rest before it.
fn fits_numeric(number: &str, precision: i32, scale: i32) -> bool {
    if number.contains(['e', 'E']) {
        return true;
    }
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let whole = whole.trim_start_matches(['-', '0']).len();
    let fraction = fraction.trim_end_matches('0').len();
    let limit = |digits: i32| usize::try_from(digits).unwrap_or(0);
    whole <= limit(precision - scale) && fraction <= limit(scale)
}
