//! Current and desired states as catalogs, cached by what they were made from.
