//! What is attached to a table, as it is recorded.

use proc_macro2::TokenStream;
use quote::quote;

use super::attached::{Bound, Partition, Policy, ReplicaIdentity, Statistics, Trigger};
use super::constraint::ElementKey;
use super::emit::name_def;
use super::emit_constraint::deferrable;
use super::input::Table;
use crate::errors::Errors;
use crate::name::unraw;
use crate::paths::{line, scoped};
use crate::record::{
    AttachedDef, BoundDef, ElementKeyDef, GrantDef, PartitionByDef, PartitionDef, PolicyDef,
    Record, SourceDef, SqlDef, StatisticsDef, Text, TriggerDef,
};
use crate::sql::Sql;

/// The record, if anything is attached, and what only the compiler can check.
pub(super) fn emit(table: &Table<'_>) -> Option<TokenStream> {
    let (options, attached) = (&table.options.attached, &table.attached);
    // A mistake in the key was reported when the options were checked.
    let key = table.partition_key(&mut Errors::default());
    let replica = options.replica_identity.get();
    let def = AttachedDef {
        table: name_def(table),
        row_security: options.rls.is_set(),
        force_row_security: options.rls.get() == Some(&true),
        replica_identity: replica.map(|it| match it {
            ReplicaIdentity::Full => "FULL".into(),
            ReplicaIdentity::Nothing => "NOTHING".into(),
            ReplicaIdentity::Index(_) => "USING INDEX".into(),
        }),
        replica_index: replica.and_then(|it| match it {
            ReplicaIdentity::Index(name) => Some(name.into()),
            ReplicaIdentity::Full | ReplicaIdentity::Nothing => None,
        }),
        access_method: options.access_method.get().map(Text::from),
        partition_by: key.map(|(strategy, key)| PartitionByDef {
            strategy: strategy.into(),
            key: key.iter().map(|it| element(table, it)).collect(),
        }),
        partitions: attached
            .partitions
            .iter()
            .map(|it| partition(table, it))
            .collect(),
        policies: attached
            .policies
            .iter()
            .map(|it| policy(table, it))
            .collect(),
        triggers: attached
            .triggers
            .iter()
            .map(|it| trigger(table, it))
            .collect(),
        grants: attached
            .grants
            .iter()
            .map(|it| GrantDef {
                privileges: words(table, &it.privileges),
                roles: it.roles.iter().map(Text::from).collect(),
                grant_option: it.may_pass_on,
                line: line(it.span),
            })
            .collect(),
        statistics: attached
            .statistics
            .iter()
            .map(|it| statistics(table, it))
            .collect(),
        source: SourceDef::here(unraw(&table.item.ident)),
    };
    let nothing = !def.row_security
        && def.replica_identity.is_none()
        && def.access_method.is_none()
        && def.partition_by.is_none()
        && [
            def.partitions.len(),
            def.policies.len(),
            def.triggers.len(),
            def.grants.len(),
            def.statistics.len(),
        ]
        .iter()
        .all(|count| *count == 0);
    if nothing {
        return None;
    }
    let policies = attached.policies.iter();
    let rendered = policies.flat_map(|it| it.using.iter().chain(&it.check));
    let checks = rendered.flat_map(|it| it.checks.iter().cloned());
    Some(scoped(
        table.options.krate.get(),
        &quote!(#(const _: () = #checks;)*),
        Some(&Record::Attached(def)),
    ))
}

fn sql(table: &Table<'_>, sql: &Sql) -> SqlDef {
    sql.record(&table.private)
}

fn element(table: &Table<'_>, element: &ElementKey) -> ElementKeyDef {
    match element {
        ElementKey::Field(field, _) => {
            ElementKeyDef::Column((&table.fields.list[*field].name.text).into())
        }
        ElementKey::Expression(expression) => ElementKeyDef::Expression(sql(table, expression)),
    }
}

fn partition(table: &Table<'_>, partition: &Partition) -> PartitionDef {
    let all = |values: &[Sql]| values.iter().map(|it| sql(table, it)).collect();
    PartitionDef {
        name: (&partition.name).into(),
        bound: match &partition.bound {
            Bound::Default => BoundDef::Default,
            Bound::Range(from, to) => BoundDef::Range((all(from), all(to))),
            Bound::List(values) => BoundDef::List(all(values)),
            Bound::Hash(modulus, remainder) => BoundDef::Hash((*modulus, *remainder)),
        },
        line: line(partition.span),
    }
}

fn policy(table: &Table<'_>, policy: &Policy) -> PolicyDef {
    PolicyDef {
        name: (&policy.name).into(),
        restrictive: policy.restrictive,
        command: policy.command.into(),
        roles: policy.roles.iter().map(Text::from).collect(),
        using: policy.using.as_ref().map(|it| sql(table, &it.sql)),
        check: policy.check.as_ref().map(|it| sql(table, &it.sql)),
        line: line(policy.span),
    }
}

fn trigger(table: &Table<'_>, trigger: &Trigger) -> TriggerDef {
    TriggerDef {
        name: (&trigger.name).into(),
        timing: trigger.timing.into(),
        events: words(table, &trigger.events),
        for_each_row: trigger.for_each_row,
        constraint: trigger.constraint,
        deferrable: deferrable(&trigger.deferrable),
        old_table: trigger.old_table.as_ref().map(Text::from),
        new_table: trigger.new_table.as_ref().map(Text::from),
        when: trigger.when.as_ref().map(|it| sql(table, it)),
        execute: (&trigger.execute).into(),
        line: line(trigger.span),
    }
}

fn statistics(table: &Table<'_>, statistics: &Statistics) -> StatisticsDef {
    let elements = statistics.elements.iter();
    StatisticsDef {
        name: (&statistics.name.text).into(),
        kinds: statistics.kinds.iter().map(|it| (*it).into()).collect(),
        elements: elements.map(|it| element(table, it)).collect(),
        line: line(statistics.span),
    }
}

/// Events and privileges with their columns.
fn words(table: &Table<'_>, words: &[(&'static str, Vec<usize>)]) -> Vec<(Text, Vec<Text>)> {
    let words = words.iter();
    words
        .map(|(word, fields)| {
            let columns = table.fields.columns(fields);
            (
                (*word).into(),
                columns.into_iter().map(Text::from).collect(),
            )
        })
        .collect()
}
