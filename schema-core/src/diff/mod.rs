//! Two catalogs to changes.
