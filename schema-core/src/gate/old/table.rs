//! A table as the previous release uses it: statements and probes that work at the base.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::Value;
use sqlx::PgConnection;

use super::OldError;
use super::broken::{Broken, Layer, Source};
use super::compare::differences;
use super::description::{Description, describe};
use super::plan::{Planned, plan, replan};
use super::probe::{Probe, READ, probes, recipes};
use super::sample::Sample;
use super::statement::{GROUP_BY_KEY, Statement, statements};
use super::trial::{As, Refusal, Trial, run};
use crate::ident::{Ident, QualifiedName};
use crate::observe::rows::shape::{Shape, Table};

/// A table, and what works on it at the base.
#[derive(Debug)]
pub(super) struct OldTable {
    name: QualifiedName,
    path: String,
    /// Whether the app's role is used, or the owner.
    by_role: bool,
    statements: Vec<(Statement, Planned)>,
    /// The statements whose results are compared.
    descriptions: Vec<(Statement, Description)>,
    probes: Vec<(Probe, String)>,
    identity: Option<Identity>,
    /// Its foreign keys.
    references: BTreeSet<Ident>,
}

/// What is under a name: where it is the same, other rows are the work of `UPDATE` and the like.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
struct Identity {
    relation: Value,
    columns: BTreeMap<String, i16>,
}

impl Identity {
    fn is_view(&self) -> bool {
        self.relation.get(1).is_some_and(|kind| kind == "v")
    }
}

impl OldTable {
    /// Gets to know a table of the base.
    pub(super) async fn learn(
        base: &mut PgConnection,
        shape: &Shape,
        table: &Table,
        whom: As<'_>,
    ) -> Result<Self, OldError> {
        let known = statements(table);
        let texts: Vec<(&str, usize)> = known
            .iter()
            .map(|it| (it.text.as_str(), it.parameters))
            .collect();
        let planned = plan(base, whom, &texts).await?;
        let compared = known
            .iter()
            .filter(|it| matches!(it.operation.as_str(), "select" | "insert"));
        let compared: Vec<Statement> = compared.cloned().collect();
        let texts: Vec<&str> = compared.iter().map(|it| it.text.as_str()).collect();
        let described = describe(base, &texts).await?;
        let descriptions = compared.into_iter().zip(described);
        let descriptions = descriptions.filter_map(|(it, described)| Some((it, described.ok()?)));
        let descriptions = descriptions.collect();
        let sample = Sample::take(base, shape, table).await?;
        let recipes = recipes(table, &sample);
        let trials: Vec<Trial> = recipes.iter().map(|recipe| recipe.trial(table)).collect();
        let taken = run(base, whom, &trials).await?;
        let taken = taken.iter().position(Result::is_ok);
        let probes = probes(shape, table, &sample, taken.map(|nth| &recipes[nth]));
        let trials: Vec<Trial> = probes.iter().map(|probe| probe.trial.clone()).collect();
        let outcomes = run(base, whom, &trials).await?;
        let probes = probes.into_iter().zip(outcomes);
        let probes = probes.filter_map(|(probe, outcome)| Some((probe, outcome.ok()?)));
        let path = table.path();
        Ok(Self {
            name: table.qualified(),
            identity: identity(base, &path).await?,
            path,
            by_role: whom != As::Owner,
            references: table.references.iter().map(|it| it.name.clone()).collect(),
            statements: known
                .into_iter()
                .zip(planned)
                .filter(|(_, it)| it.is_sound())
                .collect(),
            descriptions,
            probes: probes.collect(),
        })
    }

    /// What is broken of it at the head. Each error is told once, by the first that meets it.
    pub(super) async fn broken(
        &self,
        head: &mut PgConnection,
        role: Option<&Ident>,
        emptied: &BTreeSet<QualifiedName>,
    ) -> Result<Vec<Broken>, OldError> {
        let mut broken = Vec::new();
        let mut told: BTreeSet<(String, String)> = BTreeSet::new();
        let role = role.filter(|_| self.by_role);
        let planned: Vec<&Planned> = self.statements.iter().map(|(_, planned)| planned).collect();
        let planned = replan(head, role, &planned).await?;
        for ((statement, _), planned) in self.statements.iter().zip(planned) {
            let Err(refusal) = planned else { continue };
            if statement.operation == GROUP_BY_KEY && self.is_view(head).await? {
                // No view serves it. It is told of those recorded queries that do it.
                continue;
            }
            if told.insert((refusal.sqlstate.clone(), refusal.message.clone())) {
                let layer = match refusal.sqlstate.as_str() {
                    "42501" | "42P10" => Layer::Plan,
                    _ => Layer::Prepare,
                };
                broken.push(self.refused(self.statement(statement), layer, None, refusal));
            }
        }
        if told.is_empty() {
            broken.extend(self.changed(head).await?);
        }
        let whom = role.map_or(As::Owner, As::Role);
        let trials: Vec<Trial> = self
            .probes
            .iter()
            .map(|(probe, _)| probe.trial.clone())
            .collect();
        for ((probe, before), now) in self.probes.iter().zip(run(head, whom, &trials).await?) {
            match now {
                Ok(now) if probe.kind == READ => {
                    if now != *before && !emptied.contains(&self.name) {
                        broken.extend(self.other_rows(head, before, &now).await?);
                    }
                }
                Ok(_) => {}
                Err(refusal) if self.is_of_rows(&refusal, emptied) => {}
                Err(refusal) => {
                    if told.insert((refusal.sqlstate.clone(), refusal.message.clone())) {
                        let (table, kind) = (self.name.clone(), probe.kind.clone());
                        let what = Source::Probe { table, kind };
                        broken.push(self.refused(what, Layer::Run, probe.column.clone(), refusal));
                    }
                }
            }
        }
        Ok(broken)
    }

    /// Whether a view has its name now, which was no view before.
    async fn is_view(&self, head: &mut PgConnection) -> Result<bool, OldError> {
        let now = identity(head, &self.path).await?;
        let kinds = [self.identity.as_ref(), now.as_ref()].map(|it| it.map(Identity::is_view));
        Ok(kinds == [Some(false), Some(true)])
    }

    /// Whether a row is missed that a new one refers to: the migration may have deleted it, which
    /// takes nothing from what a release may write.
    fn is_of_rows(&self, refusal: &Refusal, emptied: &BTreeSet<QualifiedName>) -> bool {
        let known = refusal
            .constraint
            .as_ref()
            .is_some_and(|it| self.references.contains(it));
        refusal.sqlstate == "23503" && (known || !emptied.is_empty())
    }

    /// Statements whose parameters or results are of another type.
    async fn changed(&self, head: &mut PgConnection) -> Result<Vec<Broken>, OldError> {
        let texts: Vec<&str> = self
            .descriptions
            .iter()
            .map(|(it, _)| it.text.as_str())
            .collect();
        let now = describe(head, &texts).await?;
        let mut told = BTreeSet::new();
        let mut broken = Vec::new();
        for ((statement, before), now) in self.descriptions.iter().zip(now) {
            let Ok(now) = now else { continue };
            for difference in differences(before, &now, &[]) {
                let column = difference.origin.map(|origin| origin.column);
                if column.is_none() || !told.insert((column.clone(), difference.message.clone())) {
                    // What a parameter is for, the result of the same column says better.
                    continue;
                }
                broken.push(Broken {
                    what: self.statement(statement),
                    layer: Layer::Types,
                    table: Some(self.name.clone()),
                    column,
                    sqlstate: None,
                    message: difference.message,
                    before: difference.before,
                    after: difference.after,
                });
            }
        }
        Ok(broken)
    }

    /// Rows are other ones: told where it is not the work of statements that change rows.
    async fn other_rows(
        &self,
        head: &mut PgConnection,
        before: &str,
        now: &str,
    ) -> Result<Vec<Broken>, OldError> {
        let read = |text: &str| serde_json::from_str::<BTreeMap<String, Option<String>>>(text);
        let (before, now) = (
            read(before).map_err(OldError::Answer)?,
            read(now).map_err(OldError::Answer)?,
        );
        let (Some(old), Some(new)) = (&self.identity, identity(head, &self.path).await?) else {
            return Ok(Vec::new());
        };
        let is_other = old.relation != new.relation;
        let rows = |values: &BTreeMap<String, Option<String>>| {
            let count = values.get("").cloned().flatten().unwrap_or_default();
            format!("{count} rows")
        };
        let tell = |column: Option<Ident>, message: String, before: String, after: String| Broken {
            what: Source::Probe {
                table: self.name.clone(),
                kind: READ.into(),
            },
            layer: Layer::Run,
            table: Some(self.name.clone()),
            column,
            sqlstate: None,
            message,
            before,
            after,
        };
        if is_other && rows(&before) != rows(&now) {
            let message = format!("{} has other rows than before", self.name);
            return Ok(vec![tell(None, message, rows(&before), rows(&now))]);
        }
        let columns = before.iter().filter(|(name, value)| {
            let moved = old.columns.get(*name) != new.columns.get(*name);
            !name.is_empty() && (is_other || moved) && now.get(*name) != Some(*value)
        });
        let columns = columns.map(|(name, _)| {
            let message = format!("{}.{name} has other values than before", self.name);
            tell(
                Some(Ident::from(name.as_str())),
                message,
                "its values".into(),
                "other values".into(),
            )
        });
        Ok(columns.collect())
    }

    fn statement(&self, statement: &Statement) -> Source {
        Source::Statement {
            table: self.name.clone(),
            operation: statement.operation.clone(),
            text: statement.text.clone(),
        }
    }

    fn refused(
        &self,
        what: Source,
        layer: Layer,
        column: Option<Ident>,
        refusal: Refusal,
    ) -> Broken {
        Broken {
            what,
            layer,
            table: Some(self.name.clone()),
            column: refusal.column.or(column),
            sqlstate: Some(refusal.sqlstate),
            before: "works".into(),
            after: refusal.message.clone(),
            message: refusal.message,
        }
    }
}

async fn identity(connection: &mut PgConnection, path: &str) -> Result<Option<Identity>, OldError> {
    let row: Option<(String, String)> = sqlx::query_as(include_str!("queries/identities.sql"))
        .bind(vec![path.to_owned()])
        .fetch_optional(connection)
        .await
        .map_err(OldError::Run)?;
    let identity = row.map(|(_, json)| serde_json::from_str(&json)).transpose();
    identity.map_err(OldError::Answer)
}
