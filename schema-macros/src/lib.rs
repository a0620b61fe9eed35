//! The #[table] attribute and the derives.
