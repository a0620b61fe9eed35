//! Everything that is not a table: views, functions, triggers, policies, grants and the like.

use std::fmt;

use super::Part;
use crate::ident::{Ident, QualifiedName};

/// Which object.
///
/// `Display` spells kind and name: `view public.active_users`, `policy own ON public.users`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ObjectId {
    /// What it is.
    pub kind: ObjectKind,
    /// The schema that it is in; none for what is in no schema.
    pub schema: Option<Ident>,
    /// The rest of its identity as SQL spells it: `active_users`, `total(integer, text)`,
    /// `audit ON users`.
    pub name: String,
}

impl ObjectId {
    /// The qualified name, where the object shares its name with nothing else but by schema: a
    /// view, a type.
    pub fn qualified(&self) -> Option<QualifiedName> {
        let schema = self.schema.clone()?;
        let quoted = self.name.strip_prefix('"');
        let quoted = quoted.and_then(|name| name.strip_suffix('"'));
        let name = quoted.map_or_else(|| self.name.clone(), |name| name.replace("\"\"", "\""));
        Some(QualifiedName::new(schema, name))
    }
}

impl ObjectId {
    /// The grant of the same privilege on all columns, for one on some.
    pub(crate) fn whole_grant(&self) -> Option<Self> {
        let (privilege, columns) = self.name.split_once(" (")?;
        let (_, table) = columns.split_once(") ON TABLE ")?;
        (self.kind == ObjectKind::Grant).then(|| Self {
            name: format!("{privilege} ON TABLE {table}"),
            ..self.clone()
        })
    }
}

impl fmt::Display for ObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ", self.kind)?;
        if let Some(schema) = &self.schema {
            write!(f, "{schema}.")?;
        }
        f.write_str(&self.name)
    }
}

/// An object, made by one statement.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Object {
    /// What two of them are compared by, as PostgreSQL spells it. It is the statement that makes
    /// the object unless `create` says otherwise.
    pub definition: String,
    /// The statement that makes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub create: Option<String>,
    /// The statement that makes one that is there what this one is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alter: Option<String>,
    /// The statement that takes it away; none where it only goes with what it is part of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub drop: Option<String>,
    /// What it is part of, and goes with: the table of a trigger, the object of a comment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<Part>,
    /// The statement that makes what it is part of makes it too.
    #[serde(default, skip_serializing_if = "is_false")]
    pub inline: bool,
    /// Its place among the others of what it is part of, where that has an order.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub position: i32,
    /// What cannot be altered: `alter` only serves where the old list begins the new one. The
    /// columns of a view, the result and the arguments of a function.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub signature: Vec<String>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "as serde calls it")]
fn is_false(value: &bool) -> bool {
    !value
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "as serde calls it")]
fn is_zero(value: &i32) -> bool {
    *value == 0
}

impl Object {
    /// The statement that makes it, without a semicolon.
    pub fn create(&self) -> &str {
        self.create.as_deref().unwrap_or(&self.definition)
    }

    /// True where the two differ in what matters: the definition and the signature.
    pub fn differs(&self, other: &Self) -> bool {
        self.definition != other.definition || self.signature != other.signature
    }

    /// The statement that turns `self` into `to` where it is, if there is one.
    pub fn altered<'a>(&self, to: &'a Self) -> Option<&'a str> {
        let alter = to.alter.as_deref()?;
        to.signature.starts_with(&self.signature).then_some(alter)
    }
}

macro_rules! kinds {
    ($($(#[doc = $doc:literal])* $kind:ident = $name:literal, $rank:literal;)*) => {
        /// What an object is.
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
        )]
        #[serde(rename_all = "snake_case")]
        pub enum ObjectKind {
            $($(#[doc = $doc])* $kind,)*
        }

        impl ObjectKind {
            /// All kinds.
            pub const ALL: &[Self] = &[$(Self::$kind),*];

            /// Its name: `materialized view`.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$kind => $name,)*
                }
            }

            /// Whether it is about owners and privileges, which are read only where asked for.
            pub const fn is_of_roles(self) -> bool {
                matches!(
                    self,
                    Self::Owner | Self::Grant | Self::Revoke | Self::DefaultPrivileges
                )
            }

            /// Where it comes among objects that do not need one another; below 50, before tables.
            pub const fn rank(self) -> u8 {
                match self {
                    $(Self::$kind => $rank,)*
                }
            }
        }
    };
}

kinds! {
    /// `CREATE ACCESS METHOD`.
    AccessMethod = "access method", 10;
    /// `CREATE LANGUAGE`.
    Language = "language", 10;
    /// `CREATE FOREIGN DATA WRAPPER`.
    ForeignDataWrapper = "foreign data wrapper", 11;
    /// `CREATE SERVER`.
    Server = "server", 12;
    /// `CREATE USER MAPPING`.
    UserMapping = "user mapping", 13;
    /// An option of a wrapper, server or user mapping.
    ForeignOption = "foreign option", 14;
    /// `CREATE COLLATION`.
    Collation = "collation", 15;
    /// `CREATE TEXT SEARCH PARSER`.
    TextSearchParser = "text search parser", 16;
    /// `CREATE TEXT SEARCH TEMPLATE`.
    TextSearchTemplate = "text search template", 17;
    /// `CREATE TEXT SEARCH DICTIONARY`.
    TextSearchDictionary = "text search dictionary", 18;
    /// `CREATE TEXT SEARCH CONFIGURATION`.
    TextSearchConfiguration = "text search configuration", 19;
    /// `ALTER TEXT SEARCH CONFIGURATION … ADD MAPPING FOR`.
    TextSearchMapping = "text search mapping", 20;
    /// `CREATE TYPE`, without a definition.
    ShellType = "shell type", 21;
    /// `CREATE TYPE … (INPUT = …)`.
    BaseType = "base type", 24;
    /// `CREATE TYPE … AS (…)`.
    CompositeType = "composite type", 25;
    /// An attribute of a composite type.
    Attribute = "attribute", 26;
    /// `CREATE TYPE … AS RANGE`.
    RangeType = "range type", 27;
    /// `CREATE FUNCTION`.
    Function = "function", 50;
    /// `CREATE PROCEDURE`.
    Procedure = "procedure", 51;
    /// `CREATE AGGREGATE`.
    Aggregate = "aggregate", 52;
    /// `CREATE OPERATOR FAMILY`.
    OperatorFamily = "operator family", 53;
    /// `CREATE OPERATOR`.
    Operator = "operator", 54;
    /// `CREATE OPERATOR CLASS`.
    OperatorClass = "operator class", 55;
    /// What `ALTER OPERATOR FAMILY … ADD` adds.
    OperatorFamilyMember = "operator family member", 56;
    /// `CREATE CAST`.
    Cast = "cast", 57;
    /// `CREATE CONVERSION`.
    Conversion = "conversion", 58;
    /// `CREATE TRANSFORM`.
    Transform = "transform", 59;
    /// `CREATE VIEW`.
    View = "view", 60;
    /// `CREATE MATERIALIZED VIEW`.
    MaterializedView = "materialized view", 61;
    /// The default of a column of a view.
    ViewDefault = "view default", 62;
    /// An index of a materialized view.
    Index = "index", 63;
    /// `CREATE STATISTICS`.
    Statistics = "statistics", 64;
    /// How much is sampled for a statistics object.
    StatisticsTarget = "statistics target", 65;
    /// `ALTER TABLE … ALTER COLUMN … SET STATISTICS`.
    ColumnStatistics = "column statistics", 66;
    /// `ALTER TABLE … ALTER COLUMN … SET (…)`.
    ColumnOption = "column option", 67;
    /// `ALTER TABLE … REPLICA IDENTITY`.
    ReplicaIdentity = "replica identity", 68;
    /// `ALTER TABLE … CLUSTER ON`.
    ClusterOn = "cluster", 69;
    /// `CREATE RULE`.
    Rule = "rule", 70;
    /// Whether a rule fires.
    RuleState = "rule state", 71;
    /// `CREATE TRIGGER`.
    Trigger = "trigger", 72;
    /// Whether a trigger fires.
    TriggerState = "trigger state", 73;
    /// `ALTER TABLE … ENABLE ROW LEVEL SECURITY`.
    RowSecurity = "row security", 74;
    /// `ALTER TABLE … FORCE ROW LEVEL SECURITY`.
    ForcedRowSecurity = "forced row security", 75;
    /// `CREATE POLICY`.
    Policy = "policy", 76;
    /// `CREATE PUBLICATION`.
    Publication = "publication", 80;
    /// A table of a publication.
    PublicationTable = "publication table", 81;
    /// A schema of a publication.
    PublicationSchema = "publication schema", 82;
    /// `CREATE EVENT TRIGGER`.
    EventTrigger = "event trigger", 83;
    /// Whether an event trigger fires.
    EventTriggerState = "event trigger state", 84;
    /// `ALTER EXTENSION … UPDATE`.
    ExtensionVersion = "extension version", 85;
    /// `ALTER … OWNER TO`.
    Owner = "owner", 90;
    /// A privilege that PostgreSQL gives by itself and that was taken away.
    Revoke = "revoke", 91;
    /// A privilege.
    Grant = "grant", 92;
    /// `ALTER DEFAULT PRIVILEGES`.
    DefaultPrivileges = "default privileges", 93;
    /// `COMMENT ON` what is not a table.
    Comment = "comment", 95;
}

impl fmt::Display for ObjectKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl ObjectKind {
    /// True for who owns what and who may do what: the operator's, unless a project says otherwise.
    pub const fn is_privilege(self) -> bool {
        matches!(
            self,
            Self::Owner | Self::Grant | Self::Revoke | Self::DefaultPrivileges
        )
    }
}
