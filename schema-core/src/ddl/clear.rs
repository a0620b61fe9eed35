//! Taking everything modelled away.

use crate::catalog::Catalog;
use crate::ident::QualifiedName;

/// The statements that drop all tables, sequences, domains and enums of a catalog, with whatever
/// depends on them. Only for scratch databases.
pub fn clear(catalog: &Catalog) -> Vec<String> {
    let kinds: [(&str, Vec<&QualifiedName>); 4] = [
        ("TABLE", catalog.tables.keys().collect()),
        ("SEQUENCE", catalog.sequences.keys().collect()),
        ("DOMAIN", catalog.domains.keys().collect()),
        ("TYPE", catalog.enums.keys().collect()),
    ];
    kinds
        .into_iter()
        .filter(|(_, names)| !names.is_empty())
        .map(|(kind, names)| format!("DROP {kind} IF EXISTS {} CASCADE", super::List(&names)))
        .collect()
}
