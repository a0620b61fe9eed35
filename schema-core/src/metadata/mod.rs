//! The records in an artifact: their bytes, and how they are written, found and read.
