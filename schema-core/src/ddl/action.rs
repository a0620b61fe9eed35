//! The clauses of `ALTER TABLE`.

use std::collections::BTreeMap;
use std::fmt;

use super::{
    ColumnDefinition, ConstraintDefinition, Hazard, List, LockLevel, column, constraint,
    is_volatile, parameter, sequence,
};
use crate::catalog::{
    Constraint, ConstraintKind, Deferrable, Generation, Identity, NotNull, Persistence,
};
use crate::ident::{Ident, QualifiedName, literal};

/// One clause of `ALTER TABLE`.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the fields are the parts of the clause")]
pub enum TableAction {
    AddColumn(ColumnDefinition),
    DropColumn(Ident),
    SetType {
        column: Ident,
        data_type: String,
        collation: Option<String>,
        /// `USING`, where the old value does not become the new one by assignment.
        using: Option<String>,
        /// True unless PostgreSQL knows that the stored values stay as they are.
        rewrites: bool,
    },
    SetDefault {
        column: Ident,
        data_type: String,
        expression: String,
    },
    DropDefault(Ident),
    SetNotNull {
        column: Ident,
        /// A validated check says the same: then PostgreSQL does not read the rows.
        proved: bool,
    },
    DropNotNull(Ident),
    AddIdentity(Ident, Identity),
    SetIdentity {
        column: Ident,
        from: Identity,
        to: Identity,
    },
    DropIdentity(Ident),
    /// The column becomes an ordinary one and keeps its values.
    DropExpression(Ident),
    /// `SET EXPRESSION`, of a column that is computed when it is read.
    SetExpression(Ident, String),
    SetStorage(Ident, String),
    SetCompression(Ident, String),
    AddConstraint(ConstraintDefinition),
    /// A unique constraint or primary key from a unique index, which takes its name.
    AddKeyFromIndex {
        name: Ident,
        primary: bool,
        index: Ident,
        deferrable: Deferrable,
    },
    AlterConstraint(Ident, Deferrable),
    ValidateConstraint(Ident),
    DropConstraint(Ident),
    SetPersistence(Persistence),
    SetParameters(Vec<(String, String)>),
    ResetParameters(Vec<String>),
    SetTablespace(Ident),
    /// It writes the table anew.
    SetAccessMethod(Ident),
    /// `OPTIONS (…)` of a foreign table, or of a column of it.
    SetOptions {
        column: Option<Ident>,
        from: BTreeMap<String, String>,
        to: BTreeMap<String, String>,
    },
    Inherit(QualifiedName),
    NoInherit(QualifiedName),
    /// `OF type`, or `NOT OF`.
    SetOf(Option<QualifiedName>),
    /// NOT NULL with all that can be said of it (PostgreSQL 18 and later).
    AddNotNull {
        column: Ident,
        said: NotNull,
        name: Ident,
    },
    /// `ALTER CONSTRAINT … [NO] INHERIT` (PostgreSQL 18 and later).
    SetInherit {
        name: Ident,
        inherit: bool,
    },
    /// `ALTER CONSTRAINT … [NOT] ENFORCED` (PostgreSQL 18 and later).
    SetEnforced {
        name: Ident,
        enforced: bool,
    },
}

impl ConstraintDefinition {
    pub(crate) fn is_foreign_key(&self) -> bool {
        matches!(self.constraint.kind, ConstraintKind::ForeignKey(_))
    }
}

impl TableAction {
    /// PostgreSQL does the clauses of one statement in passes, whatever their order is; within a
    /// pass it keeps the order.
    pub(crate) fn pass(&self) -> u8 {
        match self {
            Self::DropColumn(_)
            | Self::DropDefault(_)
            | Self::DropNotNull(_)
            | Self::DropIdentity(_)
            | Self::DropExpression(_)
            | Self::DropConstraint(_) => 0,
            Self::SetType { .. } => 1,
            Self::AddColumn(_) => 2,
            Self::SetNotNull { .. } | Self::SetIdentity { .. } | Self::SetExpression(..) => 3,
            Self::AddKeyFromIndex { .. } | Self::AddNotNull { .. } => 4,
            Self::AddConstraint(it) => match it.constraint.kind {
                ConstraintKind::PrimaryKey(_)
                | ConstraintKind::Unique(_)
                | ConstraintKind::Exclusion(_) => 4,
                ConstraintKind::Check(_) | ConstraintKind::ForeignKey(_) => 5,
            },
            Self::SetDefault { .. } | Self::AddIdentity(..) => 5,
            Self::SetStorage(..)
            | Self::SetCompression(..)
            | Self::AlterConstraint(..)
            | Self::ValidateConstraint(_)
            | Self::SetPersistence(_)
            | Self::SetParameters(_)
            | Self::ResetParameters(_)
            | Self::SetTablespace(_)
            | Self::SetAccessMethod(_)
            | Self::SetOptions { .. }
            | Self::Inherit(_)
            | Self::NoInherit(_)
            | Self::SetOf(_)
            | Self::SetInherit { .. }
            | Self::SetEnforced { .. } => 6,
        }
    }

    /// The column that it is about.
    pub(crate) fn column(&self) -> Option<&Ident> {
        match self {
            Self::AddColumn(column) => Some(&column.0.name),
            Self::DropColumn(column)
            | Self::SetType { column, .. }
            | Self::SetDefault { column, .. }
            | Self::DropDefault(column)
            | Self::SetNotNull { column, .. }
            | Self::DropNotNull(column)
            | Self::AddIdentity(column, _)
            | Self::SetIdentity { column, .. }
            | Self::DropIdentity(column)
            | Self::DropExpression(column)
            | Self::SetExpression(column, _)
            | Self::SetStorage(column, _)
            | Self::SetCompression(column, _)
            | Self::AddNotNull { column, .. } => Some(column),
            Self::SetOptions { column, .. } => column.as_ref(),
            _ => None,
        }
    }

    /// What it does, and the word that leads on to the table.
    pub(super) fn phrase(&self) -> (String, &'static str) {
        match self {
            Self::AddColumn(column) => (format!("add column {}", column.0.name), "to"),
            Self::DropColumn(column) => (format!("drop column {column}"), "of"),
            Self::SetType { column, .. } => (format!("change type of column {column}"), "of"),
            Self::SetDefault { column, .. } => (format!("set default of column {column}"), "of"),
            Self::DropDefault(column) => (format!("drop default of column {column}"), "of"),
            Self::SetNotNull { column, .. } | Self::AddNotNull { column, .. } => {
                (format!("require column {column}"), "of")
            }
            Self::DropNotNull(column) => (format!("allow null in column {column}"), "of"),
            Self::AddIdentity(column, _) => (format!("make column {column} an identity"), "of"),
            Self::SetIdentity { column, .. } => (format!("change identity {column}"), "of"),
            Self::DropIdentity(column) => {
                (format!("make column {column} no longer an identity"), "of")
            }
            Self::DropExpression(column) => {
                (format!("make column {column} no longer generated"), "of")
            }
            Self::SetExpression(column, _) => {
                (format!("change expression of column {column}"), "of")
            }
            Self::SetStorage(column, _) => (format!("set storage of column {column}"), "of"),
            Self::SetCompression(column, _) => {
                (format!("set compression of column {column}"), "of")
            }
            Self::AddConstraint(ConstraintDefinition { name, .. })
            | Self::AddKeyFromIndex { name, .. } => (format!("add constraint {name}"), "to"),
            Self::AlterConstraint(name, _) => (format!("change constraint {name}"), "of"),
            Self::ValidateConstraint(name) => (format!("validate constraint {name}"), "of"),
            Self::DropConstraint(name) => (format!("drop constraint {name}"), "of"),
            Self::SetPersistence(Persistence::Logged) => ("log changes".to_owned(), "of"),
            Self::SetPersistence(Persistence::Unlogged) => {
                ("no longer log changes".to_owned(), "of")
            }
            Self::SetParameters(_) | Self::ResetParameters(_) => {
                ("set storage parameters".to_owned(), "of")
            }
            Self::SetTablespace(_) => ("set tablespace".to_owned(), "of"),
            Self::SetAccessMethod(_) => ("set access method".to_owned(), "of"),
            Self::SetOptions { column: None, .. } => ("set options".to_owned(), "of"),
            Self::SetOptions {
                column: Some(column),
                ..
            } => (format!("set options of column {column}"), "of"),
            Self::Inherit(parent) => (format!("inherit {parent}"), "in"),
            Self::NoInherit(parent) => (format!("no longer inherit {parent}"), "in"),
            Self::SetOf(Some(of_type)) => (format!("set type {of_type}"), "of"),
            Self::SetOf(None) => ("be of no type".to_owned(), "in"),
            Self::SetInherit { name, .. } | Self::SetEnforced { name, .. } => {
                (format!("change constraint {name}"), "of")
            }
        }
    }

    pub(super) fn lock(&self) -> LockLevel {
        match self {
            Self::AddConstraint(it) if it.is_foreign_key() => LockLevel::ShareRowExclusive,
            Self::ValidateConstraint(_) | Self::SetParameters(_) | Self::ResetParameters(_) => {
                LockLevel::ShareUpdateExclusive
            }
            _ => LockLevel::AccessExclusive,
        }
    }

    pub(super) fn hazards(&self) -> Vec<Hazard> {
        match self {
            Self::AddColumn(ColumnDefinition(column)) => match column.generation {
                Generation::None if column.not_null => vec![Hazard::FailsWithRows {
                    column: column.name.clone(),
                }],
                Generation::Stored(_) | Generation::Identity(_) => vec![Hazard::Rewrites],
                Generation::Default(ref expression) if is_volatile(expression) => {
                    vec![Hazard::Rewrites]
                }
                Generation::None | Generation::Default(_) | Generation::Virtual(_) => Vec::new(),
            },
            Self::DropColumn(column) => vec![Hazard::DropsColumn {
                column: column.clone(),
            }],
            Self::SetType {
                column, rewrites, ..
            } => {
                if *rewrites {
                    let column = column.clone();
                    vec![Hazard::Rewrites, Hazard::FailsOnValues { column }]
                } else {
                    Vec::new()
                }
            }
            Self::SetNotNull {
                column,
                proved: false,
            } => vec![
                Hazard::Scans,
                Hazard::FailsOnNull {
                    column: column.clone(),
                },
            ],
            Self::AddConstraint(it) => added(it),
            // It reads the rows, and others write meanwhile.
            Self::ValidateConstraint(name) => {
                vec![Hazard::FailsOnViolation { name: name.clone() }]
            }
            Self::SetPersistence(_) | Self::SetTablespace(_) | Self::SetAccessMethod(_) => {
                vec![Hazard::Rewrites]
            }
            Self::AddNotNull { column, said, .. } if !said.not_valid => vec![
                Hazard::Scans,
                Hazard::FailsOnNull {
                    column: column.clone(),
                },
            ],
            Self::SetEnforced {
                name,
                enforced: true,
            } => vec![
                Hazard::Scans,
                Hazard::FailsOnViolation { name: name.clone() },
            ],
            Self::SetNotNull { proved: true, .. }
            | Self::AddKeyFromIndex { .. }
            | Self::SetDefault { .. }
            | Self::DropDefault(_)
            | Self::DropNotNull(_)
            | Self::DropIdentity(_)
            | Self::DropExpression(_)
            | Self::SetExpression(..)
            | Self::AddIdentity(..)
            | Self::SetStorage(..)
            | Self::SetCompression(..)
            | Self::AlterConstraint(..)
            | Self::DropConstraint(_)
            | Self::SetParameters(_)
            | Self::ResetParameters(_)
            | Self::SetOptions { .. }
            | Self::Inherit(_)
            | Self::NoInherit(_)
            | Self::SetOf(_)
            | Self::AddNotNull { .. }
            | Self::SetInherit { .. }
            | Self::SetEnforced { .. } => Vec::new(),
            Self::SetIdentity { from, to, .. } => {
                let restarts = sequence::restarts(&from.options, &to.options);
                restarts.then_some(Hazard::Restarts).into_iter().collect()
            }
        }
    }
}

/// `ADD name 'value'`, `SET …` and `DROP name`.
fn option_changes(from: &BTreeMap<String, String>, to: &BTreeMap<String, String>) -> Vec<String> {
    let name = |name: &String| Ident::new(name.as_str());
    let gone = from.keys().filter(|it| !to.contains_key(*it));
    let gone = gone.map(|it| format!("DROP {}", name(it)));
    let wanted = to.iter().filter(|(it, value)| from.get(*it) != Some(value));
    let wanted = wanted.map(|(it, value)| {
        let word = if from.contains_key(it) { "SET" } else { "ADD" };
        format!("{word} {} {}", name(it), literal(value))
    });
    gone.chain(wanted).collect()
}

fn added(ConstraintDefinition { name, constraint }: &ConstraintDefinition) -> Vec<Hazard> {
    let Constraint {
        kind,
        validated,
        enforced,
        ..
    } = constraint;
    let violated = Hazard::FailsOnViolation { name: name.clone() };
    match kind {
        ConstraintKind::PrimaryKey(_)
        | ConstraintKind::Unique(_)
        | ConstraintKind::Exclusion(_) => vec![Hazard::BuildsIndex, violated],
        ConstraintKind::Check(_) | ConstraintKind::ForeignKey(_) if *validated && *enforced => {
            vec![Hazard::Scans, violated]
        }
        ConstraintKind::Check(_) | ConstraintKind::ForeignKey(_) => Vec::new(),
    }
}

impl fmt::Display for TableAction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AddColumn(column) => write!(f, "ADD COLUMN {column}"),
            Self::DropColumn(column) => write!(f, "DROP COLUMN {column}"),
            Self::SetType {
                column,
                data_type,
                collation,
                using,
                rewrites: _,
            } => {
                write!(f, "ALTER COLUMN {column} TYPE {data_type}")?;
                if let Some(collation) = collation {
                    write!(f, " COLLATE {collation}")?;
                }
                match using {
                    Some(using) => write!(f, " USING {using}"),
                    None => Ok(()),
                }
            }
            Self::SetDefault {
                column,
                data_type,
                expression,
            } => {
                let default = column::plain_default(data_type, expression);
                write!(f, "ALTER COLUMN {column} SET DEFAULT {default}")
            }
            Self::DropDefault(column) => write!(f, "ALTER COLUMN {column} DROP DEFAULT"),
            Self::SetNotNull { column, .. } => write!(f, "ALTER COLUMN {column} SET NOT NULL"),
            Self::DropNotNull(column) => write!(f, "ALTER COLUMN {column} DROP NOT NULL"),
            Self::AddIdentity(column, identity) => write!(
                f,
                "ALTER COLUMN {column} ADD {}",
                column::Generated(identity)
            ),
            Self::SetIdentity { column, from, to } => {
                write!(f, "ALTER COLUMN {column}")?;
                if from.always != to.always {
                    write!(f, " SET GENERATED {}", column::always_word(to.always))?;
                }
                for option in sequence::changed(&from.options, &to.options) {
                    let set = if option == "RESTART" { "" } else { "SET " };
                    write!(f, " {set}{option}")?;
                }
                Ok(())
            }
            Self::DropIdentity(column) => write!(f, "ALTER COLUMN {column} DROP IDENTITY"),
            Self::DropExpression(column) => write!(f, "ALTER COLUMN {column} DROP EXPRESSION"),
            Self::SetExpression(column, expression) => {
                write!(f, "ALTER COLUMN {column} SET EXPRESSION AS ({expression})")
            }
            Self::SetStorage(column, storage) => write!(
                f,
                "ALTER COLUMN {column} SET STORAGE {}",
                storage.to_uppercase()
            ),
            Self::SetCompression(column, method) => {
                write!(f, "ALTER COLUMN {column} SET COMPRESSION {method}")
            }
            Self::AddConstraint(constraint) => write!(f, "ADD {constraint}"),
            Self::AddKeyFromIndex {
                name,
                primary,
                index,
                deferrable,
            } => {
                let kind = if *primary { "PRIMARY KEY" } else { "UNIQUE" };
                let deferrable = constraint::deferrable(*deferrable);
                write!(
                    f,
                    "ADD CONSTRAINT {name} {kind} USING INDEX {index}{deferrable}"
                )
            }
            Self::AlterConstraint(name, deferrable) => {
                let clause = match deferrable {
                    Deferrable::No => " NOT DEFERRABLE",
                    Deferrable::InitiallyImmediate => " DEFERRABLE INITIALLY IMMEDIATE",
                    Deferrable::InitiallyDeferred => constraint::deferrable(*deferrable),
                };
                write!(f, "ALTER CONSTRAINT {name}{clause}")
            }
            Self::ValidateConstraint(name) => write!(f, "VALIDATE CONSTRAINT {name}"),
            Self::DropConstraint(name) => write!(f, "DROP CONSTRAINT {name}"),
            Self::SetPersistence(Persistence::Logged) => f.write_str("SET LOGGED"),
            Self::SetPersistence(Persistence::Unlogged) => f.write_str("SET UNLOGGED"),
            Self::SetParameters(parameters) => {
                let parameters = parameters
                    .iter()
                    .map(|(name, value)| parameter((name, value)));
                write!(f, "SET ({})", List(&parameters.collect::<Vec<_>>()))
            }
            Self::ResetParameters(names) => write!(f, "RESET ({})", List(names)),
            Self::SetTablespace(name) => write!(f, "SET TABLESPACE {name}"),
            Self::SetAccessMethod(name) => write!(f, "SET ACCESS METHOD {name}"),
            Self::SetOptions { column, from, to } => {
                if let Some(column) = column {
                    write!(f, "ALTER COLUMN {column} ")?;
                }
                write!(f, "OPTIONS ({})", List(&option_changes(from, to)))
            }
            Self::Inherit(parent) => write!(f, "INHERIT {parent}"),
            Self::NoInherit(parent) => write!(f, "NO INHERIT {parent}"),
            Self::SetOf(Some(of_type)) => write!(f, "OF {of_type}"),
            Self::SetOf(None) => f.write_str("NOT OF"),
            Self::AddNotNull { column, said, name } => {
                write!(f, "ADD CONSTRAINT {name} NOT NULL {column}")?;
                f.write_str(if said.no_inherit { " NO INHERIT" } else { "" })?;
                f.write_str(if said.not_valid { " NOT VALID" } else { "" })
            }
            Self::SetInherit { name, inherit } => {
                let no = if *inherit { "" } else { "NO " };
                write!(f, "ALTER CONSTRAINT {name} {no}INHERIT")
            }
            Self::SetEnforced { name, enforced } => {
                let not = if *enforced { "" } else { "NOT " };
                write!(f, "ALTER CONSTRAINT {name} {not}ENFORCED")
            }
        }
    }
}
