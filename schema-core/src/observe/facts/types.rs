//! Types and functions.

use serde::Deserialize;

use super::Oid;
use crate::ident::{Ident, QualifiedName};

/// An enum, domain, composite type or range.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Type {
    /// Its number.
    pub oid: Oid,
    /// Its schema.
    pub schema: Ident,
    /// Its name.
    pub name: Ident,
    /// `typtype`: `e` enum, `d` domain, `c` composite, `r` range, `m` multirange, `b` base.
    pub kind: char,
    /// NOT NULL of a domain.
    pub not_null: bool,
    /// The default of a domain.
    pub default: Option<String>,
    /// The type below a domain.
    pub base: Option<String>,
    /// Labels of an enum, in order.
    pub labels: Vec<Label>,
    /// Attributes of a composite type.
    pub attributes: Vec<Attribute>,
    /// Checks of a domain.
    pub checks: Vec<DomainCheck>,
    /// Relations with a column of it, or of an array of it.
    pub used_by: Vec<Oid>,
}

impl Type {
    /// Its name with its schema.
    pub fn qualified(&self) -> QualifiedName {
        QualifiedName {
            schema: self.schema.clone(),
            name: self.name.clone(),
        }
    }
}

/// A label of an enum.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Label {
    /// Its number.
    pub oid: Oid,
    /// Its text.
    pub label: String,
}

/// An attribute of a composite type.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Attribute {
    /// `attnum`.
    pub number: i16,
    /// Its name.
    pub name: Ident,
    /// `format_type`.
    #[serde(rename = "type")]
    pub data_type: String,
}

/// A check of a domain.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct DomainCheck {
    /// Its number.
    pub oid: Oid,
    /// Its name.
    pub name: Ident,
    /// `pg_get_constraintdef`.
    pub definition: String,
    /// False for NOT VALID.
    pub validated: bool,
}

impl DomainCheck {
    /// Whether a list has the same one.
    pub fn is_one_of(&self, others: &[Self]) -> bool {
        let rule = |it: &Self| it.definition.trim_end_matches(" NOT VALID").to_owned();
        others
            .iter()
            .any(|it| it.oid == self.oid || rule(it) == rule(self))
    }
}

/// A function, procedure or aggregate.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Routine {
    /// Its number.
    pub oid: Oid,
    /// Its schema.
    pub schema: Ident,
    /// Its name.
    pub name: Ident,
    /// `prokind`: `f`, `p`, `a` or `w`.
    pub kind: char,
    /// `pg_get_function_identity_arguments`.
    pub arguments: String,
    /// The types of its input arguments.
    pub inputs: Vec<String>,
    /// How many of them a call has to give.
    pub required: usize,
    /// `pg_get_function_result`; none for a procedure.
    pub result: Option<String>,
    /// A hash of its source.
    pub body: String,
    /// Volatility, strictness, security and settings.
    pub traits: String,
    /// The owning role.
    pub owner: String,
    /// `aclitem`s, the defaults spelled out.
    pub acl: Vec<String>,
    /// It is a trigger's function, which no query calls.
    pub is_trigger: bool,
}

impl Routine {
    /// Its name with its schema.
    pub fn qualified(&self) -> QualifiedName {
        QualifiedName {
            schema: self.schema.clone(),
            name: self.name.clone(),
        }
    }

    /// `schema.name(arguments)`.
    pub fn signature(&self) -> String {
        format!("{}({})", self.qualified(), self.inputs.join(", "))
    }

    /// Whether every call of another function of this name can be one of it, with the same kind of
    /// result.
    pub fn serves_calls_of(&self, old: &Self) -> bool {
        self.kind == old.kind
            && self.result == old.result
            && self.inputs.starts_with(&old.inputs)
            && self.required <= old.required
    }
}
