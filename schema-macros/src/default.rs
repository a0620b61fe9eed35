//! Values of `default` and `backfill`: a literal, an enum's variant, a function, or SQL.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::parse::ParseStream;
use syn::{Expr, ExprCall, ExprLit, ExprPath, ExprUnary, Ident, Lit, Path, Type, UnOp};

use crate::name::literal;
use crate::paths::{fallback, private_at, value_type};
use crate::sql::{Part, Sql};
use crate::suggest::did_you_mean;

/// A value for a column.
pub(crate) enum DefaultValue {
    Literal(Literal),
    Path(Path),
    Function(Ident, &'static Function),
    Sql(Sql),
}

/// A literal and where it stands.
pub(crate) struct Literal {
    pub(crate) span: Span,
    pub(crate) kind: LiteralKind,
}

/// What kind of literal it is.
pub(crate) enum LiteralKind {
    Integer(i128),
    Number(String),
    Text(String),
    Bool(bool),
}

/// A function of PostgreSQL without arguments.
pub(crate) struct Function {
    name: &'static str,
    /// How SQL calls it.
    sql: &'static str,
    /// The type of its result.
    pub(crate) result: &'static str,
}

const fn function(name: &'static str, sql: &'static str, result: &'static str) -> Function {
    Function { name, sql, result }
}

const FUNCTIONS: &[Function] = &[
    function("now", "now()", "timestamptz"),
    function("current_timestamp", "CURRENT_TIMESTAMP", "timestamptz"),
    function("clock_timestamp", "clock_timestamp()", "timestamptz"),
    function(
        "statement_timestamp",
        "statement_timestamp()",
        "timestamptz",
    ),
    function(
        "transaction_timestamp",
        "transaction_timestamp()",
        "timestamptz",
    ),
    function("localtimestamp", "LOCALTIMESTAMP", "timestamp"),
    function("current_date", "CURRENT_DATE", "date"),
    function("current_time", "CURRENT_TIME", "timetz"),
    function("localtime", "LOCALTIME", "time"),
    function("gen_random_uuid", "gen_random_uuid()", "uuid"),
    function("uuidv4", "uuidv4()", "uuid"),
    function("uuidv7", "uuidv7()", "uuid"),
    function("random", "random()", "float8"),
    function("current_user", "CURRENT_USER", "name"),
    function("session_user", "SESSION_USER", "name"),
    function("pg_current_xact_id", "pg_current_xact_id()", "xid8"),
    function("txid_current", "txid_current()", "int8"),
];

impl DefaultValue {
    pub(crate) fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        Self::parse_one_of(input, EXPECTED)
    }

    /// The same, where the message for anything else is another one.
    pub(crate) fn parse_one_of(input: ParseStream<'_>, expected: &str) -> syn::Result<Self> {
        if Sql::peek(input) {
            return Sql::parse(input).map(Self::Sql);
        }
        let expression: Expr = input.parse()?;
        if let Some(literal) = Literal::of(&expression)? {
            return Ok(Self::Literal(literal));
        }
        match expression {
            Expr::Path(ExprPath {
                path, qself: None, ..
            }) if path.segments.len() > 1 => Ok(Self::Path(path)),
            Expr::Call(ExprCall { func, args, .. }) if args.is_empty() => {
                if let Expr::Path(ExprPath { path, .. }) = &*func
                    && let Some(name) = path.get_ident()
                {
                    return Self::function(name);
                }
                Err(syn::Error::new_spanned(func, expected))
            }
            other => Err(syn::Error::new_spanned(other, expected)),
        }
    }

    fn function(name: &Ident) -> syn::Result<Self> {
        match FUNCTIONS.iter().find(|function| name == function.name) {
            Some(function) => Ok(Self::Function(name.clone(), function)),
            None => Err(syn::Error::new(
                name.span(),
                format!(
                    "unknown function `{name}()`{} (any other can be given as `sql(\"{name}()\")`)",
                    did_you_mean(
                        &name.to_string(),
                        FUNCTIONS.iter().map(|function| function.name)
                    )
                ),
            )),
        }
    }

    /// The value as SQL.
    pub(crate) fn to_sql(&self, ty: &Type, private: &TokenStream) -> Sql {
        match self {
            Self::Literal(literal) => Sql::text(literal.to_sql(), literal.span),
            Self::Path(path) => enum_literal(path, ty, private),
            Self::Function(name, function) => Sql::text(function.sql, name.span()),
            Self::Sql(sql) => sql.clone(),
        }
    }

    /// The statement that checks that the value fits the field, if there is anything to check.
    pub(crate) fn check(
        &self,
        ty: &Type,
        field: &str,
        base: &TokenStream,
        column: &TokenStream,
    ) -> Option<TokenStream> {
        match self {
            Self::Literal(literal) => Some(literal.check(ty, field, base)),
            Self::Function(name, function) => {
                let private = private_at(name.span());
                let (call, result) = (format!("{name}()"), function.result);
                Some(
                    quote_spanned!(name.span()=> #private::check_function(#column, #call, #result)),
                )
            }
            Self::Path(path) => Some(check_enum(path, ty, field, base)),
            Self::Sql(_) => None,
        }
    }

    pub(crate) fn literal(&self) -> Option<&Literal> {
        match self {
            Self::Literal(literal) => Some(literal),
            _ => None,
        }
    }
}

const EXPECTED: &str =
    "expected a literal, an enum's variant, a function such as `now()`, or `sql(\"…\")`";

impl Literal {
    /// The literal that an expression is.
    pub(crate) fn of(expression: &Expr) -> syn::Result<Option<Self>> {
        match expression {
            Expr::Lit(ExprLit { lit, .. }) => Self::of_token(lit, false).map(Some),
            Expr::Unary(ExprUnary {
                op: UnOp::Neg(_),
                expr,
                ..
            }) => match &**expr {
                Expr::Lit(ExprLit { lit, .. }) => Self::of_token(lit, true).map(Some),
                _ => Ok(None),
            },
            _ => Ok(None),
        }
    }

    fn of_token(token: &Lit, negative: bool) -> syn::Result<Self> {
        let sign = if negative { "-" } else { "" };
        let kind = match token {
            Lit::Int(int) => {
                let value: i128 = int.base10_parse()?;
                LiteralKind::Integer(if negative { -value } else { value })
            }
            Lit::Float(float) => LiteralKind::Number(format!("{sign}{}", float.base10_digits())),
            Lit::Str(text) if !negative => LiteralKind::Text(text.value()),
            Lit::Bool(bool) if !negative => LiteralKind::Bool(bool.value),
            other => return Err(syn::Error::new(other.span(), EXPECTED)),
        };
        Ok(Self {
            span: token.span(),
            kind,
        })
    }

    pub(crate) fn to_sql(&self) -> String {
        match &self.kind {
            LiteralKind::Integer(value) => value.to_string(),
            LiteralKind::Number(digits) => digits.clone(),
            LiteralKind::Text(text) => literal(text),
            LiteralKind::Bool(value) => value.to_string(),
        }
    }

    /// The statement that checks that the literal fits the field.
    pub(crate) fn check(&self, ty: &Type, field: &str, base: &TokenStream) -> TokenStream {
        let span = self.span;
        let private = private_at(span);
        let value = value_type(ty);
        let (kind, what) = match &self.kind {
            LiteralKind::Integer(_) => (quote!(integer_literal), "an integer"),
            LiteralKind::Number(_) => (quote!(number_literal), "a number with a fraction"),
            LiteralKind::Text(_) => (quote!(string_literal), "a string"),
            LiteralKind::Bool(_) => (quote!(bool_literal), "a `bool`"),
        };
        let number = match self.kind {
            LiteralKind::Integer(number) => number,
            _ => 0,
        };
        let number = proc_macro2::Literal::i128_unsuffixed(number);
        let import = fallback("NoFit");
        quote_spanned!(span=> {
            #import
            let range = #private::Fit::<#value, #private::literal::#kind>::RANGE;
            #private::check_literal(#field, #base, #what, range, #number)
        })
    }
}

/// The statement that checks that the field is an enum. A path of another type is the compiler's
/// mistake here as in [`enum_literal`], in the same words, which it shows once.
pub(crate) fn check_enum(path: &Path, ty: &Type, field: &str, base: &TokenStream) -> TokenStream {
    let span = variant_span(path);
    let (private, value, import) = (private_at(span), value_type(ty), fallback("NotEnum"));
    quote_spanned!(span=> {
        #import
        let _of_this_type: #value = #path;
        #private::check_enum(#field, #base, #private::Probe::<#value>::LITERALS)
    })
}

fn variant_span(path: &Path) -> Span {
    let variant = path.segments.last();
    variant.map_or_else(Span::call_site, |segment| segment.ident.span())
}

/// The SQL literal of an enum's variant: the compiler checks that it is one of the field's type.
pub(crate) fn enum_literal(path: &Path, ty: &Type, private: &TokenStream) -> Sql {
    let span = variant_span(path);
    let at = private_at(span);
    let value = value_type(ty);
    let import = fallback("NotEnum");
    let part = quote_spanned!(span=> {
        #import
        let variant: #value = #path;
        #at::enum_literal(#private::Probe::<#value>::LITERALS, variant as i128)
    });
    Sql {
        parts: vec![Part::Constant(part)],
        depends_on: Vec::new(),
        span,
    }
}
