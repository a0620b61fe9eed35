//! What the source says beside tables and simple types, as statements: views, composite types, what
//! is attached to tables, and SQL as it is. A scratch database runs them, whatever their order.

mod run;
mod statements;
mod views;

pub(super) use run::make;

use serde::Serialize;

use crate::diagnostic::{Finding, Place, Severity};
use crate::ident::QualifiedName;
use crate::lower::{Comments, Lowering};
use crate::schema::Schema;

/// Statements for a scratch database, and what the source expects of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sources {
    /// Composite types, which tables may use.
    types: Vec<SourceStatement>,
    /// Everything else.
    statements: Vec<SourceStatement>,
    views: Vec<ExpectedView>,
    /// What is wrong with the texts themselves.
    faults: Vec<Finding>,
}

/// A statement, and where it comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
struct SourceStatement {
    sql: String,
    /// What it is, for people: ``view `active_users` ``.
    what: String,
    /// Where its text begins.
    place: Place,
    /// Whether the lines of the text are lines of the place.
    exact: bool,
    /// Statements of one text share their settings.
    text: usize,
    /// A setting is made again for every run of its text.
    is_setting: bool,
    /// `#[grant]`
    is_grant: bool,
}

/// A view with the columns that its fields expect.
#[derive(Clone, Debug, PartialEq, Eq)]
struct ExpectedView {
    name: QualifiedName,
    /// The struct.
    item: String,
    place: Place,
    columns: Vec<ExpectedColumn>,
}

/// A column as a field expects it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct ExpectedColumn {
    name: String,
    field: String,
    data_type: String,
    place: Place,
}

impl Sources {
    /// What a schema says.
    pub fn of(schema: &Schema<'_>, comments: Comments) -> Self {
        statements::collect(schema, &Lowering::of(schema, comments))
    }

    /// Whether there is nothing beside tables and simple types.
    pub fn is_empty(&self) -> bool {
        self.types.is_empty()
            && self.statements.is_empty()
            && self.views.is_empty()
            && self.faults.is_empty()
    }

    /// Everything that the objects depend on, wherever it stands.
    pub(super) fn key(&self) -> impl Serialize + '_ {
        let of = |statements: &'_ [SourceStatement]| -> Vec<(String, usize)> {
            let statements = statements.iter();
            statements.map(|it| (it.sql.clone(), it.text)).collect()
        };
        let views = self.views.iter().map(|view| {
            let columns = view.columns.iter();
            let columns = columns.map(|it| (it.name.clone(), it.data_type.clone()));
            (view.name.clone(), columns.collect::<Vec<_>>())
        });
        (
            of(&self.types),
            of(&self.statements),
            views.collect::<Vec<_>>(),
        )
    }

    /// Whether an attribute grants something.
    pub(super) fn declares_grants(&self) -> bool {
        self.statements.iter().any(|it| it.is_grant)
    }

    /// What would be left out without a word.
    pub(super) fn grants_without_privileges(&self) -> Vec<Finding> {
        let grants = self.statements.iter().filter(|it| it.is_grant);
        let findings = grants.map(|it| {
            let title = format!(
                "{} would not be seen: privileges are the operator's",
                it.what
            );
            let help =
                "let migrations have them with `privileges = true` in migrate.toml, or take it out";
            finding("S104", title, it.place.clone(), Some(help.to_owned()))
        });
        findings.collect()
    }

    /// What is wrong with the texts themselves.
    pub(super) fn faults(&self) -> &[Finding] {
        &self.faults
    }
}

fn finding(code: &'static str, title: String, place: Place, help: Option<String>) -> Finding {
    Finding {
        places: vec![place],
        help,
        ..Finding::new(code, Severity::Error, title)
    }
}
