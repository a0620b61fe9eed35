//! A column as `CREATE TABLE` and `ADD COLUMN` spell it.

use std::fmt;

use super::{Options, sequence};
use crate::catalog::{Column, Generation, Identity};

/// A column's definition.
///
/// Its storage is left out, as PostgreSQL before 16 takes it in `SET STORAGE` only.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(transparent)]
pub struct ColumnDefinition(pub Column);

impl fmt::Display for ColumnDefinition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Column {
            name,
            data_type,
            collation,
            compression,
            options,
            ..
        } = &self.0;
        write!(f, "{name} {data_type}")?;
        if let Some(compression) = compression {
            write!(f, " COMPRESSION {compression}")?;
        }
        write!(f, "{}", Options(options))?;
        if let Some(collation) = collation {
            write!(f, " COLLATE {collation}")?;
        }
        write!(f, "{}", Demands(&self.0))
    }
}

/// What is said of a column of a typed table, where anything is.
pub(super) fn options_of_typed(column: &Column) -> Option<String> {
    let demands = Demands(column).to_string();
    (!demands.is_empty()).then(|| format!("{} WITH OPTIONS{demands}", column.name))
}

/// NOT NULL and how a value comes about, with a space before each.
struct Demands<'a>(&'a Column);

impl fmt::Display for Demands<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Column {
            data_type,
            not_null,
            generation,
            not_null_constraint: said,
            ..
        } = self.0;
        let said = said.as_ref();
        // An identity is NOT NULL by itself. One that is not valid is added afterwards.
        let identity = matches!(generation, Generation::Identity(_));
        let later = said.is_some_and(|said| said.not_valid);
        if *not_null && !later && (said.is_some() || !identity) {
            if let Some(name) = said.and_then(|said| said.name.as_ref()) {
                write!(f, " CONSTRAINT {name}")?;
            }
            f.write_str(" NOT NULL")?;
            if said.is_some_and(|said| said.no_inherit) {
                f.write_str(" NO INHERIT")?;
            }
        }
        match generation {
            Generation::None => Ok(()),
            Generation::Default(expression) => {
                write!(f, " DEFAULT {}", plain_default(data_type, expression))
            }
            Generation::Identity(identity) => write!(f, " {}", Generated(identity)),
            Generation::Stored(expression) => {
                write!(f, " GENERATED ALWAYS AS ({expression}) STORED")
            }
            Generation::Virtual(expression) => {
                write!(f, " GENERATED ALWAYS AS ({expression}) VIRTUAL")
            }
        }
    }
}

/// `GENERATED … AS IDENTITY`, with the options that are given.
pub(super) struct Generated<'a>(pub(super) &'a Identity);

impl fmt::Display for Generated<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Identity {
            always,
            sequence,
            options,
        } = self.0;
        write!(f, "GENERATED {} AS IDENTITY", always_word(*always))?;
        let name = sequence.iter().map(|name| format!("SEQUENCE NAME {name}"));
        let options: Vec<String> = name.chain(sequence::given(options)).collect();
        if options.is_empty() {
            return Ok(());
        }
        write!(f, " ({})", options.join(" "))
    }
}

pub(super) fn always_word(always: bool) -> &'static str {
    if always { "ALWAYS" } else { "BY DEFAULT" }
}

/// A default as one writes it: PostgreSQL gives each literal its type, `'new'::status`, which the
/// column has anyway, and a negative number is a literal to it, `'-1'::integer`.
pub(super) fn plain_default<'a>(data_type: &str, expression: &'a str) -> &'a str {
    let Some((literal, cast)) = split_literal(expression) else {
        return expression;
    };
    let inside = &literal[1..literal.len() - 1];
    let number = inside.strip_prefix('-').is_some_and(|digits| {
        digits.starts_with(|c: char| c.is_ascii_digit())
            && digits.bytes().all(|b| b.is_ascii_digit() || b == b'.')
    });
    let numeric = matches!(cast, "integer" | "bigint" | "numeric");
    if number && numeric {
        inside
    } else if cast == data_type
        || cast == "character varying" && data_type.starts_with("character varying(")
    {
        literal
    } else {
        expression
    }
}

/// `'text'::type` in its two parts.
fn split_literal(expression: &str) -> Option<(&str, &str)> {
    let inside = expression.strip_prefix('\'')?;
    let mut characters = inside.char_indices().peekable();
    while let Some((place, character)) = characters.next() {
        if character != '\'' {
            continue;
        }
        if characters.next_if(|(_, next)| *next == '\'').is_none() {
            let (literal, rest) = expression.split_at(place + 2);
            return Some((literal, rest.strip_prefix("::")?));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::plain_default;

    #[test]
    fn literals_lose_the_type_that_the_column_has() {
        for (data_type, expression, expected) in [
            ("text", "'it''s'::text", "'it''s'"),
            ("status", "'new'::status", "'new'"),
            ("status[]", "'{}'::status[]", "'{}'"),
            ("character varying(9)", "'a'::character varying", "'a'"),
            ("bigint", "'-1'::integer", "-1"),
            ("text", "'a'::text || 'b'::text", "'a'::text || 'b'::text"),
            ("email", "'a@b'::text", "'a@b'::text"),
            ("date", "now()", "now()"),
        ] {
            assert_eq!(plain_default(data_type, expression), expected);
        }
    }
}
