//! Migrations on disk: files, versions, directives, and the hash chain.
