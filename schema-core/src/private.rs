//! What generated code calls; not part of the public interface.
