//! Enums and domains that have changed.

use schema_core::catalog::{Domain, Enum};
use schema_core::ident::QualifiedName;
use schema_core::schema::ObjectKey;

use super::files::Files;
use super::merge;
use crate::failure::Failure;
use crate::structs::spell;

/// Labels that come and go, and the comment.
pub(super) fn change_enum(
    files: &mut Files<'_>,
    name: &QualifiedName,
    from: &Enum,
    to: &Enum,
) -> Result<bool, Failure> {
    let key = ObjectKey::Type(name.clone());
    let Some((path, item)) = files.item(&key)? else {
        return Ok(false);
    };
    let kept: Vec<&String> = from
        .labels
        .iter()
        .filter(|it| to.labels.contains(it))
        .collect();
    let in_order = to
        .labels
        .iter()
        .filter(|it| from.labels.contains(it))
        .eq(kept);
    // Variants are labels by their order.
    if item.members.len() != from.labels.len() || !in_order {
        return Ok(false);
    }
    let names = files.names(&path);
    let source = files.source(&path)?;
    for (label, member) in from.labels.iter().zip(&item.members) {
        if !to.labels.contains(label) {
            source.remove(member.range.clone());
        }
    }
    let mut previous = None;
    let mut pending: Vec<String> = Vec::new();
    let renamed = item
        .attributes_of("pg")
        .any(|it| it.options.iter().any(|it| it.starts_with("rename_all")));
    for label in to.labels.iter().map(Some).chain([None]) {
        let at = label.and_then(|label| from.labels.iter().position(|it| it == label));
        if let (Some(label), None) = (label, at) {
            pending.extend(spell::variant(name, label, renamed, &names));
        } else {
            let lines = std::mem::take(&mut pending);
            let behind = previous.and_then(|at: usize| item.members.get(at));
            source.insert_members(&item, behind, &lines);
            previous = at;
        }
    }
    if from.comment != to.comment {
        let comment = to.comment.as_deref();
        merge::docs(source, &item.attributes, item.range.start, "", comment);
    }
    Ok(true)
}

/// The options of a domain, and its comment.
pub(super) fn change_domain(
    files: &mut Files<'_>,
    name: &QualifiedName,
    from: &Domain,
    to: &Domain,
) -> Result<bool, Failure> {
    let key = ObjectKey::Type(name.clone());
    let Some((path, item)) = files.item(&key)? else {
        return Ok(false);
    };
    let names = files.names(&path);
    let source = files.source(&path)?;
    let options = [from, to].map(|it| {
        let mut options = spell::domain_options(name, it, &names);
        options.retain(|it| !it.starts_with("name =") && !it.starts_with("schema ="));
        options
    });
    let there: Vec<_> = item.attributes_of("pg").collect();
    let own: Vec<String> = there.iter().flat_map(|it| it.options.clone()).collect();
    if let Some(merged) = merge::options(&own, &options[0], &options[1]) {
        merge::write(source, "pg", &there, item.bare, "", &merged);
    }
    let inner = [from, to].map(|it| spell::domain_inner(it, &names));
    if let Some(ty) = item.members.first().and_then(|it| it.ty.clone())
        && let Some(text) = merge::field_type(&source.text[ty.clone()], &inner[0], &inner[1])
    {
        source.replace(ty, text);
        for (krate, import) in spell::imports(&to.base, to.base_name.as_ref(), &names) {
            source.import(krate, import);
        }
    }
    if from.comment != to.comment {
        let comment = to.comment.as_deref();
        merge::docs(source, &item.attributes, item.range.start, "", comment);
    }
    Ok(true)
}
