//! What a rule of the gate or the linter is, what it looks at, and what it says.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use crate::diagnostic::Severity;
use crate::directory::MigrationFile;
use crate::ident::{Ident, QualifiedName};
use crate::observe::{
    Column, Constraint, Dropped, Facts, Oid, Relation, Routine, Sides, Step, Type, class,
};

/// A rule, with the page that explains it.
#[derive(Debug)]
pub struct Rule {
    /// A stable code such as `N003`; never reused for something else.
    pub code: &'static str,
    /// Its name: `rename-column`.
    pub name: &'static str,
    /// What it is about.
    pub topic: Topic,
    /// How bad a finding is, unless the hit says otherwise.
    pub severity: Severity,
    /// What is found, as a sentence without its full stop.
    pub title: &'static str,
    /// What happens, in PostgreSQL's terms: SQLSTATEs, locks.
    pub why: &'static str,
    /// The way out, with SQL in Markdown.
    pub instead: &'static str,
    /// How it is found.
    pub check: Check,
}

/// What rules are about; the first letter of the code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Topic {
    /// `N`: the previous release breaks.
    PreviousRelease,
    /// `L`: data is lost.
    DataLoss,
    /// `B`: the app waits.
    Blocking,
    /// `T`: it does not run, or not as one thinks.
    Running,
    /// `H`: the history is not what it was.
    History,
    /// `G`: the gate's own business: shims, issues, directives.
    Gate,
    /// `C`: names.
    Convention,
}

impl Topic {
    /// Its heading.
    pub fn title(self) -> &'static str {
        match self {
            Self::PreviousRelease => "The previous release breaks",
            Self::DataLoss => "Data is lost",
            Self::Blocking => "The app waits",
            Self::Running => "It does not run, or not as one thinks",
            Self::History => "The history is not what it was",
            Self::Gate => "Shims, issues and directives",
            Self::Convention => "Names",
        }
    }
}

impl Rule {
    /// Its page in Markdown: what it finds, why that is bad, what to do instead, how to silence it.
    pub fn page(&self) -> String {
        let Self {
            code,
            name,
            topic,
            title,
            why,
            instead,
            ..
        } = self;
        let severity = match self.severity {
            Severity::Error => "An error",
            Severity::Warning => "A warning",
        };
        let silence = match topic {
            Topic::PreviousRelease => format!(
                "{severity} that no directive silences: it passes while a shim covers it, or in a \
                 pull request that carries the approval label (`migration-approved`)."
            ),
            Topic::History | Topic::Gate => format!("{severity} of every review that finds it."),
            Topic::DataLoss | Topic::Blocking | Topic::Running | Topic::Convention => format!(
                "{severity}. Where it is meant, say so before the statement, or at the head of the \
                 file for all of it, with the reason:\n\n```sql\n-- migrate:nolint {code} reason\n```"
            ),
        };
        let about = topic.title();
        let mut first = title.chars();
        let title: String = first
            .next()
            .into_iter()
            .flat_map(char::to_uppercase)
            .chain(first)
            .collect();
        format!(
            "# {code} {name}\n\n{title}. ({about}.)\n\n## Why\n\n{why}\n\n## Instead\n\n{instead}\n\n\
             ## When it is found\n\n{silence}\n"
        )
    }

    /// The file name of its page: `B001-create-index.md`.
    pub fn page_name(&self) -> String {
        format!("{}-{}.md", self.code, self.name)
    }
}

/// How a rule finds what it is about.
#[derive(Clone, Copy, Debug)]
pub enum Check {
    /// At each commit point: the objects as they were at the base and as they are now.
    Contract(fn(&Case<'_>) -> Vec<Hit>),
    /// Once for all steps: locks, rewrites, rows.
    Steps(fn(&Steps<'_>) -> Vec<Hit>),
    /// Elsewhere: in the history, the tracker, or the statements of the previous release.
    Elsewhere,
}

/// Something that a rule found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// The step that did it, as an index of all steps.
    pub step: Option<usize>,
    /// Without a step: which of the new files, and the line.
    pub line: Option<(usize, u32)>,
    /// What is wrong: lower case, no full stop, names the object.
    pub title: String,
    /// The table or other object that it is about, by its name at the base.
    pub object: Option<QualifiedName>,
    /// Facts of this case, one sentence each.
    pub notes: Vec<String>,
    /// The way out as SQL that can be pasted.
    pub fix: Option<String>,
    /// How bad it is here, where that is not what the rule says.
    pub severity: Option<Severity>,
}

impl Hit {
    /// A hit of a step.
    pub fn new(step: Option<usize>, object: &QualifiedName, title: impl Into<String>) -> Self {
        Self {
            step,
            object: Some(object.clone()),
            ..Self::at_line(None, title)
        }
    }

    /// A hit of a line of one of the new files, or of nothing that can be pointed at.
    pub fn at_line(line: Option<(usize, u32)>, title: impl Into<String>) -> Self {
        Self {
            step: None,
            line,
            title: title.into(),
            object: None,
            notes: Vec::new(),
            fix: None,
            severity: None,
        }
    }

    /// A hit of a step that is not about one table.
    pub fn at_step(step: Option<usize>, title: impl Into<String>) -> Self {
        Self {
            step,
            ..Self::at_line(None, title)
        }
    }

    /// With SQL that can be pasted.
    #[must_use]
    pub fn fix(mut self, sql: impl Into<String>) -> Self {
        self.fix = Some(sql.into());
        self
    }

    /// With a fact of this case.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// With facts of this case.
    #[must_use]
    pub fn notes(mut self, notes: impl IntoIterator<Item = String>) -> Self {
        self.notes.extend(notes);
        self
    }

    /// Not as bad as usual.
    #[must_use]
    pub fn warning(mut self) -> Self {
        self.severity = Some(Severity::Warning);
        self
    }
}

/// All steps of the new migrations.
#[derive(Clone, Copy, Debug)]
pub struct Steps<'a> {
    /// The new files.
    pub files: &'a [MigrationFile],
    /// What each statement did.
    pub steps: &'a [Step],
    /// How many rows each table was given at the base.
    pub rows: &'a BTreeMap<QualifiedName, usize>,
}

impl<'a> Steps<'a> {
    /// The text of a step's statement.
    pub fn text(&self, step: &Step) -> &'a str {
        &self.files[step.file].text[step.range.clone()]
    }

    /// The steps before one that were in its transaction, and itself.
    pub fn transaction(&self, index: usize) -> &'a [Step] {
        let transaction = self.steps[index].transaction;
        let first = self.steps[..index]
            .iter()
            .rposition(|step| step.transaction != transaction)
            .map_or(0, |before| before + 1);
        &self.steps[first..=index]
    }
}

/// What the previous release relies on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Contract {
    /// Everything that there is at the base.
    #[default]
    Base,
    /// What its binary says: tables and their columns.
    Tables(BTreeMap<QualifiedName, BTreeSet<Ident>>),
}

impl Contract {
    /// Whether the previous release uses a table or view.
    pub fn uses(&self, relation: &QualifiedName) -> bool {
        match self {
            Self::Base => true,
            Self::Tables(tables) => tables.contains_key(relation),
        }
    }

    /// Whether it uses a column.
    pub fn uses_column(&self, relation: &QualifiedName, column: &Ident) -> bool {
        match self {
            Self::Base => true,
            Self::Tables(tables) => tables
                .get(relation)
                .is_some_and(|columns| columns.contains(column)),
        }
    }
}

/// What the live shims of the directory cover.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Covered {
    /// Old names under which a view stands in.
    pub tables: BTreeSet<QualifiedName>,
    /// Columns that a trigger keeps in step.
    pub columns: BTreeSet<(QualifiedName, Ident)>,
}

/// A commit point: the moment at which the old release meets what is new.
#[derive(Clone, Copy, Debug)]
pub struct Case<'a> {
    /// The steps so far.
    pub all: Steps<'a>,
    /// The objects that were touched since the last commit point, at the base and now.
    pub sides: &'a Sides,
    /// What the previous release relies on.
    pub contract: &'a Contract,
    /// What live shims cover, those of the new files included.
    pub covered: &'a Covered,
    /// The role of the app; its probes then tell what privileges and row security do to it.
    pub app_role: Option<&'a Ident>,
}

/// A relation of the base, and what became of it.
#[derive(Clone, Copy, Debug)]
pub struct Pair<'a> {
    /// As it was.
    pub base: &'a Relation,
    /// The same relation now, whatever it is called; none if it is gone.
    pub now: Option<&'a Relation>,
    /// What bears its old name now.
    pub named: Option<&'a Relation>,
}

impl<'a> Pair<'a> {
    /// The relation, where it is still the one under its old name.
    pub fn kept(&self) -> Option<&'a Relation> {
        self.now
            .filter(|now| self.named.is_some_and(|named| named.oid == now.oid))
    }

    /// The name that the old release knows.
    pub fn name(&self) -> QualifiedName {
        self.base.qualified()
    }

    /// SQL that makes a view under the old name of a table, with its privileges.
    pub fn shim_sql(&self, now: &Relation) -> String {
        let (old, new) = (self.name(), now.qualified());
        let columns = self.base.columns.iter().filter_map(|before| {
            let after = &now.column(before.number)?.name;
            Some(if *after == before.name {
                after.to_string()
            } else {
                format!("{after} AS {}", before.name)
            })
        });
        let columns = columns.collect::<Vec<_>>().join(", ");
        let mut sql = format!(
            "CREATE VIEW {old} WITH (security_invoker = true) AS SELECT {columns} FROM {new};"
        );
        let mut grants: BTreeMap<String, Vec<&str>> = BTreeMap::new();
        for privilege in self.base.lent() {
            let words = grants.entry(privilege.grantee()).or_default();
            words.extend("rawd".contains(privilege.letter).then(|| privilege.word()));
        }
        for (role, words) in grants.iter().filter(|(_, words)| !words.is_empty()) {
            let words = words.join(", ");
            sql.push_str(&format!("\nGRANT {words} ON {old} TO {role};"));
        }
        sql
    }

    /// A view that stands in for the table, which has another name now.
    pub fn shim(&self) -> Option<&'a Relation> {
        self.named
            .filter(|named| named.kind == 'v' && named.oid != self.base.oid && self.base.is_table())
    }
}

/// A column of the base, and what became of it.
#[derive(Clone, Copy, Debug)]
pub struct ColumnPair<'a> {
    /// Its table, as it was.
    pub base: &'a Relation,
    /// As it was.
    pub old: &'a Column,
    /// Its table now.
    pub now: &'a Relation,
    /// As it is now.
    pub new: &'a Column,
}

impl ColumnPair<'_> {
    /// The name of the table that the old release knows.
    pub fn table(&self) -> QualifiedName {
        self.base.qualified()
    }

    /// A hit about it: `column a of table b …`.
    pub fn hit(&self, step: Option<usize>, what: impl fmt::Display) -> Hit {
        let table = self.table();
        let title = format!("column {} of table {table} {what}", self.old.name);
        Hit::new(step, &table, title)
    }

    /// `ALTER TABLE … ALTER COLUMN … what;` under today's names.
    pub fn alter(&self, what: impl fmt::Display) -> String {
        let table = self.now.qualified();
        format!("ALTER TABLE {table} ALTER COLUMN {} {what};", self.new.name)
    }
}

/// A type or function of the base, and what became of it.
#[derive(Clone, Copy, Debug)]
pub struct Heir<'a, T> {
    /// As it was.
    pub base: &'a T,
    /// The same one now, whatever it is called; none if it is gone.
    pub now: Option<&'a T>,
    /// What bears its old name now, and can stand in.
    pub named: Option<&'a T>,
}

impl<'a> Case<'a> {
    /// Relations that the old release uses and that were touched.
    pub fn pairs(&self) -> impl Iterator<Item = Pair<'a>> {
        let Sides { base, head, .. } = self.sides;
        let contract = self.contract;
        base.relations
            .values()
            .filter(|relation| contract.uses(&relation.qualified()))
            .map(|relation| Pair {
                base: relation,
                now: head.relations.get(&relation.oid),
                named: head
                    .relations
                    .values()
                    .find(|it| it.schema == relation.schema && it.name == relation.name),
            })
    }

    /// Tables that are still what and where they were.
    pub fn kept_tables(&self) -> impl Iterator<Item = (&'a Relation, &'a Relation)> {
        self.pairs()
            .filter(|pair| pair.base.is_table())
            .filter_map(|pair| Some((pair.base, pair.kept()?)))
    }

    /// Tables under whatever name, before and now: for what holds for rows.
    pub fn living_tables(&self) -> impl Iterator<Item = (&'a Relation, &'a Relation)> {
        self.pairs()
            .filter(|pair| pair.base.is_table())
            .filter_map(|pair| Some((pair.base, pair.now?)))
    }

    /// Columns that the old release uses, before and now, of tables under whatever name.
    pub fn living_columns(&self) -> impl Iterator<Item = ColumnPair<'a>> {
        let contract = self.contract;
        self.living_tables().flat_map(move |(base, now)| {
            let name = base.qualified();
            base.columns
                .iter()
                .filter(move |column| contract.uses_column(&name, &column.name))
                .filter_map(move |old| {
                    let new = now.column(old.number)?;
                    Some(ColumnPair {
                        base,
                        old,
                        now,
                        new,
                    })
                })
        })
    }

    /// Columns of which an aspect is not what it was, and the step that made it so.
    pub fn changed_columns<T: PartialEq>(
        &self,
        aspect: impl Fn(&Column) -> T,
    ) -> impl Iterator<Item = (ColumnPair<'a>, Option<usize>)> {
        self.living_columns()
            .filter(|pair| aspect(pair.old) != aspect(pair.new))
            .map(|pair| (pair, self.blame_column(&pair, &aspect)))
            .collect::<Vec<_>>()
            .into_iter()
    }

    /// Columns that tables of the old release have got, with the table before and now.
    pub fn new_columns(&self) -> impl Iterator<Item = (&'a Relation, &'a Relation, &'a Column)> {
        self.living_tables().flat_map(|(base, now)| {
            now.columns
                .iter()
                .filter(|column| base.column(column.number).is_none())
                .map(move |column| (base, now, column))
        })
    }

    /// Constraints of one kind that tables of the old release have got.
    pub fn new_constraints(
        &self,
        kind: char,
    ) -> impl Iterator<Item = (&'a Relation, &'a Relation, &'a Constraint)> {
        self.living_tables().flat_map(move |(base, now)| {
            now.constraints
                .iter()
                .filter(move |it| it.kind == kind && !it.continues_one_of(now, base))
                .map(move |it| (base, now, it))
        })
    }

    /// Constraints of one kind that are gone, though the table and all of their columns live on.
    pub fn gone_constraints(
        &self,
        kind: char,
    ) -> impl Iterator<Item = (&'a Relation, &'a Relation, &'a Constraint)> {
        self.living_tables().flat_map(move |(base, now)| {
            base.constraints
                .iter()
                .filter(move |it| it.kind == kind && !it.continues_one_of(base, now))
                .filter(move |it| {
                    it.columns
                        .iter()
                        .all(|key| *key == 0 || now.column(*key).is_some())
                })
                .map(move |it| (base, now, it))
        })
    }

    /// Types that the old release uses and that were touched.
    pub fn types(&self) -> impl Iterator<Item = Heir<'a, Type>> {
        let Sides { base, head, .. } = self.sides;
        let contract = self.contract;
        base.types
            .values()
            .filter(move |it| match contract {
                Contract::Base => true,
                Contract::Tables(_) => it.used_by.iter().any(|user| {
                    let user = base.relations.get(user);
                    user.is_none_or(|user| contract.uses(&user.qualified()))
                }),
            })
            .map(|it| Heir {
                base: it,
                now: head.types.get(&it.oid),
                named: head
                    .types
                    .values()
                    .find(|other| other.schema == it.schema && other.name == it.name),
            })
    }

    /// Functions that the old release may call and that were touched. What is in its binary does
    /// not tell.
    pub fn routines(&self) -> impl Iterator<Item = Heir<'a, Routine>> {
        let Sides { base, head, .. } = self.sides;
        base.routines
            .values()
            .filter(|_| *self.contract == Contract::Base)
            .map(|it| Heir {
                base: it,
                now: head.routines.get(&it.oid),
                named: head
                    .routines
                    .values()
                    .find(|other| other.qualified() == it.qualified() && other.serves_calls_of(it)),
            })
    }

    /// Whether a live shim keeps a column in step.
    pub fn covers_column(&self, table: &QualifiedName, column: &Ident) -> bool {
        let key = (table.clone(), column.clone());
        self.covered.columns.contains(&key)
    }

    /// Everything that was dropped, with the step that did it.
    pub fn dropped(&self) -> impl Iterator<Item = (usize, &'a Dropped)> {
        let steps = self.all.steps.iter().enumerate();
        steps.flat_map(|(index, step)| step.effects.dropped.iter().map(move |it| (index, it)))
    }

    /// Whether a step renamed a schema, so that everything in it has another name.
    pub fn renames_schema(&self, step: Option<usize>) -> bool {
        step.is_some_and(|step| {
            let mut commands = self.all.steps[step].effects.commands.iter();
            commands.any(|it| it.class == class::SCHEMA && it.tag == "ALTER SCHEMA" && it.is_old)
        })
    }

    /// Whether what the old release writes holds a value there that it may repeat: in a column of
    /// the base, or one that has a constant by default or is computed.
    pub fn is_written_by_old(&self, base: &Relation, column: &Column) -> bool {
        let constant = |it: &String| !it.contains('(');
        base.column(column.number).is_some()
            || !column.generated.is_empty()
            || column.default.as_ref().is_some_and(constant)
    }

    /// Whether an object went with another one that a command named, and that is reported itself.
    pub fn went_along(&self, class: Oid, object: Oid, part: i32) -> bool {
        const REPORTED: [&str; 14] = [
            "schema",
            "extension",
            "type",
            "domain",
            "table",
            "foreign table",
            "view",
            "materialized view",
            "sequence",
            "table column",
            "table constraint",
            "function",
            "procedure",
            "aggregate",
        ];
        let Some(step) = self.dropped_by(class, object, part) else {
            return false;
        };
        let dropped = &self.all.steps[step].effects.dropped;
        let itself = |it: &&Dropped| (it.class, it.object, it.part) == (class, object, part);
        let named = dropped.iter().find(itself).is_some_and(|it| it.named);
        let is_trigger_function = |it: &Dropped| {
            let routine = self.sides.base.routines.get(&it.object);
            it.class == class::ROUTINE && routine.is_some_and(|it| it.is_trigger)
        };
        !named
            && dropped.iter().any(|it| {
                it.named
                    && it.is_old
                    && REPORTED.contains(&it.kind.as_str())
                    && !is_trigger_function(it)
            })
    }

    /// What else a step dropped without naming it, as a note; columns, types of rows, defaults and
    /// the like go without saying.
    pub fn also_dropped(&self, step: Option<usize>) -> Option<String> {
        const TOLD: [&str; 12] = [
            "table",
            "foreign table",
            "view",
            "materialized view",
            "sequence",
            "type",
            "domain",
            "table column",
            "table constraint",
            "function",
            "trigger",
            "policy",
        ];
        let dropped = &self.all.steps[step?].effects.dropped;
        let is_row_type = |it: &Dropped| {
            let identity = it.identity.trim_end_matches("[]");
            let relations = dropped.iter().filter(|it| it.class == class::RELATION);
            it.class == class::TYPE
                && (it.identity.ends_with("[]")
                    || relations
                        .into_iter()
                        .any(|table| table.identity == identity))
        };
        let told: Vec<String> = dropped
            .iter()
            .filter(|it| !it.named && it.is_old && TOLD.contains(&it.kind.as_str()))
            .filter(|it| !is_row_type(it))
            .map(|it| format!("{} {}", it.kind, it.identity))
            .collect();
        (!told.is_empty()).then(|| format!("with it go {}", told.join(", ")))
    }

    /// Without what hits of partitions repeat: the same step did it to the table above them.
    pub fn without_partitions(&self, hits: Vec<Hit>) -> Vec<Hit> {
        let relations = &self.sides.base.relations;
        let by_name = |name: &QualifiedName| {
            relations
                .values()
                .find(|it| it.schema == name.schema && it.name == name.name)
        };
        let repeats = |hit: &Hit| {
            let mut parents = hit.object.as_ref().and_then(by_name).into_iter();
            let parents = parents.next().map_or(&[][..], |it| &it.parents);
            parents.iter().any(|parent| {
                let parent = relations.get(parent).map(Relation::qualified);
                let mut others = hits.iter().filter(|it| it.step == hit.step);
                hit.step.is_some() && parent.is_some() && others.any(|it| it.object == parent)
            })
        };
        let repeated: Vec<bool> = hits.iter().map(repeats).collect();
        let kept = hits.into_iter().zip(repeated);
        kept.filter_map(|(hit, repeated)| (!repeated).then_some(hit))
            .collect()
    }

    /// The step that last changed an aspect of the objects: the one that made it what it is now.
    ///
    /// The aspect is `None` where the facts do not hold the object.
    pub fn blame<T: PartialEq>(&self, aspect: impl Fn(&Facts) -> Option<T>) -> Option<usize> {
        let mut last = aspect(&self.sides.base);
        let mut blamed = None;
        for (index, step) in self.all.steps.iter().enumerate() {
            let now = aspect(&step.effects.facts);
            if now.is_some() && now != last {
                last = now;
                blamed = Some(index);
            }
        }
        blamed
    }

    /// The step that last changed an aspect of one relation, or at least touched it.
    pub fn blame_relation<T: PartialEq>(
        &self,
        oid: Oid,
        aspect: impl Fn(&Relation) -> T,
    ) -> Option<usize> {
        self.blame(|facts| facts.relations.get(&oid).map(&aspect))
            .or_else(|| self.last_touch(oid))
    }

    /// The step that last changed an aspect of one column.
    pub fn blame_column<T: PartialEq>(
        &self,
        pair: &ColumnPair<'_>,
        aspect: impl Fn(&Column) -> T,
    ) -> Option<usize> {
        self.blame_relation(pair.base.oid, |it| it.column(pair.old.number).map(&aspect))
    }

    /// The step that made, or took away, a constraint.
    pub fn blame_constraint(&self, table: Oid, constraint: Oid) -> Option<usize> {
        self.blame_relation(table, |it| it.constraint(constraint).is_some())
    }

    /// The step that last changed an aspect of one type.
    pub fn blame_type<T: PartialEq>(&self, oid: Oid, aspect: impl Fn(&Type) -> T) -> Option<usize> {
        self.blame(|facts| facts.types.get(&oid).map(&aspect))
    }

    /// The last step whose command was about an object, be it new.
    pub fn commanded(&self, class: Oid, object: Oid) -> Option<usize> {
        self.all.steps.iter().rposition(|step| {
            let mut commands = step.effects.commands.iter();
            commands.any(|it| it.class == class && it.object == Some(object))
        })
    }

    /// The step that dropped an object.
    pub fn dropped_by(&self, class: Oid, object: Oid, part: i32) -> Option<usize> {
        let mut steps = self.all.steps.iter();
        steps.position(|step| step.effects.drops(class, object, part))
    }

    /// The step that dropped a relation.
    pub fn relation_dropped_by(&self, relation: Oid) -> Option<usize> {
        self.dropped_by(class::RELATION, relation, 0)
    }

    /// The last step that touched a relation at all.
    pub fn last_touch(&self, relation: Oid) -> Option<usize> {
        let mut steps = self.all.steps.iter();
        steps.rposition(|step| step.effects.facts.relations.contains_key(&relation))
    }
}
