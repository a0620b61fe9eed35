//! The desired state: what the structs say, in PostgreSQL's spelling.
//!
//! Spellings are kept by object, each keyed by everything that they depend on: the object's own
//! definition, the types and extensions that there are. Only an object that is not known is made
//! on a server.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use sqlx::Executor;

use super::{Sources, StateError, creation, current, empty, run, scope, sources};
use crate::apply::Silent;
use crate::catalog::{Catalog, Domain, Enum, Extension, Fingerprint, Table};
use crate::ddl::clear;
use crate::dev_db::{DevServer, Scratch};
use crate::directory::Directory;
use crate::ident::{Ident, QualifiedName};
use crate::introspect::{Scope, introspect};

/// Kind of the cache entries that hold spellings.
const SPELLINGS: &str = "spellings";

/// Kind of the cache entries that hold whole catalogs.
const DESIRED: &str = "desired";

/// An object as PostgreSQL spells it, with the fingerprint of what it was made from.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Spelled<T> {
    source: Fingerprint,
    object: T,
}

/// The spellings of one schema.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Spellings {
    extensions: Option<Spelled<BTreeMap<Ident, Extension>>>,
    domains: BTreeMap<QualifiedName, Spelled<Domain>>,
    tables: BTreeMap<QualifiedName, Spelled<Table>>,
}

/// The desired catalog for a provisional one.
///
/// `project` names whose spellings these are in the cache. Where the current state has objects
/// that the model does not know (functions, say), the structs may use them: then what is new is
/// made on a copy of that state from which everything modelled was taken away.
///
/// Where the source says more than tables and simple types, it says all: everything is made on an
/// empty database, unless the whole is known from before.
pub async fn desired(
    dev: &DevServer,
    project: &str,
    directory: &Directory,
    current: &Catalog,
    provisional: &Catalog,
    sources: &Sources,
) -> Result<Catalog, StateError> {
    if !sources.is_empty() {
        return whole(dev, provisional, sources).await;
    }
    let key = Fingerprint::of(&project).to_string();
    let known: Spellings = dev.cache().get(SPELLINGS, &key).unwrap_or_default();
    let environment = Environment::of(provisional, current);
    let (mut spellings, missing) = environment.known_part(known, provisional);
    if !missing.is_empty() || spellings.extensions.is_none() {
        let part = provisional.project(&missing);
        let (scratch, base) = bare(dev, directory, current).await?;
        let mut connection = scratch.connect().await?;
        run(&mut connection, &creation(&base, &part)?.stages)
            .await
            .map_err(|error| StateError::of_run(error, StateError::Schema))?;
        let made = introspect(&mut connection, &Scope::of_tables(missing.iter().cloned())).await?;
        drop(connection);
        scratch.close().await?;
        environment.add(&mut spellings, &missing, made, provisional);
        dev.cache().put(SPELLINGS, &key, &spellings)?;
    }
    Ok(assemble(provisional, spellings))
}

/// The catalog of everything that the source says, made on an empty database.
async fn whole(
    dev: &DevServer,
    provisional: &Catalog,
    sources: &Sources,
) -> Result<Catalog, StateError> {
    if !sources.faults().is_empty() {
        return Err(StateError::Sources(sources.faults().to_vec()));
    }
    if !dev.privileges() && sources.declares_grants() {
        return Err(StateError::Sources(sources.grants_without_privileges()));
    }
    let key = Fingerprint::of(&(provisional, sources.key())).to_string();
    if let Some(known) = dev.cache().get(DESIRED, &key) {
        return Ok(known);
    }
    let scratch = dev.scratch().await?;
    let mut connection = scratch.connect().await?;
    sources::make(&mut connection, dev.engine(), provisional, sources).await?;
    let made = introspect(&mut connection, &scope(dev)).await?;
    drop(connection);
    scratch.close().await?;
    let desired = Catalog {
        unmodelled: BTreeSet::new(),
        ..made
    };
    dev.cache().put(DESIRED, &key, &desired)?;
    Ok(desired)
}

/// What the spelling of every object may depend on.
struct Environment<'a> {
    enums: &'a BTreeMap<QualifiedName, Enum>,
    domains: &'a BTreeMap<QualifiedName, Domain>,
    shared: Fingerprint,
}

impl<'a> Environment<'a> {
    fn of(provisional: &'a Catalog, current: &Catalog) -> Self {
        let schemas: Vec<&Ident> = provisional.schemas.keys().collect();
        let shared = Fingerprint::of(&(
            schemas,
            &provisional.extensions,
            current.objects.iter().collect::<Vec<_>>(),
            &current.unmodelled,
        ));
        Self {
            enums: &provisional.enums,
            domains: &provisional.domains,
            shared,
        }
    }

    /// The fingerprint of a table with the types that it uses.
    fn of_table(&self, table: &Table) -> Fingerprint {
        let mut types = BTreeSet::new();
        for name in table
            .columns
            .iter()
            .filter_map(|column| column.type_name.as_ref())
        {
            self.types_below(name, &mut types);
        }
        self.with_types(table, &types)
    }

    fn of_domain(&self, domain: &Domain) -> Fingerprint {
        let mut types = BTreeSet::new();
        if let Some(name) = &domain.base_name {
            self.types_below(name, &mut types);
        }
        self.with_types(domain, &types)
    }

    fn with_types(&self, object: &impl Serialize, types: &BTreeSet<&QualifiedName>) -> Fingerprint {
        let enums: Vec<_> = types.iter().map(|name| self.enums.get(name)).collect();
        let domains: Vec<_> = types.iter().map(|name| self.domains.get(name)).collect();
        Fingerprint::of(&(object, &self.shared, enums, domains))
    }

    fn types_below<'n>(&'n self, name: &'n QualifiedName, found: &mut BTreeSet<&'n QualifiedName>) {
        if found.insert(name)
            && let Some(base) = self
                .domains
                .get(name)
                .and_then(|domain| domain.base_name.as_ref())
        {
            self.types_below(base, found);
        }
    }

    /// What is still right of the known spellings, and the names of what is missing.
    fn known_part(
        &self,
        mut known: Spellings,
        provisional: &Catalog,
    ) -> (Spellings, BTreeSet<QualifiedName>) {
        let mut missing = BTreeSet::new();
        let mut part = Spellings {
            extensions: known
                .extensions
                .filter(|spelled| spelled.source == self.shared),
            ..Spellings::default()
        };
        for (name, domain) in &provisional.domains {
            match known.domains.remove(name) {
                Some(spelled) if spelled.source == self.of_domain(domain) => {
                    part.domains.insert(name.clone(), spelled);
                }
                _ => _ = missing.insert(name.clone()),
            }
        }
        for (name, table) in &provisional.tables {
            match known.tables.remove(name) {
                Some(spelled) if spelled.source == self.of_table(table) => {
                    part.tables.insert(name.clone(), spelled);
                }
                _ => _ = missing.insert(name.clone()),
            }
        }
        (part, missing)
    }

    /// Takes over what a server made of the missing objects.
    fn add(
        &self,
        spellings: &mut Spellings,
        missing: &BTreeSet<QualifiedName>,
        mut made: Catalog,
        from: &Catalog,
    ) {
        for name in missing {
            if let (Some(source), Some(object)) = (from.tables.get(name), made.tables.remove(name))
            {
                spellings.tables.insert(
                    name.clone(),
                    Spelled {
                        source: self.of_table(source),
                        object,
                    },
                );
            } else if let (Some(source), Some(object)) =
                (from.domains.get(name), made.domains.remove(name))
            {
                spellings.domains.insert(
                    name.clone(),
                    Spelled {
                        source: self.of_domain(source),
                        object,
                    },
                );
            }
        }
        spellings.extensions = Some(Spelled {
            source: self.shared.clone(),
            object: made.extensions,
        });
    }
}

fn assemble(provisional: &Catalog, spellings: Spellings) -> Catalog {
    let spelled = spellings
        .extensions
        .map(|spelled| spelled.object)
        .unwrap_or_default();
    let extensions = provisional.extensions.iter().map(|(name, extension)| {
        (
            name.clone(),
            spelled
                .get(name)
                .cloned()
                .unwrap_or_else(|| extension.clone()),
        )
    });
    Catalog {
        schemas: provisional.schemas.clone(),
        extensions: extensions.collect(),
        enums: provisional.enums.clone(),
        domains: spellings
            .domains
            .into_iter()
            .map(|(name, spelled)| (name, spelled.object))
            .collect(),
        sequences: provisional.sequences.clone(),
        tables: spellings
            .tables
            .into_iter()
            .map(|(name, spelled)| (name, spelled.object))
            .collect(),
        ..Catalog::default()
    }
}

/// A scratch database without any modelled object but schemas and extensions, and those.
pub(super) async fn bare(
    dev: &DevServer,
    directory: &Directory,
    current: &Catalog,
) -> Result<(Scratch, Catalog), StateError> {
    if current.is_plain() {
        return Ok((dev.scratch().await?, empty()));
    }
    let scratch = current::restore(dev, directory, &mut Silent).await?;
    let mut connection = scratch.connect().await?;
    for statement in clear(current) {
        let done = connection
            .execute(sqlx::raw_sql(sqlx::AssertSqlSafe(statement)))
            .await;
        done.map_err(StateError::Connection)?;
    }
    Ok((scratch, current.clone()))
}
