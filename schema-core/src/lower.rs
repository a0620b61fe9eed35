//! Schema to provisional catalog.
