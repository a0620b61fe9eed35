//! What is wrong with a schema as a whole.

use std::fmt;

use crate::diagnostic::{Finding, Place, Severity};
use crate::ident::{Ident, QualifiedName};

/// Something that only the whole schema can tell.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SchemaError {
    /// Two structs are one table.
    #[error("{} tables are named `{name}`", claims.len())]
    TableTwice {
        /// The name.
        name: QualifiedName,
        /// The structs.
        claims: Vec<Claim>,
    },
    /// A type has the name of another type, or of a table, which has a row type.
    #[error("the type name `{name}` is taken twice: {}", Claims(claims))]
    TypeTwice {
        /// The name.
        name: QualifiedName,
        /// The types and tables.
        claims: Vec<Claim>,
    },
    /// Tables, indexes and sequences of a schema share one space of names.
    #[error("the relation name `{name}` is taken twice: {}", Claims(claims))]
    RelationTwice {
        /// The name.
        name: QualifiedName,
        /// The tables, indexes, keys and sequences.
        claims: Vec<Claim>,
    },
    /// A foreign key leads out of the schema.
    #[error(
        "foreign key `{constraint}` of `{table}` references `{references}`, which no struct of this build declares"
    )]
    UnknownTable {
        /// The referencing table.
        table: QualifiedName,
        /// The foreign key.
        constraint: Ident,
        /// The referenced table.
        references: QualifiedName,
        /// The foreign key's place.
        place: Place,
    },
    /// A foreign key references columns that identify no row.
    #[error(
        "foreign key `{constraint}` of `{table}` references `{references}` ({}), which is neither its primary key nor unique",
        Names(columns)
    )]
    ReferenceNotUnique {
        /// The referencing table.
        table: QualifiedName,
        /// The foreign key.
        constraint: Ident,
        /// The referenced table.
        references: QualifiedName,
        /// The referenced columns.
        columns: Vec<Ident>,
        /// The foreign key's place.
        place: Place,
        /// The referenced struct's place.
        referenced_place: Place,
    },
    /// PostgreSQL has no foreign keys to a deferrable key.
    #[error(
        "foreign key `{constraint}` of `{table}` references the deferrable key `{key}` of `{references}`"
    )]
    ReferenceDeferrable {
        /// The referencing table.
        table: QualifiedName,
        /// The foreign key.
        constraint: Ident,
        /// The referenced table.
        references: QualifiedName,
        /// Its key.
        key: Ident,
        /// The foreign key's place.
        place: Place,
        /// The key's place.
        key_place: Place,
    },
    /// No row can be the first one.
    #[error(
        "no row can be inserted first: {} reference each other in a cycle that no nullable or deferrable foreign key opens",
        Names(tables)
    )]
    Cycle {
        /// The tables, each referencing the next, and the last the first.
        tables: Vec<QualifiedName>,
        /// The foreign keys, in that order.
        places: Vec<Place>,
    },
    /// `renamed_from` names something that still exists.
    #[error("{kind} `{new}` is renamed from `{old}`, which is still there")]
    RenamedFromLive {
        /// What it is: `table`, `column`.
        kind: &'static str,
        /// Its name.
        new: String,
        /// The name that it had.
        old: String,
        /// Where it says so.
        place: Place,
        /// Where the other one is.
        live: Place,
    },
    /// Two things were one.
    #[error("{kind} `{first}` and {kind} `{second}` are both renamed from `{old}`")]
    RenamedFromTwice {
        /// What they are: `table`, `column`.
        kind: &'static str,
        /// One of them.
        first: String,
        /// The other.
        second: String,
        /// The name that both claim.
        old: String,
        /// Both places.
        places: Vec<Place>,
    },
    /// Two declarations of one schema or extension that do not say the same.
    #[error("{kind} `{name}` is declared twice, and not alike")]
    DeclaredDifferently {
        /// `schema` or `extension`.
        kind: &'static str,
        /// Its name.
        name: Ident,
        /// Both places.
        places: Vec<Place>,
    },
    /// A type comes from an extension that is not declared.
    #[error("{user} has the type `{ty}` of extension `{extension}`, which is not declared")]
    ExtensionNotDeclared {
        /// The column or domain.
        user: String,
        /// The type.
        ty: String,
        /// The extension.
        extension: Ident,
        /// Where the type is used.
        place: Place,
    },
    /// A type of this project whose record is not in the build.
    #[error("{user} has the type `{ty}`, which nothing in this build declares")]
    UnknownType {
        /// The column or domain.
        user: String,
        /// The type.
        ty: QualifiedName,
        /// Where the type is used.
        place: Place,
    },
}

/// One of those who claim a name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Claim {
    /// What claims it: ``table `users` ``, ``index of `users` ``.
    pub what: String,
    /// Where.
    pub place: Place,
}

impl SchemaError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::TableTwice { .. } => "S001",
            Self::TypeTwice { .. } => "S002",
            Self::RelationTwice { .. } => "S003",
            Self::UnknownTable { .. } => "S004",
            Self::ReferenceNotUnique { .. } => "S005",
            Self::ReferenceDeferrable { .. } => "S006",
            Self::Cycle { .. } => "S007",
            Self::RenamedFromLive { .. } => "S008",
            Self::RenamedFromTwice { .. } => "S009",
            Self::DeclaredDifferently { .. } => "S010",
            Self::ExtensionNotDeclared { .. } => "S011",
            Self::UnknownType { .. } => "S012",
        }
    }

    /// Where, the main place first.
    pub fn places(&self) -> Vec<Place> {
        match self {
            Self::TableTwice { claims, .. }
            | Self::TypeTwice { claims, .. }
            | Self::RelationTwice { claims, .. } => {
                claims.iter().map(|claim| claim.place.clone()).collect()
            }
            Self::UnknownTable { place, .. }
            | Self::ExtensionNotDeclared { place, .. }
            | Self::UnknownType { place, .. } => vec![place.clone()],
            Self::ReferenceNotUnique {
                place,
                referenced_place: other,
                ..
            }
            | Self::ReferenceDeferrable {
                place,
                key_place: other,
                ..
            }
            | Self::RenamedFromLive {
                place, live: other, ..
            } => vec![place.clone(), other.clone()],
            Self::Cycle { places, .. }
            | Self::RenamedFromTwice { places, .. }
            | Self::DeclaredDifferently { places, .. } => places.clone(),
        }
    }

    /// What to do about it.
    pub fn help(&self) -> String {
        match self {
            Self::TableTwice { .. } => "give one of them another name with `#[table(name = \"…\")]`, or another schema".to_owned(),
            Self::TypeTwice { .. } => "rename one of them with `name = \"…\"`: every table is also a type, its row type".to_owned(),
            Self::RelationTwice { .. } => "rename one of them with `name = \"…\"`: the tables, indexes, keys and sequences of a schema share one space of names".to_owned(),
            Self::UnknownTable { references, .. } => format!("build the crate that declares `{references}` as well (`packages` in migrate.toml if it is not in this workspace), or declare the table with `managed = false`"),
            Self::ReferenceNotUnique { references, .. } => format!("add a `#[unique(…)]` over exactly these columns to `{references}`, or reference its primary key"),
            Self::ReferenceDeferrable { .. } => "PostgreSQL has no foreign keys to a deferrable key: leave `deferrable` out there, or reference another key".to_owned(),
            Self::Cycle { .. } => "make one of these foreign keys `deferrable = initially_deferred`, or one of their columns an `Option`".to_owned(),
            Self::RenamedFromLive { .. } => "leave `renamed_from` out, or take the other one away".to_owned(),
            Self::RenamedFromTwice { .. } => "leave `renamed_from` out of all but one".to_owned(),
            Self::DeclaredDifferently { .. } => "declare it once, or alike".to_owned(),
            Self::ExtensionNotDeclared { extension, .. } => format!("add `extension!({extension});` to the crate"),
            Self::UnknownType { ty, .. } => format!("build the crate that declares `{ty}` as well (`packages` in migrate.toml if it is not in this workspace)"),
        }
    }

    /// The same as a finding.
    pub fn finding(&self) -> Finding {
        Finding {
            places: self.places(),
            help: Some(self.help()),
            ..Finding::new(self.code(), Severity::Error, self.to_string())
        }
    }
}

struct Claims<'a>(&'a [Claim]);

impl fmt::Display for Claims<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, claim) in self.0.iter().enumerate() {
            let separator = if position == 0 { "" } else { ", " };
            write!(formatter, "{separator}{}", claim.what)?;
        }
        Ok(())
    }
}

struct Names<'a, T>(&'a [T]);

impl<T: fmt::Display> fmt::Display for Names<'_, T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, name) in self.0.iter().enumerate() {
            let separator = if position == 0 { "" } else { ", " };
            write!(formatter, "{separator}`{name}`")?;
        }
        Ok(())
    }
}
