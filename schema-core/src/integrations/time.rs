//! Dates and times of `time`.

use ::time::{Date, Duration, OffsetDateTime, PrimitiveDateTime, Time};

use crate::sql_type::{range_of, stored};

stored! {
    OffsetDateTime = timestamptz;
    PrimitiveDateTime = timestamp;
    Date = date;
    Time = time;
    Duration = interval;
}
range_of! {
    OffsetDateTime = tstzrange;
    PrimitiveDateTime = tsrange;
    Date = daterange;
}
