//! Predicates: a Rust expression over the table's fields as SQL, or `sql("…")`.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::spanned::Spanned;
use syn::{BinOp, Expr, ExprBinary, ExprCall, ExprMethodCall, ExprPath, Ident, Path, UnOp};

use crate::default::{Literal, check_enum, enum_literal};
use crate::errors::Errors;
use crate::name::quoted;
use crate::paths::{nullable, private_at};
use crate::sql::{Part, Sql};
use crate::table::constraint::Fields;
use crate::table::emit::base;

/// A predicate as written; fields are looked up later, when all are known.
pub(crate) enum Predicate {
    Rust(Box<Expr>),
    Sql(Sql),
}

/// A predicate as SQL.
pub(crate) struct Rendered {
    pub(crate) sql: Sql,
    /// The fields that a Rust expression uses, in order of their first use.
    pub(crate) fields: Vec<usize>,
    /// Where each of them is used first.
    pub(crate) spans: Vec<Span>,
    /// Statements that check operands against the types of fields.
    pub(crate) checks: Vec<TokenStream>,
}

impl Predicate {
    pub(crate) fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        if Sql::peek(input) {
            return Sql::parse(input).map(Self::Sql);
        }
        if input.peek(syn::LitStr) {
            return Err(input.error("expected an expression over the fields, or `sql(\"…\")`"));
        }
        let expression = input.parse().map(Box::new)?;
        match foreign_word(input) {
            Some(error) => Err(error),
            None => Ok(Self::Rust(expression)),
        }
    }

    pub(crate) fn span(&self) -> Span {
        match self {
            Self::Rust(expression) => expression.span(),
            Self::Sql(sql) => sql.span,
        }
    }

    /// The predicate over these fields; mistakes are put on record.
    pub(crate) fn render(
        &self,
        fields: &Fields<'_>,
        private: &TokenStream,
        errors: &mut Errors,
    ) -> Rendered {
        let expression = match self {
            Self::Sql(sql) => {
                return Rendered {
                    sql: sql.clone(),
                    fields: Vec::new(),
                    spans: Vec::new(),
                    checks: Vec::new(),
                };
            }
            Self::Rust(expression) => expression,
        };
        let mut renderer = Renderer {
            fields,
            private,
            errors,
            parts: Vec::new(),
            used: Vec::new(),
            spans: Vec::new(),
            checks: Vec::new(),
            depends_on: Vec::new(),
        };
        renderer.expression(strip(expression), false);
        Rendered {
            fields: renderer.used,
            spans: renderer.spans,
            checks: renderer.checks,
            sql: Sql {
                parts: renderer.parts,
                depends_on: renderer.depends_on,
                span: expression.span(),
            },
        }
    }
}

/// A word of SQL where Rust has another one.
fn foreign_word(input: ParseStream<'_>) -> Option<syn::Error> {
    let word = Ident::parse_any(&input.fork()).ok()?;
    let rust = match word.to_string().to_lowercase().as_str() {
        "and" => "`&&`",
        "or" => "`||`",
        "in" => "`field.in_([…])`",
        "is" => "`field.is_null()` or `field.is_some()`",
        _ => "an operator such as `==`, or the whole as `sql(\"…\")`",
    };
    let message = format!("expected a Rust expression, not `{word}`: write {rust}");
    Some(syn::Error::new(word.span(), message))
}

struct Renderer<'r> {
    fields: &'r Fields<'r>,
    private: &'r TokenStream,
    errors: &'r mut Errors,
    parts: Vec<Part>,
    used: Vec<usize>,
    spans: Vec<Span>,
    checks: Vec<TokenStream>,
    depends_on: Vec<Path>,
}

const EXPECTED: &str = "not a part of a predicate: expected fields, literals, an enum's variants, `== != < <= > >= && || ! + - * /`, `is_null()`, `is_some()`, `in_([…])`, or `sql(\"…\")`";

impl Renderer<'_> {
    fn text(&mut self, text: &str) {
        if let Some(Part::Text(last)) = self.parts.last_mut() {
            last.push_str(text);
        } else {
            self.parts.push(Part::Text(text.to_owned()));
        }
    }

    /// Any expression; with parentheses if it is an operand and not a single word or call.
    fn expression(&mut self, expression: &Expr, operand: bool) {
        match Literal::of(expression) {
            Ok(None) => {}
            Ok(Some(literal)) => return self.text(&literal.to_sql()),
            Err(error) => return self.errors.add(error),
        }
        match expression {
            Expr::Path(path) => {
                if let Some(index) = self.field(path) {
                    self.column(index, path.span());
                }
            }
            Expr::Binary(binary) => self.parenthesized(operand, |this| this.binary(binary)),
            Expr::Unary(unary) => match unary.op {
                UnOp::Not(_) => self.parenthesized(operand, |this| {
                    this.text("not ");
                    this.expression(strip(&unary.expr), true);
                }),
                UnOp::Neg(_) => {
                    self.text("-");
                    self.expression(strip(&unary.expr), true);
                }
                _ => self.errors.push_at(unary, EXPECTED),
            },
            Expr::MethodCall(call) => self.parenthesized(operand, |this| this.method(call)),
            Expr::Call(call) => self.sql_call(call),
            other => self.errors.push_at(other, EXPECTED),
        }
    }

    fn parenthesized(&mut self, parentheses: bool, inner: impl FnOnce(&mut Self)) {
        if parentheses {
            self.text("(");
        }
        inner(self);
        if parentheses {
            self.text(")");
        }
    }

    fn binary(&mut self, binary: &ExprBinary) {
        let operator = match binary.op {
            BinOp::Eq(_) => "=",
            BinOp::Ne(_) => "<>",
            BinOp::Lt(_) => "<",
            BinOp::Le(_) => "<=",
            BinOp::Gt(_) => ">",
            BinOp::Ge(_) => ">=",
            BinOp::And(_) => "and",
            BinOp::Or(_) => "or",
            BinOp::Add(_) => "+",
            BinOp::Sub(_) => "-",
            BinOp::Mul(_) => "*",
            BinOp::Div(_) => "/",
            _ => return self.errors.push_at(binary.op, EXPECTED),
        };
        let (left, right) = (strip(&binary.left), strip(&binary.right));
        if matches!(operator, "and" | "or") {
            self.operand_of(left, operator);
            self.text(&format!(" {operator} "));
            return self.operand_of(right, operator);
        }
        let (left_field, right_field) = (self.known_field(left), self.known_field(right));
        self.checked(left, right_field);
        self.text(&format!(" {operator} "));
        self.checked(right, left_field);
        if let (Some(left), Some(right)) = (left_field, right_field) {
            let span = binary.right.span();
            let private = private_at(span);
            let (left, right) = (self.column_path(left), self.column_path(right));
            self.checks.push(
                quote_spanned!(span=> #private::check_comparable(#private::operand(#left), #private::operand(#right))),
            );
        }
    }

    /// Chains of one and the same operator need no parentheses.
    fn operand_of(&mut self, expression: &Expr, operator: &str) {
        let same = match expression {
            Expr::Binary(ExprBinary {
                op: BinOp::And(_), ..
            }) => operator == "and",
            Expr::Binary(ExprBinary {
                op: BinOp::Or(_), ..
            }) => operator == "or",
            Expr::Binary(ExprBinary { op, .. }) => is_comparison(op),
            Expr::MethodCall(_) => true,
            _ => false,
        };
        self.expression(expression, !same);
    }

    /// An operand whose other side is a field: a literal has to fit it, a path is its variant.
    fn checked(&mut self, expression: &Expr, other: Option<usize>) {
        let Some(other) = other else {
            return self.expression(expression, true);
        };
        let (ty, name) = (
            self.fields.list[other].ty,
            self.fields.list[other].rust_name(),
        );
        match (Literal::of(expression), expression) {
            (Ok(Some(literal)), _) => {
                let base = base(&self.fields.list[other], self.private);
                self.checks.push(literal.check(ty, &name, &base));
                self.text(&literal.to_sql());
            }
            (
                _,
                Expr::Path(ExprPath {
                    path, qself: None, ..
                }),
            ) if path.segments.len() > 1 => {
                let base = base(&self.fields.list[other], self.private);
                self.checks.push(check_enum(path, ty, &name, &base));
                let sql = enum_literal(path, ty, self.private);
                self.parts.extend(sql.parts);
            }
            _ => self.expression(expression, true),
        }
    }

    fn method(&mut self, call: &ExprMethodCall) {
        let receiver = strip(&call.receiver);
        let field = self.known_field(receiver);
        let no_arguments = call.args.is_empty();
        match call.method.to_string().as_str() {
            word @ ("is_null" | "is_none" | "is_some" | "is_not_null") if no_arguments => {
                let negated = matches!(word, "is_some" | "is_not_null");
                self.expression(receiver, true);
                self.text(if negated { " is not null" } else { " is null" });
                if let Some(index) = field {
                    self.check_is_null(index, call);
                }
            }
            "in_" if call.args.len() == 1 => {
                let Some(Expr::Array(array)) = call.args.first() else {
                    return self
                        .errors
                        .push_at(&call.args, "expected a list: `in_([…])`");
                };
                if array.elems.is_empty() {
                    return self
                        .errors
                        .push_at(array, "the list is empty, so nothing is in it");
                }
                self.expression(receiver, true);
                self.text(" in (");
                for (index, element) in array.elems.iter().enumerate() {
                    if index > 0 {
                        self.text(", ");
                    }
                    self.checked(strip(element), field);
                }
                self.text(")");
            }
            _ => self.errors.push(call.method.span(), EXPECTED),
        }
    }

    fn check_is_null(&mut self, index: usize, call: &ExprMethodCall) {
        let field = &self.fields.list[index];
        let private = private_at(call.method.span());
        let nullable = nullable(field.ty, call.method.span());
        let message = format!(
            "`{}` is never null, so `{}()` says nothing: make the field an `Option`, or leave this out",
            field.rust_name(),
            call.method
        );
        self.checks.push(quote_spanned!(call.method.span()=>
            #private::check_nullable(#nullable, #message)
        ));
    }

    /// `sql("…")` within an expression.
    fn sql_call(&mut self, call: &ExprCall) {
        let is_sql = matches!(&*call.func, Expr::Path(path) if path.path.is_ident("sql"));
        if !is_sql {
            return self.errors.push_at(call, EXPECTED);
        }
        let tokens = quote!(#call);
        if let Some(sql) = self
            .errors
            .ok(syn::parse::Parser::parse2(Sql::parse, tokens))
        {
            self.text("(");
            for part in sql.parts {
                match part {
                    Part::Text(text) => self.text(&text),
                    Part::Constant(_) => self.parts.push(part),
                }
            }
            self.text(")");
            self.depends_on.extend(sql.depends_on);
        }
    }

    /// The field that a path names; anything else is a mistake.
    fn field(&mut self, path: &ExprPath) -> Option<usize> {
        match path.path.get_ident() {
            Some(ident) => self.fields.find(ident, self.errors),
            None => {
                self.errors.push_at(
                    path,
                    "an enum's variant has to be compared with a field of that enum",
                );
                None
            }
        }
    }

    /// The field that an operand is, without reporting anything.
    fn known_field(&self, expression: &Expr) -> Option<usize> {
        let Expr::Path(path) = expression else {
            return None;
        };
        let name = crate::name::unraw(path.path.get_ident()?);
        self.fields
            .list
            .iter()
            .position(|field| field.rust_name() == name)
    }

    fn column(&mut self, index: usize, span: Span) {
        if !self.used.contains(&index) {
            self.used.push(index);
            self.spans.push(span);
        }
        self.text(&quoted(&self.fields.list[index].name.text));
    }

    fn column_path(&self, index: usize) -> TokenStream {
        let (item, private) = (self.fields.item, self.private);
        let field = self.fields.list[index].ident;
        quote!(<#item as #private::Table>::COLUMNS.#field)
    }
}

fn is_comparison(operator: &BinOp) -> bool {
    matches!(
        operator,
        BinOp::Eq(_) | BinOp::Ne(_) | BinOp::Lt(_) | BinOp::Le(_) | BinOp::Gt(_) | BinOp::Ge(_)
    )
}

/// The expression within parentheses and invisible groups.
fn strip(expression: &Expr) -> &Expr {
    match expression {
        Expr::Paren(paren) => strip(&paren.expr),
        Expr::Group(group) => strip(&group.expr),
        other => other,
    }
}
