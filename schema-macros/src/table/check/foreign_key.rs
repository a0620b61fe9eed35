//! Foreign keys: as many columns as referenced ones, of one table.

use super::at;
use crate::errors::Errors;
use crate::table::input::{ForeignKey, Table};

/// All rules.
pub(super) fn check(table: &Table<'_>, key: &ForeignKey, errors: &mut Errors) {
    if key.columns.len() != key.references.len() {
        errors.push(
            key.span,
            format_args!(
                "{} columns reference {}: `columns` and `references` are lists of one length",
                key.columns.len(),
                key.references.len()
            ),
        );
    }
    let target = |path: &syn::Path| {
        let segments: Vec<_> = path
            .segments
            .iter()
            .map(|segment| segment.ident.to_string())
            .collect();
        segments[..segments.len().saturating_sub(1)].join("::")
    };
    for path in &key.references {
        if path.segments.len() < 2 {
            errors.push_at(path, "expected the column too: a path such as `User::id`");
        }
    }
    if let [first, rest @ ..] = &key.references[..] {
        for path in rest {
            if target(path) != target(first) {
                errors.push_at(
                    path,
                    format_args!(
                        "a foreign key references one table, and this is not `{}`",
                        target(first)
                    ),
                );
            }
        }
    }
    for (slot, word) in [
        (&key.options.on_delete, "on_delete"),
        (&key.options.on_update, "on_update"),
    ] {
        if slot.get() != Some(&"SetDefault") {
            continue;
        }
        for index in &key.columns {
            let field = &table.fields.list[*index];
            if !field.options.default.is_set() {
                at(
                    errors,
                    slot.span(),
                    format_args!(
                        "`{word} = set_default`, but `{}` has no default",
                        field.rust_name()
                    ),
                );
            }
        }
    }
}
