//! Random catalogs and random edits of them.
