//! Foreign keys, from `references` on a field and from `#[foreign_key(…)]`.

use proc_macro2::Span;
use syn::punctuated::Punctuated;
use syn::{Attribute, Ident, Path, Token};

use super::attributes::list;
use super::constraint::ForeignKeyOptions;
use super::input::{ForeignKey, Table};
use crate::errors::Errors;
use crate::name::Name;
use crate::options;
use crate::slot::Slot;

impl Table<'_> {
    /// `#[foreign_key(…)]`
    pub(super) fn read_foreign_key(
        &mut self,
        attribute: &Attribute,
        span: Span,
        errors: &mut Errors,
    ) {
        let mut options = ForeignKeyOptions::default();
        let mut columns: Slot<Punctuated<Ident, Token![,]>> = Slot::default();
        let mut references: Slot<Punctuated<Path, Token![,]>> = Slot::default();
        options::of_attribute(attribute, errors, |input, errors| {
            let key = options::key(input)?;
            match key.to_string().as_str() {
                "columns" => columns.set(&key, list(input, options::key)?, errors),
                "references" => references.set(&key, list(input, Path::parse_mod_style)?, errors),
                "name" => options.name.set(&key, options::value(input)?, errors),
                "renamed_from" => options
                    .renamed_from
                    .set(&key, options::value(input)?, errors),
                _ if options.read(&key, input, errors)? => {}
                _ => {
                    return Err(options::unknown(
                        &key,
                        "foreign key",
                        &[
                            "columns",
                            "references",
                            "name",
                            "renamed_from",
                            "on_delete",
                            "on_update",
                            "match_full",
                            "deferrable",
                            "not_valid",
                        ],
                    ));
                }
            }
            Ok(())
        });
        let (Some(columns), Some(references)) = (columns.get(), references.get()) else {
            errors.push(
                span,
                "expected `#[foreign_key(columns = [a, b], references = [Other::a, Other::b])]`",
            );
            return;
        };
        let found: Vec<_> = columns
            .iter()
            .filter_map(|column| self.fields.find(column, errors))
            .collect();
        if found.len() == columns.len() {
            let references = references.iter().cloned().collect();
            self.add_foreign_key(span, found, references, options, errors);
        }
    }

    /// Gives it a name, and puts it with the others.
    pub(super) fn add_foreign_key(
        &mut self,
        span: Span,
        columns: Vec<usize>,
        references: Vec<Path>,
        options: ForeignKeyOptions,
        errors: &mut Errors,
    ) {
        let name = match options.name.get() {
            Some(name) => Name::given(name, "foreign key", errors),
            None => {
                let columns = self.fields.columns(&columns);
                Name::derived(&self.name.text, &columns, "fkey", span, errors)
            }
        };
        self.foreign_keys.push(ForeignKey {
            span,
            name,
            columns,
            references,
            options,
        });
    }
}
