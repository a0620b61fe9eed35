//! Where a scratch database comes from.
