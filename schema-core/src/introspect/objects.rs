//! What is no table: each query gives the statements that make, change and drop an object, and
//! PostgreSQL's own record tells what they use.

use std::collections::{BTreeMap, BTreeSet};

use sqlx::PgConnection;
use sqlx::postgres::types::Oid;

use super::schemas::Schemas;
use super::{IntrospectError, Scope, rows};
use crate::catalog::{Catalog, Object, ObjectId, ObjectKind, Part};
use crate::ident::{Ident, QualifiedName, literal};

/// Class, object and column, as `pg_depend` names things.
type Address = (u32, u32, i32);

/// Objects on their way into the catalog.
#[derive(Default)]
struct Found {
    /// Objects with the address of what they are part of.
    objects: Vec<(ObjectId, Object, Option<Address>)>,
    /// The objects that have an address, and what statements call them.
    known: BTreeMap<Address, (ObjectId, Option<String>)>,
    /// What is part of the typed model, as far as it was asked for.
    parts: BTreeMap<Address, Part>,
    /// Class and object of what belongs to an extension, and is that's business.
    members: BTreeSet<(u32, u32)>,
}

/// The queries that give objects. The first number is the oldest server that has them.
const QUERIES: &[(u32, &str)] = &[
    (0, include_str!("queries/objects/types.sql")),
    (0, include_str!("queries/objects/functions.sql")),
    (0, include_str!("queries/objects/views.sql")),
    (0, include_str!("queries/objects/triggers.sql")),
    (0, include_str!("queries/objects/policies.sql")),
    (0, include_str!("queries/objects/settings.sql")),
    (0, include_str!("queries/objects/operators.sql")),
    (0, include_str!("queries/objects/search.sql")),
    (0, include_str!("queries/objects/foreign.sql")),
    (0, include_str!("queries/objects/publications.sql")),
    (
        150_000,
        include_str!("queries/objects/publication_schemas.sql"),
    ),
];

/// Reads all objects, and what uses what, into a catalog that has everything else.
pub(super) async fn read(
    connection: &mut PgConnection,
    scope: &Scope,
    schemas: &Schemas,
    catalog: &mut Catalog,
) -> Result<(), IntrospectError> {
    let version = connection.server_version_num().unwrap_or(u32::MAX);
    let mut found = Found::default();
    if !catalog.extensions.is_empty() {
        let query = sqlx::query(include_str!("queries/objects/members.sql"));
        rows::each(connection, "extensions", query, |mut row| {
            found.members.insert((row.oid()?, row.oid()?));
            Ok(())
        })
        .await?;
    }
    for (_, query) in QUERIES.iter().filter(|(since, _)| version >= *since) {
        found.read(connection, schemas, query).await?;
    }
    found.comments(connection, schemas).await?;
    if scope.privileges {
        found.owners(connection, schemas).await?;
        found.privileges(connection, schemas).await?;
    }
    let uses = found.uses(connection).await?;
    found.resolve(connection, &uses).await?;
    found.place(&uses, catalog);
    if scope.privileges {
        default_privileges(connection, catalog).await?;
    }
    Ok(())
}

impl Found {
    async fn read(
        &mut self,
        connection: &mut PgConnection,
        schemas: &Schemas,
        query: &'static str,
    ) -> Result<(), IntrospectError> {
        let takes_schemas = query.contains("$1");
        let mut query = sqlx::query(query);
        if takes_schemas {
            query = query.bind(schemas.oids());
        }
        rows::each(connection, "objects", query, |mut row| {
            let address = (
                row.oid()?,
                row.oid()?,
                row.take::<Option<i32>>()?.unwrap_or(0),
            );
            if self.members.contains(&(address.0, address.1)) {
                return Ok(());
            }
            let kind: &str = row.take()?;
            let kind = ObjectKind::ALL.iter().find(|it| it.name() == kind);
            let kind = *kind.expect("the queries name known kinds");
            let id = ObjectId {
                kind,
                schema: row.take::<Option<String>>()?.map(Ident::from),
                name: row.take()?,
            };
            let definition: String = row.take()?;
            let create: Option<String> = row.take()?;
            let alter = row.take()?;
            let called: Option<String> = row.take()?;
            let drop: Option<String> = row.take()?;
            let of = (
                row.oid()?,
                row.oid()?,
                row.take::<Option<i32>>()?.unwrap_or(0),
            );
            let inline = row.take()?;
            let signature: Vec<Option<String>> = row.take()?;
            let dropped = |called: &String| format!("DROP {called}");
            let object = Object {
                create: create.filter(|create| *create != definition),
                definition,
                alter,
                drop: drop.or_else(|| called.as_ref().map(dropped)),
                of: None,
                inline,
                position: address.2,
                signature: signature
                    .into_iter()
                    .map(Option::unwrap_or_default)
                    .collect(),
            };
            if address.0 != 0 {
                self.known.insert(address, (id.clone(), called));
            }
            self.objects.push((id, object, (of.0 != 0).then_some(of)));
            Ok(())
        })
        .await
    }

    async fn comments(
        &mut self,
        connection: &mut PgConnection,
        schemas: &Schemas,
    ) -> Result<(), IntrospectError> {
        let query = sqlx::query(include_str!("queries/objects/comments.sql"));
        let query = query.bind(schemas.oids());
        rows::each(connection, "comments", query, |mut row| {
            let address = (row.oid()?, row.oid()?, row.take::<i32>()?);
            let text: &str = row.take()?;
            let called: Option<String> = row.take()?;
            let of = (row.oid()?, row.oid()?, 0);
            let of = if of.0 == 0 { address } else { of };
            let Some(called) = called.or_else(|| self.called(address)) else {
                return Ok(());
            };
            let set = format!("COMMENT ON {called} IS {}", literal(text));
            let object = Object {
                alter: Some(set.clone()),
                definition: set,
                drop: Some(format!("COMMENT ON {called} IS NULL")),
                ..Object::default()
            };
            self.add_of(ObjectKind::Comment, format!("ON {called}"), object, of);
            Ok(())
        })
        .await
    }

    async fn owners(
        &mut self,
        connection: &mut PgConnection,
        schemas: &Schemas,
    ) -> Result<(), IntrospectError> {
        let query = sqlx::query(include_str!("queries/objects/owners.sql"));
        let query = query.bind(schemas.oids());
        rows::each(connection, "owners", query, |mut row| {
            let address = (row.oid()?, row.oid()?, 0);
            let owner = Ident::from(row.take::<String>()?);
            let called: Option<String> = row.take()?;
            let Some(called) = called.or_else(|| self.called(address)) else {
                return Ok(());
            };
            let set = format!("ALTER {called} OWNER TO {owner}");
            let object = Object {
                alter: Some(set.clone()),
                definition: set,
                ..Object::default()
            };
            self.add_of(ObjectKind::Owner, format!("OF {called}"), object, address);
            Ok(())
        })
        .await
    }

    async fn privileges(
        &mut self,
        connection: &mut PgConnection,
        schemas: &Schemas,
    ) -> Result<(), IntrospectError> {
        let query = sqlx::query(include_str!("queries/objects/privileges.sql"));
        let query = query.bind(schemas.oids());
        rows::each(connection, "privileges", query, |mut row| {
            let address = (row.oid()?, row.oid()?, row.take::<i32>()?);
            let called: &str = row.take()?;
            let privilege: &str = row.take()?;
            let role: &str = row.take()?;
            let grantable: bool = row.take()?;
            let there: bool = row.take()?;
            let what = format!("{privilege} {called}");
            let (kind, name, object) = privilege_object(&what, role, grantable, there, "");
            self.add_of(kind, name, object, address);
            Ok(())
        })
        .await
    }

    /// An object of no schema that is part of another.
    fn add_of(&mut self, kind: ObjectKind, name: String, object: Object, of: Address) {
        let id = ObjectId {
            kind,
            schema: None,
            name,
        };
        self.objects.push((id, object, Some(of)));
    }

    /// What statements call an object of the catalog.
    fn called(&self, address: Address) -> Option<String> {
        self.known.get(&address)?.1.clone()
    }

    /// All pairs of which one end is an object, or that use an extension, or the rows of a table as
    /// a type.
    async fn uses(
        &self,
        connection: &mut PgConnection,
    ) -> Result<Vec<(Address, Address)>, IntrospectError> {
        let mut uses = Vec::new();
        let query = sqlx::query(include_str!("queries/objects/dependencies.sql"));
        rows::each(connection, "dependencies", query, |mut row| {
            let address = (row.oid()?, row.oid()?, row.take::<i32>()?);
            let target = (row.oid()?, row.oid()?, row.take::<i32>()?);
            let (table, column) = (row.oid()?, row.take::<Option<i32>>()?);
            let of_rows: Option<bool> = row.take()?;
            let address = match column {
                // A default is its column's.
                Some(column) if !self.known.contains_key(&address) => (PG_CLASS, table, column),
                _ => address,
            };
            let objects = self.object(address).is_some() || self.object(target).is_some();
            let member = target.0 == PG_EXTENSION || self.members.contains(&(target.0, target.1));
            if objects || member || of_rows == Some(true) {
                uses.push((address, target));
            }
            Ok(())
        })
        .await?;
        Ok(uses)
    }

    fn object(&self, (class, oid, sub): Address) -> Option<&ObjectId> {
        let exact = self.known.get(&(class, oid, sub));
        let found = exact.or_else(|| self.known.get(&(class, oid, 0)))?;
        Some(&found.0)
    }

    /// Looks up what addresses of the typed model stand for.
    async fn resolve(
        &mut self,
        connection: &mut PgConnection,
        uses: &[(Address, Address)],
    ) -> Result<(), IntrospectError> {
        let parents = self.objects.iter().filter_map(|(.., of)| *of);
        let ends = uses.iter().flat_map(|(address, used)| [*address, *used]);
        let wanted: BTreeSet<Address> = parents
            .chain(ends)
            .filter(|address| self.object(*address).is_none())
            .collect();
        if wanted.is_empty() {
            return Ok(());
        }
        let classes: Vec<Oid> = wanted.iter().map(|it| Oid(it.0)).collect();
        let oids: Vec<Oid> = wanted.iter().map(|it| Oid(it.1)).collect();
        let subs: Vec<i32> = wanted.iter().map(|it| it.2).collect();
        let query = sqlx::query(include_str!("queries/objects/parts.sql"));
        let query = query.bind(classes).bind(oids).bind(subs);
        rows::each(connection, "parts", query, |mut row| {
            let address = (row.oid()?, row.oid()?, row.take::<i32>()?);
            let kind: &str = row.take()?;
            let schema: Option<String> = row.take()?;
            let name: Option<String> = row.take()?;
            let member: Option<String> = row.take()?;
            let name = Ident::from(name.unwrap_or_default());
            let qualified = QualifiedName::new(schema.unwrap_or_default(), name.clone());
            let member = Ident::from(member.unwrap_or_default());
            let part = match kind {
                "extension" => Part::Extension(name),
                "schema" => Part::Schema(name),
                "type" => Part::Type(qualified),
                "sequence" => Part::Sequence(qualified),
                "index" => Part::Index(qualified),
                "table" => Part::Table(qualified),
                "column" => Part::Column(qualified, member),
                "constraint" => Part::Constraint(qualified, member),
                _ => return Ok(()),
            };
            self.parts.insert(address, part);
            Ok(())
        })
        .await
    }

    fn part(&self, address: Address) -> Option<Part> {
        let object = self.object(address).cloned().map(Part::Object);
        object.or_else(|| self.parts.get(&address).cloned())
    }

    fn place(mut self, uses: &[(Address, Address)], catalog: &mut Catalog) {
        for (address, used) in uses {
            if let (Some(part), Some(used)) = (self.part(*address), self.part(*used)) {
                catalog.dependencies.insert(part, used);
            }
        }
        let objects = std::mem::take(&mut self.objects);
        let objects = objects.into_iter().filter_map(|(id, mut object, of)| {
            if let Some(of) = of {
                if self.members.contains(&(of.0, of.1)) {
                    return None;
                }
                object.of = Some(self.part(of)?);
            }
            Some((id, object))
        });
        catalog.objects = objects.collect();
        // Revoking a privilege on a table revokes it on the columns too.
        for id in catalog
            .objects
            .keys()
            .filter(|id| id.kind == ObjectKind::Grant)
        {
            if let Some(whole) = id
                .whole_grant()
                .filter(|whole| catalog.objects.contains_key(whole))
            {
                let part = Part::Object(id.clone());
                catalog.dependencies.insert(part, Part::Object(whole));
            }
        }
        drop_orphans(catalog);
    }
}

/// `pg_class`, as it is in every database.
const PG_CLASS: u32 = 1259;

/// `pg_extension`, likewise.
const PG_EXTENSION: u32 = 3079;

/// A privilege that is there or missing, as a statement would give and take it.
fn privilege_object(
    what: &str,
    role: &str,
    grantable: bool,
    there: bool,
    prefix: &str,
) -> (ObjectKind, String, Object) {
    let option = if grantable { " WITH GRANT OPTION" } else { "" };
    let (grant, revoke) = (
        format!("{prefix}GRANT {what} TO {role}{option}"),
        format!("{prefix}REVOKE {what} FROM {role}"),
    );
    let (kind, definition, drop) = if there {
        (ObjectKind::Grant, grant, revoke)
    } else {
        (ObjectKind::Revoke, revoke, grant)
    };
    let object = Object {
        definition,
        drop: Some(drop),
        ..Object::default()
    };
    (kind, format!("{what} TO {role}"), object)
}

async fn default_privileges(
    connection: &mut PgConnection,
    catalog: &mut Catalog,
) -> Result<(), IntrospectError> {
    let query = sqlx::query(include_str!("queries/objects/default_privileges.sql"));
    rows::each(connection, "default privileges", query, |mut row| {
        let role: &str = row.take()?;
        let schema = row.take::<Option<String>>()?.map(Ident::from);
        let kind: &str = row.take()?;
        let privilege: &str = row.take()?;
        let to: &str = row.take()?;
        let grantable: bool = row.take()?;
        let there: bool = row.take()?;
        let within = schema.as_ref().map(|it| format!(" IN SCHEMA {it}"));
        let within = within.unwrap_or_default();
        let prefix = format!("ALTER DEFAULT PRIVILEGES FOR ROLE {role}{within} ");
        let what = format!("{privilege} ON {kind}");
        let (_, name, mut object) = privilege_object(&what, to, grantable, there, &prefix);
        object.of = schema.clone().map(Part::Schema);
        let id = ObjectId {
            kind: ObjectKind::DefaultPrivileges,
            schema: None,
            name: format!("FOR {role}{within}: {name}"),
        };
        catalog.objects.insert(id, object);
        Ok(())
    })
    .await
}

/// What is part of something that the catalog does not hold is not held either.
fn drop_orphans(catalog: &mut Catalog) {
    loop {
        let missing: Vec<ObjectId> = catalog
            .objects
            .iter()
            .filter(|(_, object)| object.of.as_ref().is_some_and(|of| !catalog.has(of)))
            .map(|(id, _)| id.clone())
            .collect();
        if missing.is_empty() {
            return;
        }
        for id in missing {
            catalog.objects.remove(&id);
        }
    }
}
