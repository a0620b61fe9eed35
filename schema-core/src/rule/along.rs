//! What goes or changes together with something else, and is not told twice.

use super::{Case, Hit};
use crate::ident::QualifiedName;
use crate::observe::{Dropped, Oid, Relation, class};

impl Case<'_> {
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

    /// Whether a step dropped a sequence that belonged to no column, and whose drop is an error.
    pub fn drops_free_sequence(&self, step: Option<usize>) -> bool {
        let Some(step) = step else { return false };
        let mut dropped = self.all.steps[step].effects.dropped.iter();
        dropped.any(|it| {
            let relation = self.sides.base.relations.get(&it.object);
            let sequence = relation.and_then(|it| it.sequence.as_ref());
            it.class == class::RELATION && sequence.is_some_and(|it| !it.is_owned)
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
}
