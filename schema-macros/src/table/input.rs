//! A struct with `#[table]` as facts: what its attributes say, names included.

use proc_macro2::{Span, TokenStream};
use syn::parse::ParseStream;
use syn::{Data, DeriveInput, Fields as SynFields, LitStr, Path, Token};

use super::attached::{Attached, AttachedOptions};
use super::attributes::list;
use super::constraint::{Element, Fields, ForeignKeyOptions, IndexOptions};
use super::field::Field;
use super::rows::Rows;
use crate::errors::Errors;
use crate::name::{Name, unraw};
use crate::options;
use crate::predicate::Rendered;
use crate::record::Text;
use crate::slot::Slot;
use crate::sqlx::{Case, Cases};
use crate::{doc, paths};
use heck::ToSnakeCase;

/// The struct.
pub(crate) struct Table<'a> {
    pub(crate) item: &'a DeriveInput,
    /// Whether it is a view, whose keys are indexes.
    pub(crate) is_view: bool,
    pub(crate) private: TokenStream,
    pub(crate) options: TableOptions,
    pub(crate) name: Name,
    pub(crate) comment: Option<String>,
    pub(crate) fields: Fields<'a>,
    pub(crate) primary_keys: Vec<Index>,
    pub(crate) indexes: Vec<Index>,
    pub(crate) foreign_keys: Vec<ForeignKey>,
    pub(crate) checks: Vec<Check>,
    pub(crate) excludes: Vec<Exclude>,
    pub(super) attached: Attached,
}

/// `#[table(…)]`
#[derive(Default)]
pub(crate) struct TableOptions {
    pub(crate) krate: Slot<Path>,
    pub(super) name: Slot<LitStr>,
    pub(crate) schema: Slot<SchemaName>,
    pub(crate) renamed_from: Slot<LitStr>,
    pub(super) rename_all: Slot<Case>,
    pub(crate) no_primary_key: Slot<()>,
    pub(crate) unlogged: Slot<bool>,
    pub(crate) managed: Slot<bool>,
    pub(crate) ignore_columns: Slot<Vec<LitStr>>,
    pub(crate) with: Slot<Vec<(String, String)>>,
    pub(crate) tablespace: Slot<LitStr>,
    pub(super) comment: Slot<LitStr>,
    pub(crate) rows: Slot<Rows>,
    pub(crate) names: Slot<bool>,
    pub(crate) sqlx: Slot<bool>,
    pub(super) attached: AttachedOptions,
}

/// `schema = billing` or `schema = "billing"`
pub(crate) enum SchemaName {
    Path(Path),
    Text(Name),
}

/// A primary key, a unique constraint or an index.
pub(crate) struct Index {
    pub(crate) span: Span,
    pub(crate) name: Name,
    pub(crate) kind: IndexKind,
    pub(crate) elements: Vec<Element>,
    pub(crate) options: IndexOptions,
    /// `include`, by number of the field.
    pub(crate) include: Vec<usize>,
    pub(crate) predicate: Option<Rendered>,
}

/// What kind of index it is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum IndexKind {
    PrimaryKey,
    UniqueConstraint,
    UniqueIndex,
    Index,
}

/// `references = Other::column` or `#[foreign_key(…)]`
pub(crate) struct ForeignKey {
    pub(crate) span: Span,
    pub(crate) name: Name,
    pub(crate) columns: Vec<usize>,
    pub(crate) references: Vec<Path>,
    pub(crate) options: ForeignKeyOptions,
}

/// `#[check(…)]`
pub(crate) struct Check {
    pub(crate) span: Span,
    pub(crate) name: Name,
    pub(crate) predicate: Rendered,
    pub(crate) renamed_from: Option<LitStr>,
    pub(crate) not_valid: bool,
}

/// `#[exclude(…)]`
pub(crate) struct Exclude {
    pub(crate) span: Span,
    pub(crate) name: Name,
    pub(crate) elements: Vec<(Element, String)>,
    pub(crate) options: IndexOptions,
    /// `include`, by number of the field.
    pub(crate) include: Vec<usize>,
    pub(crate) predicate: Option<Rendered>,
}

const TABLE_OPTIONS: &[&str] = &[
    "name",
    "schema",
    "renamed_from",
    "rename_all",
    "no_primary_key",
    "unlogged",
    "managed",
    "ignore_columns",
    "with",
    "tablespace",
    "comment",
    "rows",
    "names",
    "sqlx",
    "rls",
    "partition_by",
    "replica_identity",
    "access_method",
    "crate",
];

impl<'a> Table<'a> {
    /// Reads the struct; `None` if it is none that could be a table.
    pub(crate) fn parse(item: &'a DeriveInput, errors: &mut Errors) -> Option<Self> {
        let mut options = TableOptions::default();
        for attribute in &item.attrs {
            if attribute.path().is_ident("__table") {
                options::of_attribute(attribute, errors, |input, errors| {
                    options.read(input, errors)
                });
            }
        }
        Self::of(item, options, false, errors)
    }

    /// The same with options that are read; `is_view` if it is a view.
    pub(super) fn of(
        item: &'a DeriveInput,
        options: TableOptions,
        is_view: bool,
        errors: &mut Errors,
    ) -> Option<Self> {
        let members = match &item.data {
            Data::Struct(data) => match &data.fields {
                SynFields::Named(fields) => &fields.named,
                SynFields::Unnamed(_) | SynFields::Unit => {
                    errors.push(item.ident.span(), "a table is a struct with named fields");
                    return None;
                }
            },
            Data::Enum(_) => {
                errors.push(
                    item.ident.span(),
                    "a table is a struct; an enum derives `PgEnum`",
                );
                return None;
            }
            Data::Union(_) => {
                errors.push(item.ident.span(), "a table is a struct with named fields");
                return None;
            }
        };
        if !item.generics.params.is_empty() {
            errors.push_at(
                &item.generics,
                "a table cannot be generic: its columns have fixed types",
            );
            return None;
        }
        let cases = Cases::new(&options.rename_all, &item.attrs, errors);
        let mut fields = Fields {
            item: &item.ident,
            list: Vec::with_capacity(members.len()),
            skipped: Vec::new(),
        };
        for member in members {
            match Field::parse(member, &cases, errors) {
                Some(field) => fields.list.push(field),
                None => fields.skipped.extend(member.ident.as_ref().map(unraw)),
            }
        }
        let name = match options.name.get() {
            Some(name) => Name::given(name, "table", errors),
            None => {
                let name = Name {
                    text: unraw(&item.ident).to_snake_case(),
                    span: item.ident.span(),
                };
                name.check("table", errors);
                name
            }
        };
        let comment = match options.comment.get() {
            Some(comment) => Some(comment.value()),
            None => doc::comment(&item.attrs),
        };
        let mut table = Self {
            item,
            is_view,
            private: paths::private(),
            options,
            name,
            comment,
            fields,
            primary_keys: Vec::new(),
            indexes: Vec::new(),
            foreign_keys: Vec::new(),
            checks: Vec::new(),
            excludes: Vec::new(),
            attached: Attached::default(),
        };
        table.read_fields(errors);
        for attribute in &item.attrs {
            table.read_attribute(attribute, errors);
        }
        Some(table)
    }
}

impl TableOptions {
    fn read(&mut self, input: ParseStream<'_>, errors: &mut Errors) -> syn::Result<()> {
        let key = options::key(input)?;
        match key.to_string().as_str() {
            "crate" => {
                input.parse::<Token![=]>()?;
                self.krate
                    .set(&key, input.call(Path::parse_mod_style)?, errors);
            }
            "name" => self.name.set(&key, options::value(input)?, errors),
            "schema" => {
                input.parse::<Token![=]>()?;
                let schema = SchemaName::parse(input, errors)?;
                self.schema.set(&key, schema, errors);
            }
            "renamed_from" => self.renamed_from.set(&key, options::value(input)?, errors),
            "rename_all" => {
                let case = Case::named(&options::value(input)?)?;
                self.rename_all.set(&key, case, errors);
            }
            "no_primary_key" => self.no_primary_key.set(&key, (), errors),
            "unlogged" => self.unlogged.set(&key, options::flag(input)?, errors),
            "managed" => self.managed.set(&key, options::flag(input)?, errors),
            "ignore_columns" => {
                let columns = list(input, <LitStr as syn::parse::Parse>::parse)?;
                self.ignore_columns
                    .set(&key, columns.into_iter().collect(), errors);
            }
            "with" => self.with.set(&key, options::parameters(input)?, errors),
            "tablespace" => self.tablespace.set(&key, options::value(input)?, errors),
            "comment" => self.comment.set(&key, options::value(input)?, errors),
            "rows" => {
                input.parse::<Token![=]>()?;
                let rows = Rows::parse(input, errors)?;
                self.rows.set(&key, rows, errors);
            }
            "names" => self.names.set(&key, options::flag(input)?, errors),
            "sqlx" => self.sqlx.set(&key, options::flag(input)?, errors),
            _ if self.attached.read(&key, input, errors)? => {}
            _ => return Err(options::unknown(&key, "table", TABLE_OPTIONS)),
        }
        Ok(())
    }
}

impl SchemaName {
    pub(crate) fn parse(input: ParseStream<'_>, errors: &mut Errors) -> syn::Result<Self> {
        if input.peek(LitStr) {
            return Ok(Self::Text(Name::given(&input.parse()?, "schema", errors)));
        }
        input.call(Path::parse_mod_style).map(Self::Path)
    }

    /// The name as it is recorded.
    pub(crate) fn text(&self, private: &TokenStream) -> Text {
        match self {
            Self::Path(_) => Text::Resolved(self.emit(private)),
            Self::Text(name) => (&name.text).into(),
        }
    }

    /// The name as an expression.
    pub(crate) fn emit(&self, private: &TokenStream) -> TokenStream {
        match self {
            Self::Path(path) => quote::quote!(<#path as #private::Schema>::NAME),
            Self::Text(name) => {
                let text = &name.text;
                quote::quote!(#text)
            }
        }
    }
}
