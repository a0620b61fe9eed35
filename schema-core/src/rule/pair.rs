//! What was there at the base, and what became of it.

use std::collections::BTreeMap;
use std::fmt;

use super::{Hit, TypeChange};
use crate::ident::QualifiedName;
use crate::observe::{Column, Relation};
use crate::plan::shim::SECURITY_INVOKER;

/// A relation of the base, and what became of it.
#[derive(Clone, Copy, Debug)]
pub struct Pair<'a> {
    /// As it was.
    pub base: &'a Relation,
    /// The same relation now, whatever it is called; none if it is gone.
    pub now: Option<&'a Relation>,
    /// What bears its old name now.
    pub named: Option<&'a Relation>,
}

impl<'a> Pair<'a> {
    /// The relation, where it is still the one under its old name.
    pub fn kept(&self) -> Option<&'a Relation> {
        self.now
            .filter(|now| self.named.is_some_and(|named| named.oid == now.oid))
    }

    /// The name that the old release knows.
    pub fn name(&self) -> QualifiedName {
        self.base.qualified()
    }

    /// SQL that makes a view under the old name of a table, with its privileges; none where it
    /// would bypass row security, since views cannot ask with the rights of whoever uses them.
    pub(super) fn shim_sql(&self, now: &Relation, major: u32) -> Option<String> {
        let options = if major >= SECURITY_INVOKER {
            " WITH (security_invoker = true)"
        } else if self.base.row_security || now.row_security {
            return None;
        } else {
            ""
        };
        let (old, new) = (self.name(), now.qualified());
        let columns = self.base.columns.iter().filter_map(|before| {
            let after = &now.column(before.number)?.name;
            Some(if *after == before.name {
                after.to_string()
            } else {
                format!("{after} AS {}", before.name)
            })
        });
        let columns = columns.collect::<Vec<_>>().join(", ");
        let mut sql = format!("CREATE VIEW {old}{options} AS SELECT {columns} FROM {new};");
        let mut grants: BTreeMap<String, Vec<&str>> = BTreeMap::new();
        for privilege in self.base.lent() {
            let words = grants.entry(privilege.grantee()).or_default();
            words.extend("rawd".contains(privilege.letter).then(|| privilege.word()));
        }
        for (role, words) in grants.iter().filter(|(_, words)| !words.is_empty()) {
            let words = words.join(", ");
            sql = format!("{sql}\nGRANT {words} ON {old} TO {role};");
        }
        Some(sql)
    }

    /// Whether what bears the name now has at least the columns that there were.
    pub fn is_continued(&self) -> bool {
        self.named.is_some() && self.missing().next().is_none()
    }

    /// Columns that what bears the name now has not, or not as a type that serves as well.
    pub fn missing(&self) -> impl Iterator<Item = &'a Column> {
        let named = self.named;
        self.base.columns.iter().filter(move |old| {
            let new = named.and_then(|named| named.column_named(&old.name));
            new.is_none_or(|new| {
                let change = TypeChange::of(old, new);
                change.is_some_and(|change| change != TypeChange::Wider)
            })
        })
    }

    /// A view that stands in for the table, which has another name now.
    pub fn shim(&self) -> Option<&'a Relation> {
        self.named
            .filter(|named| named.kind == 'v' && named.oid != self.base.oid && self.base.is_table())
    }
}

/// A column of the base, and what became of it.
#[derive(Clone, Copy, Debug)]
pub struct ColumnPair<'a> {
    /// Its table, as it was.
    pub base: &'a Relation,
    /// As it was.
    pub old: &'a Column,
    /// Its table now.
    pub now: &'a Relation,
    /// As it is now.
    pub new: &'a Column,
}

impl ColumnPair<'_> {
    /// The name of the table that the old release knows.
    pub fn table(&self) -> QualifiedName {
        self.base.qualified()
    }

    /// A hit about it: `column a of table b …`.
    pub fn hit(&self, step: Option<usize>, what: impl fmt::Display) -> Hit {
        let table = self.table();
        let title = format!("column {} of table {table} {what}", self.old.name);
        Hit::new(step, &table, title)
    }

    /// `ALTER TABLE … ALTER COLUMN … what;` under today's names.
    pub fn alter(&self, what: impl fmt::Display) -> String {
        let table = self.now.qualified();
        format!("ALTER TABLE {table} ALTER COLUMN {} {what};", self.new.name)
    }
}

/// A column of the base of which another one bears the name now.
#[derive(Clone, Copy, Debug)]
pub struct ColumnReuse<'a> {
    /// Its table, as it was.
    pub base: &'a Relation,
    /// As it was.
    pub old: &'a Column,
    /// Its table now.
    pub now: &'a Relation,
    /// What bears its name.
    pub new: &'a Column,
    /// The step that did it.
    pub step: Option<usize>,
}

impl ColumnReuse<'_> {
    /// Whether a generated column came in place of one that was written.
    pub fn becomes_generated(&self) -> bool {
        self.old.generated.is_empty() && !self.new.generated.is_empty()
    }
}

/// A type or function of the base, and what became of it.
#[derive(Debug)]
pub struct Heir<'a, T> {
    /// As it was.
    pub base: &'a T,
    /// The same one now, whatever it is called; none if it is gone.
    pub now: Option<&'a T>,
    /// What bears its old name now, and can stand in.
    pub named: Option<&'a T>,
}
