//! Dates and times of `chrono`.

use ::chrono::{DateTime, Duration, NaiveDate, NaiveDateTime, NaiveTime, TimeZone};

use crate::def::TypeDef;
use crate::sql_type::{RangeElement, SqlType, StoredAs, pg, range_of, stored};

stored! {
    NaiveDateTime = timestamp;
    NaiveDate = date;
    NaiveTime = time;
    Duration = interval;
}
range_of! {
    NaiveDateTime = tsrange;
    NaiveDate = daterange;
}

impl<Zone: TimeZone> SqlType for DateTime<Zone> {
    const TYPE: TypeDef<'static> = <pg::timestamptz as SqlType>::TYPE;
}
impl<Zone: TimeZone> StoredAs<pg::timestamptz> for DateTime<Zone> {}
impl<Zone: TimeZone> RangeElement for DateTime<Zone> {
    type Range = pg::tstzrange;
}
