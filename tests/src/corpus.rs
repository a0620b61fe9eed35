//! Public migration directories and schemas, where they are at hand.
