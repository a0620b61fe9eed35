//! What `#[sqlx(…)]` says on the same item: it has to agree, or the struct could not be loaded.

use heck::{ToKebabCase, ToLowerCamelCase, ToShoutySnakeCase, ToSnakeCase, ToUpperCamelCase};
use proc_macro2::Span;
use syn::{Attribute, Ident, LitStr, Token};

use crate::errors::Errors;
use crate::name::{Name, unraw};
use crate::slot::Slot;

/// How `rename_all` changes names.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Case {
    Lower,
    Upper,
    Snake,
    ShoutySnake,
    Kebab,
    Camel,
    Pascal,
}

/// The words of `rename_all`, as sqlx and serde have them.
pub(crate) const CASES: &[(&str, Case)] = &[
    ("snake_case", Case::Snake),
    ("lowercase", Case::Lower),
    ("UPPERCASE", Case::Upper),
    ("SCREAMING_SNAKE_CASE", Case::ShoutySnake),
    ("kebab-case", Case::Kebab),
    ("camelCase", Case::Camel),
    ("PascalCase", Case::Pascal),
];

impl Case {
    /// The case of this word.
    pub(crate) fn named(literal: &LitStr) -> syn::Result<Self> {
        let word = literal.value();
        CASES
            .iter()
            .find(|(known, _)| *known == word)
            .map(|(_, case)| *case)
            .ok_or_else(|| {
                let known: Vec<_> = CASES.iter().map(|(known, _)| *known).collect();
                syn::Error::new(
                    literal.span(),
                    format!(
                        "unknown case `{word}`; expected one of `{}`",
                        known.join("`, `")
                    ),
                )
            })
    }

    pub(crate) fn apply(self, name: &str) -> String {
        match self {
            Self::Lower => name.to_lowercase(),
            Self::Upper => name.to_uppercase(),
            Self::Snake => name.to_snake_case(),
            Self::ShoutySnake => name.to_shouty_snake_case(),
            Self::Kebab => name.to_kebab_case(),
            Self::Camel => name.to_lower_camel_case(),
            Self::Pascal => name.to_upper_camel_case(),
        }
    }
}

/// `#[sqlx(…)]` of a field or a variant.
#[derive(Default)]
pub(crate) struct Field {
    rename: Option<LitStr>,
    left_out: Option<(Span, &'static str)>,
}

impl Field {
    pub(crate) fn parse(attributes: &[Attribute]) -> Self {
        let mut field = Self::default();
        each(attributes, |key, value| match key.to_string().as_str() {
            "rename" => field.rename = value,
            "skip" => field.left_out = Some((key.span(), "skip")),
            "flatten" => field.left_out = Some((key.span(), "flatten")),
            _ => {}
        });
        field
    }

    /// A column that sqlx does not load as one.
    pub(crate) fn check_not_left_out(&self, errors: &mut Errors) {
        if let Some((span, word)) = self.left_out {
            errors.push(
                span,
                format_args!(
                    "`#[sqlx({word})]` loads no column for this field; leave it out of the table too, with `#[column(skip)]`"
                ),
            );
        }
    }

    /// The name: as given, as sqlx loads it, or in the case of the item's `rename_all`. What is
    /// given has to be what sqlx loads.
    pub(crate) fn name(
        &self,
        ident: &Ident,
        cases: &Cases,
        given: Option<Name>,
        errors: &mut Errors,
    ) -> Name {
        let rust_name = unraw(ident);
        let loaded = match (&self.rename, cases.sqlx) {
            (Some(rename), _) => Some((rename.value(), rename.span())),
            (None, Some(case)) => Some((case.apply(&rust_name), ident.span())),
            (None, None) if cases.verbatim => Some((rust_name.clone(), ident.span())),
            (None, None) => None,
        };
        if let (Some(given), Some((text, span))) = (&given, &loaded)
            && given.text != *text
        {
            errors.push(
                *span,
                format_args!(
                    "sqlx loads this from `{text}`, but its name is `{}`: let both say the same, or leave ours out",
                    given.text
                ),
            );
        }
        given.unwrap_or_else(|| match loaded {
            Some((text, span)) => Name { text, span },
            None => Name {
                text: cases
                    .own
                    .map_or(rust_name.clone(), |case| case.apply(&rust_name)),
                span: ident.span(),
            },
        })
    }
}

/// `rename_all`, ours and sqlx's.
#[derive(Default)]
pub(crate) struct Cases {
    pub(crate) own: Option<Case>,
    sqlx: Option<Case>,
    /// Whether sqlx loads this under the Rust names, unless said.
    verbatim: bool,
}

impl Cases {
    /// Both have to agree.
    pub(crate) fn new(own: &Slot<Case>, attributes: &[Attribute], errors: &mut Errors) -> Self {
        let sqlx = rename_all(attributes, errors);
        if let (Some(case), Some(theirs), Some(span)) = (own.get(), sqlx, own.span())
            && *case != theirs
        {
            errors.push(
                span,
                "`#[sqlx(rename_all = \"…\")]` says something else, so sqlx could not load this: let both say the same, or leave this one out",
            );
        }
        Self {
            own: own.get().copied(),
            sqlx,
            verbatim: false,
        }
    }

    /// Labels of an enum: ours are in `snake_case` unless said, those of sqlx have the Rust names.
    /// Whether sqlx loads the enum is known by its attributes only.
    pub(crate) fn of_labels(
        own: &Slot<Case>,
        attributes: &[Attribute],
        errors: &mut Errors,
    ) -> Self {
        let mut cases = Self::new(own, attributes, errors);
        cases.verbatim = cases.sqlx.is_none()
            && attributes
                .iter()
                .any(|attribute| attribute.path().is_ident("sqlx"));
        if let (true, Some(span)) = (cases.verbatim, own.span()) {
            errors.push(
                span,
                "sqlx loads the variants under their Rust names: say `#[sqlx(rename_all = \"…\")]` too",
            );
            cases.verbatim = false;
        }
        cases.own = cases.own.or(Some(Case::Snake));
        cases
    }
}

/// `#[sqlx(rename_all = "…")]` of a struct or enum.
fn rename_all(attributes: &[Attribute], errors: &mut Errors) -> Option<Case> {
    let mut case = None;
    each(attributes, |key, value| {
        if key == "rename_all"
            && let Some(value) = value
        {
            case = errors.ok(Case::named(&value));
        }
    });
    case
}

/// `#[sqlx(type_name = "…")]`, without a schema and quotes.
pub(crate) fn type_name(attributes: &[Attribute]) -> Option<(String, Span)> {
    let mut name = None;
    each(attributes, |key, value| {
        if key == "type_name" {
            name = value;
        }
    });
    let name = name?;
    let text = name.value();
    let last = text.rsplit('.').next().unwrap_or(&text);
    Some((last.trim_matches('"').to_owned(), name.span()))
}

/// The options of all `#[sqlx(…)]`; what sqlx itself would refuse is left to it.
fn each(attributes: &[Attribute], mut read: impl FnMut(&Ident, Option<LitStr>)) {
    for attribute in attributes {
        if !attribute.path().is_ident("sqlx") {
            continue;
        }
        let _sqlx_reports_it = attribute.parse_nested_meta(|meta| {
            let value = if meta.input.peek(Token![=]) {
                let value: syn::Expr = meta.value()?.parse()?;
                match value {
                    syn::Expr::Lit(syn::ExprLit {
                        lit: syn::Lit::Str(text),
                        ..
                    }) => Some(text),
                    _ => None,
                }
            } else {
                None
            };
            if let Some(key) = meta.path.get_ident() {
                read(key, value);
            }
            Ok(())
        });
    }
}
