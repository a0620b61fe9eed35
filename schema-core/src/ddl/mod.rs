//! Typed statements; their `Display` is the only place where SQL is spelled.
//!
//! Each family says beside its definition what a statement does in words, which lock it takes and
//! what may go wrong, as PostgreSQL documents it.

mod action;
mod backfill;
mod clear;
mod column;
mod comment;
mod constraint;
mod create;
mod declared;
mod domain;
mod r#enum;
mod hazard;
mod index;
mod object;
mod plain;
mod rows;
mod schema;
mod sequence;
mod session;
mod shim;
pub(crate) mod source;
mod table;
mod volatile;

pub use action::TableAction;
pub use clear::clear;
pub use column::ColumnDefinition;
pub use comment::{CommentDdl, CommentTarget};
pub use constraint::ConstraintDefinition;
pub(crate) use create::is_bare;
pub(crate) use declared::shown;
pub use declared::{Declared, ROW_SETTINGS, SNAPSHOT, select, size};
pub use domain::{DomainAction, DomainDdl};
pub use r#enum::{EnumDdl, Neighbour};
pub use hazard::{Hazard, LockLevel};
pub use index::IndexDdl;
pub use object::{ObjectDdl, ObjectVerb};
pub use rows::{RowsDdl, Value};
pub use schema::{ExtensionDdl, SchemaDdl};
pub use sequence::SequenceDdl;
pub use session::{LockTimeout, UncheckedBodies};
pub use shim::{CompatView, ShimDdl, ShimRule, ShimTrigger, ShimValue, ViewColumn};
pub use table::TableDdl;
pub(crate) use volatile::is_volatile;

use std::fmt;

/// A statement.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Ddl {
    /// About a schema.
    Schema(SchemaDdl),
    /// About an extension.
    Extension(ExtensionDdl),
    /// About an enum type.
    Enum(EnumDdl),
    /// About a domain.
    Domain(DomainDdl),
    /// About a sequence.
    Sequence(SequenceDdl),
    /// About a table, its columns and constraints.
    Table(TableDdl),
    /// About an index.
    Index(IndexDdl),
    /// About what is no table: a view, a function, a grant.
    Object(ObjectDdl),
    /// `COMMENT ON`.
    Comment(CommentDdl),
    /// About rows of tables of configuration.
    Rows(RowsDdl),
    /// How long the session waits for locks.
    LockTimeout(LockTimeout),
    /// That bodies of functions are not checked.
    UncheckedBodies(UncheckedBodies),
    /// About what keeps the previous release working.
    Shim(ShimDdl),
}

/// Hands a call to the family.
macro_rules! family {
    ($ddl:expr, $it:ident => $call:expr) => {
        match $ddl {
            Ddl::Schema($it) => $call,
            Ddl::Extension($it) => $call,
            Ddl::Enum($it) => $call,
            Ddl::Domain($it) => $call,
            Ddl::Sequence($it) => $call,
            Ddl::Table($it) => $call,
            Ddl::Index($it) => $call,
            Ddl::Object($it) => $call,
            Ddl::Comment($it) => $call,
            Ddl::Rows($it) => $call,
            Ddl::LockTimeout($it) => $call,
            Ddl::UncheckedBodies($it) => $call,
            Ddl::Shim($it) => $call,
        }
    };
}

impl Ddl {
    /// What it does, in a few words.
    pub fn comment(&self) -> String {
        family!(self, it => it.comment())
    }

    /// The strongest lock that it takes on a table that is in use.
    pub fn lock(&self) -> LockLevel {
        family!(self, it => it.lock())
    }

    /// What may go wrong.
    pub fn hazards(&self) -> Vec<Hazard> {
        family!(self, it => it.hazards())
    }
}

/// The SQL, without the semicolon.
impl fmt::Display for Ddl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        family!(self, it => it.fmt(f))
    }
}

/// Things with commas between them.
struct List<'a, T>(&'a [T]);

impl<T: fmt::Display> fmt::Display for List<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, item) in self.0.iter().enumerate() {
            write!(f, "{}{item}", if place == 0 { "" } else { ", " })?;
        }
        Ok(())
    }
}

/// `WITH (name = value)`; nothing where there are none.
struct With<'a>(&'a crate::catalog::Parameters);

impl fmt::Display for With<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return Ok(());
        }
        let parameters: Vec<String> = self.0.iter().map(parameter).collect();
        write!(f, " WITH ({})", List(&parameters))
    }
}

/// `OPTIONS (name 'value')`; nothing where there are none.
struct Options<'a>(&'a std::collections::BTreeMap<String, String>);

impl fmt::Display for Options<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return Ok(());
        }
        let options = self.0.iter().map(|(name, value)| {
            let name = crate::ident::Ident::new(name.as_str());
            format!("{name} {}", crate::ident::literal(value))
        });
        write!(f, " OPTIONS ({})", List(&options.collect::<Vec<_>>()))
    }
}

/// `name = value`, the value quoted unless it is a plain word or number.
fn parameter((name, value): (&String, &String)) -> String {
    let plain = value
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'.');
    if plain && !value.is_empty() {
        format!("{name} = {value}")
    } else {
        format!("{name} = {}", crate::ident::literal(value))
    }
}
