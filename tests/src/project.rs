//! Temporary cargo projects, and the binary run in them.
