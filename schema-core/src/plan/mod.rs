//! Changes to an ordered plan.
