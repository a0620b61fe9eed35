//! Objects that the source does not declare, and that stay nevertheless.

use std::collections::BTreeSet;

use crate::catalog::{Catalog, Object, ObjectId, ObjectKind, Part};
use crate::plan::shim::{Shim, trigger_name};

/// A source that declares no objects leaves all of them alone; one that does is asked for all, but
/// what shims are made of is nobody's but `generate`'s.
pub(super) fn adopt_objects(
    current: &Catalog,
    desired: &mut Catalog,
    declares_objects: bool,
    shims: &[Shim],
) {
    let mut kept: BTreeSet<&ObjectId> = BTreeSet::new();
    for (id, object) in &current.objects {
        if !declares_objects || shims.iter().any(|shim| is_of(id, object, shim)) {
            kept.insert(id);
        }
    }
    if declares_objects {
        // Comments and grants go with what they are about.
        let of_kept = current.objects.iter().filter(
            |(_, object)| matches!(&object.of, Some(Part::Object(whole)) if kept.contains(whole)),
        );
        let of_kept: Vec<&ObjectId> = of_kept.map(|(id, _)| id).collect();
        kept.extend(of_kept);
    }
    loop {
        let before = kept.len();
        let gone = kept.iter().copied().filter(|id| {
            let of = current.objects.get(*id).and_then(|it| it.of.as_ref());
            of.is_some_and(|part| {
                let stays = matches!(part, Part::Object(id) if kept.contains(id));
                !stays && !desired.has(part)
            })
        });
        let gone: Vec<&ObjectId> = gone.collect();
        for id in gone {
            kept.remove(id);
        }
        if kept.len() == before {
            break;
        }
    }
    for id in kept {
        if let Some(object) = current.objects.get(id) {
            let slot = desired.objects.entry(id.clone());
            slot.or_insert_with(|| object.clone());
        }
    }
    if !declares_objects {
        desired.dependencies = current.dependencies.clone();
    }
}

/// Takes out what shims are made of: their end is planned apart from the rest.
pub fn forget(catalog: &mut Catalog, shims: &[Shim]) {
    let made = |id: &ObjectId, object: &Object| shims.iter().any(|it| is_of(id, object, it));
    let gone: BTreeSet<ObjectId> = catalog
        .objects
        .iter()
        .filter(|(id, object)| made(id, object))
        .map(|(id, _)| id.clone())
        .collect();
    catalog.objects.retain(|id, object| {
        let of_gone = matches!(&object.of, Some(Part::Object(whole)) if gone.contains(whole));
        !gone.contains(id) && !of_gone
    });
}

/// Whether an object is what a shim is made of.
fn is_of(id: &ObjectId, object: &Object, shim: &Shim) -> bool {
    let (table, column) = match shim {
        Shim::View(view) => {
            return id.kind == ObjectKind::View && id.qualified().as_ref() == Some(&view.old);
        }
        Shim::Sync { table, old, .. } => (table, old),
        Shim::Fill { table, column } => (table, column),
    };
    let name = trigger_name(table, column);
    match id.kind {
        ObjectKind::Trigger => {
            object.of == Some(Part::Table(table.clone()))
                && id.name.starts_with(&format!("{name} ON "))
        }
        ObjectKind::Function => {
            id.schema.as_ref() == Some(&table.schema) && id.name == format!("{name}()")
        }
        _ => false,
    }
}
