//! Dates and times of `jiff`.

use ::jiff::civil::{Date, DateTime, Time};
use ::jiff::{SignedDuration, Span, Timestamp};

use crate::sql_type::{range_of, stored};

stored! {
    Timestamp = timestamptz;
    DateTime = timestamp;
    Date = date;
    Time = time;
    Span = interval;
    SignedDuration = interval;
}
range_of! {
    Timestamp = tstzrange;
    DateTime = tsrange;
    Date = daterange;
}
