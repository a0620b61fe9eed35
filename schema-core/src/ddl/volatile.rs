//! Whether a default is the same for all rows of a statement.

/// Functions that PostgreSQL has marked stable or immutable, and types that take parentheses.
const STEADY: &[&str] = &[
    "abs",
    "array_append",
    "bit",
    "char",
    "character",
    "chr",
    "concat",
    "current_database",
    "current_setting",
    "current_user",
    "date_part",
    "date_trunc",
    "decode",
    "encode",
    "format",
    "interval",
    "json_build_array",
    "json_build_object",
    "jsonb_build_array",
    "jsonb_build_object",
    "length",
    "lower",
    "lpad",
    "make_date",
    "make_interval",
    "make_timestamp",
    "md5",
    "now",
    "numeric",
    "pg_catalog.now",
    "repeat",
    "replace",
    "round",
    "rpad",
    "statement_timestamp",
    "time",
    "timestamp",
    "timezone",
    "to_char",
    "to_date",
    "to_json",
    "to_jsonb",
    "to_timestamp",
    "to_tsvector",
    "transaction_timestamp",
    "trim",
    "upper",
    "varbit",
    "varchar",
    "varying",
];

/// True unless the expression, as PostgreSQL deparses it, is known to be computed once.
///
/// For a column with such a default PostgreSQL keeps one value beside the table; any other makes
/// it write every row (`contain_volatile_functions` in `ATExecAddColumn`). What a function is
/// marked as is not in a catalog of ours, so that of a function that is not listed nothing good is
/// assumed: it costs a batched fill where none was needed. Keywords are upper case in deparsed
/// text, so what is a function's is a lower-case or quoted name directly before a parenthesis.
pub(crate) fn is_volatile(expression: &str) -> bool {
    let mut name = String::new();
    let mut quote = None;
    for character in expression.chars() {
        match (quote, character) {
            (Some(open), _) => {
                if character == open {
                    quote = None;
                }
                if open == '"' {
                    name.push(character);
                }
            }
            (None, '\'') => {
                quote = Some(character);
                name.clear();
            }
            (None, '"') => {
                quote = Some(character);
                name.push(character);
            }
            (None, '(') => {
                let keyword = name.chars().all(|it| it.is_ascii_uppercase() || it == '_');
                if !keyword && !STEADY.contains(&name.as_str()) {
                    return true;
                }
                name.clear();
            }
            (None, _) if character.is_alphanumeric() || matches!(character, '_' | '$' | '.') => {
                name.push(character);
            }
            (None, _) => name.clear(),
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::is_volatile;

    #[test]
    fn what_is_known_to_be_computed_once_needs_no_rewrite() {
        for expression in [
            "0",
            "'it''s random()'::text",
            "'{}'::numeric(10,2)[]",
            "''::character varying(10)",
            "now()",
            "CURRENT_TIMESTAMP",
            "(now() + '1 day'::interval)",
            "COALESCE(CURRENT_USER, 'a'::name)",
            "timezone('utc'::text, now())",
            "ARRAY[1, (2 + 3)]",
            "('2020-01-01'::timestamp(3) without time zone)",
        ] {
            assert!(!is_volatile(expression), "{expression}");
        }
    }

    #[test]
    fn every_other_call_may_be_volatile() {
        for expression in [
            "random()",
            "gen_random_uuid()",
            "nextval('s'::regclass)",
            "clock_timestamp()",
            "lower(md5(random()::text))",
            "app.token()",
            "\"Token\"()",
            "\"TOKEN\"()",
        ] {
            assert!(is_volatile(expression), "{expression}");
        }
    }
}
