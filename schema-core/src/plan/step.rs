//! One step of a plan, and what its place in the order depends on.

use std::collections::BTreeMap;

use crate::catalog::ObjectId;
pub(super) use crate::catalog::Part;
use crate::ddl::{Ddl, EnumDdl};
use crate::graph::Graph;
use crate::ident::{Ident, QualifiedName, literal};

/// A name, or place, that only one thing can have at a time.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Name {
    /// Of a table, sequence or index.
    Relation(QualifiedName),
    /// Of an enum or domain; each table has a type of its name too.
    Type(QualifiedName),
    Column(QualifiedName, Ident),
    Constraint(QualifiedName, Ident),
    /// The primary key of a table.
    PrimaryKey(QualifiedName),
    /// Of anything else.
    Object(ObjectId),
}

/// What an object is, uses and is called.
#[derive(Clone, Debug, Default)]
pub(super) struct Facts {
    pub(super) is: Vec<Part>,
    pub(super) uses: Vec<Part>,
    pub(super) names: Vec<Name>,
}

impl Facts {
    pub(super) fn absorb(&mut self, other: Self) {
        self.is.extend(other.is);
        self.uses.extend(other.uses);
        self.names.extend(other.names);
    }
}

/// Kinds of steps, in the order that a plan has where nothing speaks against it: what others need
/// comes early, and what others may use goes late.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Class {
    Schema,
    Extension,
    /// What is no table, and tables may use.
    Base,
    Type,
    Sequence,
    Table,
    /// What is no table, and may use some.
    Object,
    DropObject,
    DropTable,
    DropSequence,
    DropType,
    DropExtension,
    DropSchema,
}

// Places in a group. Those of `ALTER TABLE` follow the passes in which PostgreSQL does the clauses
// of one statement, so that neighbours can become one.
pub(super) const RENAME: u8 = 0;
/// A table loses a parent.
pub(super) const DETACH: u8 = 1;
pub(super) const DROP_INDEX: u8 = 5;
pub(super) const DROP_FOREIGN_KEY: u8 = 10;
pub(super) const DROP_CONSTRAINT: u8 = 11;
pub(super) const DROP_ATTRIBUTE: u8 = 12;
pub(super) const DROP_COLUMN: u8 = 13;
pub(super) const SET_TYPE: u8 = 20;
pub(super) const CREATE: u8 = 30;
pub(super) const ADD_COLUMN: u8 = 31;
pub(super) const BACKFILL: u8 = 35;
pub(super) const SET_ATTRIBUTE: u8 = 40;
/// Concurrently, before any key takes its index.
pub(super) const BUILD_INDEX: u8 = 45;
pub(super) const ADD_KEY: u8 = 50;
pub(super) const ADD_CONSTRAINT: u8 = 60;
pub(super) const ADD_FOREIGN_KEY: u8 = 61;
pub(super) const OPTION: u8 = 70;
/// NOT NULL by a validated check.
pub(super) const PROVED: u8 = 71;
/// The end of that check.
pub(super) const DROP_PROOF: u8 = 72;
pub(super) const CREATE_INDEX: u8 = 80;
/// A table gets a parent.
pub(super) const ATTACH: u8 = 82;
pub(super) const ATTACH_INDEX: u8 = 83;
/// Concurrently, once what may serve in its place is built.
pub(super) const DROP_INDEX_LATE: u8 = 85;
pub(super) const COMMENT: u8 = 90;
pub(super) const DROP: u8 = 100;

/// What a step has to do with transactions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    /// It is one transaction with what goes with it.
    InTransaction,
    /// It is safe by itself too: whatever comes before and after it, nobody is disturbed.
    Either,
    /// It cannot be in a transaction, or would hold its locks there for too long.
    Alone,
}

/// Steps that are best kept together.
pub(super) type Group = (Class, QualifiedName);

/// A statement that is to be ordered.
#[derive(Clone, Debug)]
pub(super) struct Step {
    pub(super) group: Group,
    /// The place in the group.
    pub(super) place: u8,
    pub(super) ddl: Ddl,
    pub(super) mode: Mode,
    /// The change that asks for it.
    pub(super) cause: String,
    /// What is there, in its new form, once it is done.
    pub(super) creates: Vec<Part>,
    /// What has to be there in its new form before.
    pub(super) needs: Vec<Part>,
    /// What is gone, in its old form, once it is done.
    pub(super) drops: Vec<Part>,
    /// What is no longer used in its old form once it is done.
    pub(super) frees: Vec<Part>,
    pub(super) claims: Vec<Name>,
    pub(super) releases: Vec<Name>,
    /// The step that it directly builds on.
    pub(super) after: Option<usize>,
    /// Steps that have to be committed before it.
    pub(super) commits: Vec<usize>,
    /// What replaces the thing that it takes away, where that can be there before.
    pub(super) successors: Vec<usize>,
}

impl Step {
    pub(super) fn new(class: Class, name: &QualifiedName, place: u8, ddl: Ddl) -> Self {
        Self {
            group: (class, name.clone()),
            place,
            ddl,
            mode: Mode::InTransaction,
            cause: String::new(),
            creates: Vec::new(),
            needs: Vec::new(),
            drops: Vec::new(),
            frees: Vec::new(),
            claims: Vec::new(),
            releases: Vec::new(),
            after: None,
            commits: Vec::new(),
            successors: Vec::new(),
        }
    }

    pub(super) fn mode(mut self, mode: Mode) -> Self {
        self.mode = mode;
        self
    }

    /// It comes after the commit of another step.
    pub(super) fn committed(mut self, step: usize) -> Self {
        self.commits.push(step);
        self
    }

    /// True where it only takes something away.
    pub(super) fn is_loss(&self) -> bool {
        match self.group.0 {
            Class::Table => {
                (DROP_INDEX..SET_TYPE).contains(&self.place) || self.place == DROP_INDEX_LATE
            }
            Class::DropObject
            | Class::DropTable
            | Class::DropSequence
            | Class::DropType
            | Class::DropExtension
            | Class::DropSchema => true,
            Class::Schema
            | Class::Extension
            | Class::Base
            | Class::Type
            | Class::Sequence
            | Class::Object => false,
        }
    }

    /// It makes an object.
    pub(super) fn creating(mut self, facts: Facts) -> Self {
        self.creates.extend(facts.is);
        self.needs.extend(facts.uses);
        self.claims.extend(facts.names);
        self
    }

    /// It takes an object away.
    pub(super) fn dropping(mut self, facts: Facts) -> Self {
        self.drops.extend(facts.is);
        self.frees.extend(facts.uses);
        self.releases.extend(facts.names);
        self
    }

    pub(super) fn needing(mut self, parts: impl IntoIterator<Item = Part>) -> Self {
        self.needs.extend(parts);
        self
    }

    pub(super) fn freeing(mut self, parts: impl IntoIterator<Item = Part>) -> Self {
        self.frees.extend(parts);
        self
    }
}

/// New values of enums: PostgreSQL lets them be used after the commit only (55P04).
pub(super) fn commit_new_values(steps: &mut [Step]) {
    let label = |step: &Step| match &step.ddl {
        Ddl::Enum(EnumDdl::AddValue { label, .. }) => Some(literal(label)),
        _ => None,
    };
    let places = steps.iter().enumerate();
    let labels: Vec<(usize, String)> = places
        .filter_map(|(place, step)| Some((place, label(step)?)))
        .collect();
    if labels.is_empty() {
        return;
    }
    for step in steps.iter_mut().filter(|step| label(step).is_none()) {
        let sql = step.ddl.to_string();
        let used = labels.iter().filter(|(_, label)| sql.contains(label));
        step.commits.extend(used.map(|(place, _)| *place));
    }
}

/// A key stays until another on the same columns is there: upserts rest on it.
pub(super) fn keep_keys(steps: &mut [Step]) {
    let places = pairs(steps, |it| keys(&it.creates), |it| keys(&it.drops));
    for (successor, place) in places {
        let step = &mut steps[place];
        // One that cannot be there before has something built in its place.
        if successor != place && step.successors.is_empty() && step.is_loss() {
            step.successors.push(successor);
        }
    }
}

fn keys(parts: &[Part]) -> impl Iterator<Item = &Part> {
    parts.iter().filter(|part| matches!(part, Part::Key(..)))
}

/// The graph of the steps, by what they make, need, drop and free.
pub(super) fn graph(steps: &[Step]) -> Graph<Group, u8> {
    let nodes = steps.iter().map(|step| (step.group.clone(), step.place));
    let mut graph = Graph::new(nodes.collect());
    let must = [
        pairs(steps, |it| it.creates.iter(), |it| it.needs.iter()),
        pairs(steps, |it| it.frees.iter(), |it| it.drops.iter()),
        pairs(steps, |it| it.releases.iter(), |it| it.claims.iter()),
        // A foreign key would rest on whichever of two PostgreSQL finds first.
        pairs(steps, |it| keys(&it.drops), |it| keys(&it.needs)),
    ];
    for (first, then) in must.into_iter().flatten() {
        graph.must(first, then);
    }
    for (then, step) in steps.iter().enumerate() {
        for first in step.after.iter().chain(&step.commits) {
            graph.must(*first, then);
        }
        for first in &step.successors {
            graph.should(*first, then);
        }
    }
    graph
}

/// The steps that name one thing in two roles.
fn pairs<'a, T: Ord + 'a, F: Iterator<Item = &'a T>, L: Iterator<Item = &'a T>>(
    steps: &'a [Step],
    first: impl Fn(&'a Step) -> F,
    then: impl Fn(&'a Step) -> L,
) -> Vec<(usize, usize)> {
    let mut firsts: BTreeMap<&T, Vec<usize>> = BTreeMap::new();
    for (place, step) in steps.iter().enumerate() {
        for thing in first(step) {
            firsts.entry(thing).or_default().push(place);
        }
    }
    let mut pairs = Vec::new();
    for (place, step) in steps.iter().enumerate() {
        for thing in then(step) {
            let firsts = firsts.get(thing).into_iter().flatten();
            pairs.extend(firsts.map(|first| (*first, place)));
        }
    }
    pairs
}
