//! Changes to an ordered plan.

mod cast;
mod column;
mod constraint;
mod facts;
mod family;
mod identity;
mod index;
mod inherit;
mod mentions;
mod merge;
mod not_null;
mod objects;
mod online;
mod partition;
mod prefer;
mod rebuild;
mod rename;
mod render;
mod rows;
mod sequence;
pub mod shim;
mod stages;
mod step;
mod table;
mod timeout;
mod types;

pub use rename::rename;
pub use render::render;
pub(crate) use rows::part;
pub use rows::{Row, RowChange, RowOrder, TableRows, row_changes, row_statements};

use std::collections::{BTreeMap, BTreeSet};

use crate::catalog::{Catalog, Fingerprint, ObjectId};
use crate::ddl::{CommentDdl, CommentTarget, Ddl, Hazard, LockLevel};
use crate::diff::{Change, Changes, Delta};
use crate::directory::{DirectiveKind, TxMode};
use crate::ident::{Ident, QualifiedName};
use facts::Side;
use family::Family;
use rebuild::Rebuild;
use step::{Class, Part, Step};

/// Statements that turn one catalog into another.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Plan {
    /// The state that it starts from.
    pub from: Fingerprint,
    /// The state that it leads to.
    pub to: Fingerprint,
    /// What is a file each, in order; empty where nothing is to be done.
    pub stages: Vec<Stage>,
}

/// Statements of one migration file.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Stage {
    /// Whether they are one transaction.
    pub tx_mode: TxMode,
    /// What the head of the file says beside that.
    pub directives: Vec<DirectiveKind>,
    /// The statements, in order.
    pub statements: Vec<Statement>,
}

/// One statement of a plan.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Statement {
    /// What it does.
    pub ddl: Ddl,
    /// The same in a few words.
    pub comment: String,
    /// The strongest lock that it takes on a table that is in use.
    pub lock: LockLevel,
    /// What may go wrong with rows in the tables.
    pub hazards: Vec<Hazard>,
    /// The changes that ask for it.
    pub cause: Vec<String>,
}

impl Statement {
    fn new(ddl: Ddl, cause: Vec<String>) -> Self {
        Self {
            comment: ddl.comment(),
            lock: ddl.lock(),
            hazards: ddl.hazards(),
            ddl,
            cause,
        }
    }
}

impl Plan {
    /// The same plan with other statements before its own, in the same transaction where its first
    /// stage is one.
    #[must_use]
    pub fn preceded_by(mut self, mut first: Stage) -> Self {
        if first.statements.is_empty() {
            return self;
        }
        let same = |stage: &Stage| stage.tx_mode == first.tx_mode;
        if self.stages.first().is_some_and(same) {
            let stage = self.stages.remove(0);
            first.directives.extend(stage.directives);
            first.statements.extend(stage.statements);
        }
        self.stages.insert(0, timeout::limited(first));
        self
    }
}

/// What the user knows and the catalogs do not say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PlanHints {
    /// How a column's values become those of its new type, by table and column.
    pub using: BTreeMap<(QualifiedName, Ident), String>,
    /// What a column that is required from now on holds in the rows that there are.
    pub backfill: BTreeMap<(QualifiedName, Ident), String>,
}

/// Why there is no plan.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PlanError {
    /// Each statement has to come before the next, and the last before the first.
    #[error("no order of these statements works, each needs the one before: {}", path.join("; "))]
    Cycle {
        /// The statements, in words.
        path: Vec<String>,
    },
}

/// Orders the statements that the changes need.
///
/// ```
/// use schema_core::{catalog::{Catalog, Enum}, diff::diff, ident::QualifiedName};
/// use schema_core::plan::{PlanHints, plan, render};
/// let (from, mut to) = (Catalog::default(), Catalog::default());
/// let mood = Enum { labels: vec!["sad".into(), "happy".into()], comment: None };
/// to.enums.insert(QualifiedName::in_default_schema("mood"), mood);
/// let plan = plan(&diff(&from, &to), &PlanHints::default())?;
/// assert_eq!(
///     render(&plan.stages[0]),
///     "-- Create enum mood\nCREATE TYPE mood AS ENUM (\n    'sad',\n    'happy'\n);\n"
/// );
/// # Ok::<(), schema_core::plan::PlanError>(())
/// ```
pub fn plan(changes: &Changes<'_>, hints: &PlanHints) -> Result<Plan, PlanError> {
    let family = Family::of(changes);
    let between = family.as_ref().map(|family| family.changes(changes));
    let middle = between.as_ref().unwrap_or(changes);
    let mut planner = Planner::new(middle, hints, (changes.from, family.as_ref()));
    planner.run(&middle.list);
    planner.let_go_along();
    planner.links();
    let mut steps = planner.steps;
    if let Some(family) = &family {
        partition::spread(&mut steps, family, changes.from);
    }
    step::commit_new_values(&mut steps);
    step::keep_keys(&mut steps);
    let mut graph = step::graph(&steps);
    if let Some(family) = &family {
        partition::order(&steps, family, &mut graph);
    }
    prefer::inline_foreign_keys(&steps, &mut graph);
    prefer::one_statement(&steps, &mut graph);
    let order = graph.order().map_err(|cycle| PlanError::Cycle {
        path: cycle
            .0
            .iter()
            .map(|node| steps[*node].ddl.comment())
            .collect(),
    })?;
    let stages = merge::merge(&steps, &graph, stages::stages(&steps, &graph, &order));
    Ok(Plan {
        from: changes.from.fingerprint(),
        to: changes.to.fingerprint(),
        stages: stages.into_iter().map(timeout::limited).collect(),
    })
}

/// What the planning functions work on.
struct Planner<'a> {
    from: &'a Catalog,
    to: &'a Catalog,
    /// What is, before any change of a parent reaches its children.
    original: &'a Catalog,
    /// Tables and their parents, where there are any.
    family: Option<&'a Family>,
    hints: &'a PlanHints,
    rebuild: Rebuild,
    /// The old side's objects.
    old: Side<'a>,
    /// The new side's objects.
    new: Side<'a>,
    /// Columns that are dropped, rebuilt ones included, by table.
    dropped: BTreeMap<&'a QualifiedName, BTreeSet<&'a Ident>>,
    /// Indexes and constraints that go with a column of theirs: what dropping that column does.
    implied: BTreeMap<(&'a QualifiedName, &'a Ident), step::Facts>,
    /// What replaces indexes and keys that go with a column: the steps that build it.
    successors: BTreeMap<(&'a QualifiedName, &'a Ident), Vec<usize>>,
    /// The names of all relations on both sides, once they are asked for.
    relations: Option<BTreeSet<QualifiedName>>,
    steps: Vec<Step>,
    /// What goes with something else, and with what.
    along: Vec<(Part, step::Facts)>,
    cause: String,
}

impl<'a> Planner<'a> {
    fn new(
        changes: &Changes<'a>,
        hints: &'a PlanHints,
        (original, family): (&'a Catalog, Option<&'a Family>),
    ) -> Self {
        let rebuild = Rebuild::of(changes, family);
        let mut old = Side {
            aside: rebuild.types.clone(),
            dependencies: Some(&changes.from.dependencies),
            ..Side::default()
        };
        let mut new = Side {
            dependencies: Some(&changes.to.dependencies),
            ..Side::default()
        };
        let mut dropped: BTreeMap<&QualifiedName, BTreeSet<&Ident>> = BTreeMap::new();
        for change in &changes.list {
            match *change {
                Change::Enum(name, _) | Change::Domain(name, _) => {
                    let bare = || name.name.as_str().to_owned();
                    let part = old.r#type(name);
                    old.moving.entry(bare()).or_default().push(part);
                    let part = Part::Type(name.clone());
                    new.moving.entry(bare()).or_default().push(part);
                }
                Change::Sequence(name, _) => {
                    for side in [&mut old, &mut new] {
                        let bare = name.name.as_str().to_owned();
                        let part = Part::Sequence(name.clone());
                        side.moving.entry(bare).or_default().push(part);
                    }
                }
                Change::Column(table, name, Delta::Drop(_)) => {
                    dropped.entry(table).or_default().insert(name);
                }
                _ => {}
            }
        }
        for (table_name, name) in &rebuild.columns {
            let Some((table_name, table)) = changes.from.tables.get_key_value(table_name) else {
                continue;
            };
            let column = table.column(name.as_str());
            if let Some(column) = column {
                dropped.entry(table_name).or_default().insert(&column.name);
            }
        }
        Self {
            from: changes.from,
            to: changes.to,
            original,
            family,
            hints,
            rebuild,
            old,
            new,
            dropped,
            implied: BTreeMap::new(),
            successors: BTreeMap::new(),
            relations: None,
            steps: Vec::new(),
            along: Vec::new(),
            cause: String::new(),
        }
    }

    fn run(&mut self, changes: &[Change<'a>]) {
        let mut done: BTreeSet<(u8, QualifiedName, Ident)> = BTreeSet::new();
        let mut objects: BTreeSet<&ObjectId> = BTreeSet::new();
        let (mut columns, mut rest) = (Vec::new(), Vec::new());
        let extra = self.rebuilt_changes();
        for change in changes.iter().chain(&extra) {
            let key = match *change {
                Change::Enum(name, _) | Change::Domain(name, _) => (0, name, &name.name),
                Change::Column(table, name, _) => (1, table, name),
                Change::Constraint(table, name, _) => (2, table, name),
                Change::Index(table, name, _) => (3, table, name),
                Change::Object(id, _) => {
                    if objects.insert(id) {
                        rest.push(*change);
                    }
                    continue;
                }
                Change::Schema(..)
                | Change::Extension(..)
                | Change::Sequence(..)
                | Change::Table(..) => {
                    rest.push(*change);
                    continue;
                }
            };
            // A type may be dropped as one kind and created as the other.
            let kinds = key.0 == 0;
            if done.insert((key.0, key.1.clone(), key.2.clone()))
                || kinds && !extra.contains(change)
            {
                if key.0 == 1 {
                    columns.push(*change);
                } else {
                    rest.push(*change);
                }
            }
        }
        // Dropping a column has to know what goes with it.
        for change in rest.into_iter().chain(columns) {
            self.cause = change.to_string();
            self.change(change);
        }
    }

    fn change(&mut self, change: Change<'a>) {
        match change {
            Change::Schema(name, delta) => self.schema(name, delta),
            Change::Extension(name, delta) => self.extension(name, delta),
            Change::Enum(name, delta) => self.r#enum(name, delta),
            Change::Domain(name, delta) => self.domain(name, delta),
            Change::Sequence(name, delta) => self.sequence(name, delta),
            Change::Table(name, delta) => self.table(name, delta),
            Change::Column(table, name, delta) => self.column(table, name, delta),
            Change::Constraint(table, name, delta) => self.constraint(table, name, delta),
            Change::Index(table, name, delta) => self.index(table, name, delta),
            Change::Object(id, delta) => self.object(id, delta),
        }
    }

    /// What is rebuilt, as if it were changed.
    fn rebuilt_changes(&self) -> Vec<Change<'a>> {
        let (from, to) = (self.from, self.to);
        let mut changes = Vec::new();
        for name in &self.rebuild.types {
            if let (Some((name, from)), Some(to)) =
                (from.enums.get_key_value(name), to.enums.get(name))
            {
                changes.push(Change::Enum(name, Delta::Alter { from, to }));
            }
            if let (Some((name, from)), Some(to)) =
                (from.domains.get_key_value(name), to.domains.get(name))
            {
                changes.push(Change::Domain(name, Delta::Alter { from, to }));
            }
        }
        let table = |name: &QualifiedName| {
            let (name, from) = from.tables.get_key_value(name)?;
            Some((name, from, to.tables.get(name)?))
        };
        let rebuild = &self.rebuild;
        let columns = rebuild.columns.iter().chain(&rebuild.retyped);
        for (name, column) in columns.chain(&rebuild.defaults) {
            let Some((name, from, to)) = table(name) else {
                continue;
            };
            let column = column.as_str();
            if let (Some(from), Some(to)) = (from.column(column), to.column(column)) {
                let delta = Delta::Alter { from, to };
                changes.push(Change::Column(name, &from.name, delta));
            }
        }
        for (name, constraint) in &self.rebuild.constraints {
            let Some((name, from, to)) = table(name) else {
                continue;
            };
            let from = from.constraints.get_key_value(constraint);
            if let (Some((constraint, from)), Some(to)) = (from, to.constraints.get(constraint)) {
                let delta = Delta::Alter { from, to };
                changes.push(Change::Constraint(name, constraint, delta));
            }
        }
        for (name, index) in &self.rebuild.indexes {
            let Some((name, from, to)) = table(name) else {
                continue;
            };
            let from = from.indexes.get_key_value(index);
            if let (Some((index, from)), Some(to)) = (from, to.indexes.get(index)) {
                changes.push(Change::Index(name, index, Delta::Alter { from, to }));
            }
        }
        for id in &self.rebuild.objects {
            if let (Some((id, from)), Some(to)) =
                (from.objects.get_key_value(id), to.objects.get(id))
            {
                changes.push(Change::Object(id, Delta::Alter { from, to }));
            }
        }
        changes
    }

    fn push(&mut self, mut step: Step) -> usize {
        step.cause.clone_from(&self.cause);
        self.steps.push(step);
        self.steps.len() - 1
    }

    /// A comment, where it is not what it was.
    fn comment(
        &mut self,
        group: (Class, &QualifiedName),
        target: CommentTarget,
        (from, to): (Option<&String>, Option<&String>),
        on: Part,
    ) {
        if from != to {
            let place = match target {
                CommentTarget::Column(..) => step::COMMENT + 1,
                CommentTarget::Constraint(..) | CommentTarget::Index(..) => step::COMMENT + 2,
                _ => step::COMMENT,
            };
            let text = to.cloned();
            let ddl = Ddl::Comment(CommentDdl { target, text });
            let (class, name) = group;
            self.push(Step::new(class, name, place, ddl).needing([on]));
        }
    }
}
