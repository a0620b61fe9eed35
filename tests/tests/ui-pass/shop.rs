//! The first two examples of the grammar, under the strictest lints; the definitions say it all.
#![forbid(unsafe_code)]
#![deny(missing_docs, warnings, unreachable_pub)]

use schema_core::def::{ActionDef, Record, TableDef, TypeOrigin};
use schema_core::prelude::*;

extension!(citext);
pg_schema!(pub billing, comment = "money");

/// Who pays.
#[table]
#[unique(slug)]
#[index(plan, seats.desc())]
#[check(seats >= 1 && seats <= 10_000)]
pub struct Organization {
    /// Its key.
    #[column(primary_key, type = uuid, default = gen_random_uuid())]
    pub id: String,
    /// Its name.
    #[column(type = varchar(80))]
    pub name: String,
    /// Its place in the address.
    pub slug: Slug,
    /// What it pays.
    #[column(default = Plan::Free)]
    pub plan: Plan,
    /// How many may come.
    #[column(default = 1)]
    pub seats: i32,
    /// What is left.
    #[column(type = numeric(12, 2), default = 0.5)]
    pub credit: f64Text,
    /// When it went.
    #[column(type = timestamptz)]
    pub deleted_at: Option<String>,
}

/// `numeric` as text.
#[expect(non_camel_case_types, reason = "shows that any name will do")]
pub type f64Text = Money;

/// Money.
#[derive(PgNewtype)]
pub struct Money(pub Amount);

/// Any type may take part.
pub struct Amount;

impl schema_core::sql_type::SqlType for Amount {
    const TYPE: schema_core::def::TypeDef<'static> =
        <schema_core::sql_type::pg::numeric as schema_core::sql_type::SqlType>::TYPE;
}
impl schema_core::sql_type::StoredAs<schema_core::sql_type::pg::numeric> for Amount {}
impl schema_core::sql_type::Accepts<schema_core::sql_type::literal::number_literal> for Amount {}

/// Plans.
#[derive(Clone, Copy, PgEnum)]
pub enum Plan {
    /// For nothing.
    Free,
    /// For some.
    #[pg(rename = "team's")]
    Team = 7,
}

/// A slug.
#[derive(PgDomain)]
#[pg(type = text, check = sql("value ~ '^[a-z0-9-]{3,40}$'"))]
pub struct Slug(pub String);

/// Who works.
#[table(name = "users")]
#[unique(email, name = "users_live_email_key", where = deleted_at.is_null())]
#[index(sql("lower(display_name)"), name = "users_display_name_idx")]
pub struct User {
    /// Its key.
    #[column(primary_key, identity(always, start = 1000))]
    pub id: i64,
    /// Its address.
    #[column(type = citext)]
    pub email: String,
    /// Its name.
    pub display_name: String,
    /// For the search.
    #[column(generated = sql("to_tsvector('simple', display_name)"), type = tsvector)]
    pub search: Option<String>,
    /// Tags.
    #[column(default = sql("'{}'"))]
    pub tags: Vec<String>,
    /// Settings.
    pub settings: Json<()>,
    /// When it went.
    #[column(type = timestamptz)]
    pub deleted_at: Option<String>,
}

/// Who works where.
#[table(schema = billing)]
#[primary_key(org_id, user_id)]
#[index(user_id)]
#[exclude(using = gist, elements(user_id = "=", during = "&&"), where = live == true)]
pub struct Membership {
    /// Where.
    #[column(references = Organization::id, on_delete = cascade, type = uuid)]
    pub org_id: String,
    /// Who.
    #[column(references = User::id)]
    pub user_id: i64,
    /// By whom.
    #[column(references = User::id, on_delete = set_null, index)]
    pub invited_by: Option<i64>,
    /// When.
    pub during: Range<i64>,
    /// Whether.
    #[column(default = true)]
    pub live: bool,
}

/// Something said.
#[table]
#[foreign_key(columns = [org_id, user_id], references = [Membership::org_id, Membership::user_id], on_delete = cascade)]
#[index(payload, using = gin)]
pub struct Note {
    /// Its key.
    #[column(primary_key, identity)]
    pub id: i64,
    /// Where.
    #[column(type = uuid)]
    pub org_id: String,
    /// Who.
    pub user_id: i64,
    /// What it answers.
    #[column(references = Self::id)]
    pub parent: Option<i64>,
    /// What.
    pub payload: Json<()>,
    /// Where, roughly.
    #[column(type = sql("cube"))]
    pub place: Option<std::convert::Infallible>,
}

fn main() {
    let organization = recorded("Organization");
    assert_eq!(organization.name.name, "organization");
    assert_eq!(organization.comment, Some("Who pays."));
    assert_eq!(organization.primary_key.unwrap().name, "organization_pkey");
    assert_eq!(organization.uniques[0].name, "organization_slug_key");
    assert_eq!(organization.indexes[0].name, "organization_plan_seats_idx");
    assert!(organization.indexes[0].elements[1].descending);
    let check = organization.checks[0];
    assert_eq!(check.name, "organization_seats_check");
    assert_eq!(check.predicate.parts, [r#""seats" >= 1 and "seats" <= 10000"#]);
    let columns = organization.columns;
    assert_eq!(columns[1].ty.modifiers, [80]);
    assert_eq!(columns[2].ty.origin, TypeOrigin::Declared);
    assert_eq!(columns[3].default.unwrap().parts, ["'free'"]);
    assert_eq!(columns[5].ty.modifiers, [12, 2]);
    assert!(columns[6].nullable && !columns[5].nullable);

    let user = recorded("User");
    assert!(user.uniques.is_empty());
    assert_eq!(user.indexes[0].predicate.unwrap().parts, [r#""deleted_at" is null"#]);
    assert_eq!(user.columns[1].ty.origin, TypeOrigin::Extension("citext"));
    assert_eq!(user.columns[4].ty.dimensions, 1);
    assert_eq!(user.columns[0].identity.unwrap().options, [("start", 1000)]);

    let membership = recorded("Membership");
    assert_eq!(membership.name.schema, "billing");
    assert_eq!(membership.foreign_keys[2].on_delete, ActionDef::SetNull);
    assert_eq!(membership.excludes[0].name, "membership_user_id_during_excl");

    let note = recorded("Note");
    let key = note.foreign_keys[1];
    assert_eq!(key.name, "note_org_id_user_id_fkey");
    assert_eq!((key.references.schema, key.references.name), ("billing", "membership"));
    assert_eq!(key.referenced_columns, ["org_id", "user_id"]);
    assert!(note.columns[5].nullable);
    assert_eq!(note.columns[5].ty.origin, TypeOrigin::Raw);
    assert_eq!(<User as schema_core::table::Table>::COLUMNS.email.name(), "email");
    let _ = Plan::Team;
}

/// What this executable records of a table.
fn recorded(item: &str) -> TableDef<'static> {
    let program = std::env::current_exe().unwrap().try_into().unwrap();
    let arena = Box::leak(Box::default());
    let records = schema_core::metadata::extract::records(&[program], arena).unwrap();
    let table = records.into_iter().find_map(|record| match record {
        Record::Table(table) if table.source.item == item => Some(table),
        _ => None,
    });
    table.unwrap()
}
