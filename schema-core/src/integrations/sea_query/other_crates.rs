//! Values of other crates' types, one feature each.

#[cfg(any(
    feature = "chrono",
    feature = "ipnetwork",
    feature = "jiff",
    feature = "rust_decimal",
    feature = "serde_json",
    feature = "time",
    feature = "uuid"
))]
use super::values::by_text;
#[cfg(any(feature = "chrono", feature = "jiff", feature = "time"))]
use super::values::interval;

#[cfg(feature = "chrono")]
by_text! {
    ::chrono::NaiveDateTime = |at| at.to_string();
    ::chrono::NaiveDate = |day| day.to_string();
    ::chrono::NaiveTime = |time| time.to_string();
    ::chrono::Duration = |took| interval(took.num_seconds(), took.subsec_nanos() / 1000);
}

#[cfg(feature = "chrono")]
impl<Zone: ::chrono::TimeZone> super::Operand for ::chrono::DateTime<Zone> {
    fn into_text(self) -> String {
        format!("{}+00", self.naive_utc())
    }
}

#[cfg(feature = "time")]
by_text! {
    ::time::OffsetDateTime = |at| at.to_string();
    ::time::PrimitiveDateTime = |at| at.to_string();
    ::time::Date = |day| day.to_string();
    ::time::Time = |time| time.to_string();
    ::time::Duration = |took| interval(took.whole_seconds(), took.subsec_microseconds());
}

#[cfg(feature = "jiff")]
by_text! {
    ::jiff::Timestamp = |at| at.to_string();
    ::jiff::civil::DateTime = |at| at.to_string();
    ::jiff::civil::Date = |day| day.to_string();
    ::jiff::civil::Time = |time| time.to_string();
    ::jiff::SignedDuration = |took| interval(took.as_secs(), took.subsec_micros());
    ::jiff::Span = |span| spelled(span);
}

/// Every unit by its word: PostgreSQL has no sign before an ISO 8601 interval.
#[cfg(feature = "jiff")]
fn spelled(span: ::jiff::Span) -> String {
    let microseconds = span.get_milliseconds() * 1000 + span.get_microseconds();
    format!(
        "{} years {} months {} weeks {} days {} hours {} minutes {}",
        span.get_years(),
        span.get_months(),
        span.get_weeks(),
        span.get_days(),
        span.get_hours(),
        span.get_minutes(),
        interval(
            span.get_seconds(),
            microseconds + span.get_nanoseconds() / 1000
        ),
    )
}

#[cfg(feature = "uuid")]
by_text! { ::uuid::Uuid = |uuid| uuid.to_string(); }

#[cfg(feature = "rust_decimal")]
by_text! { ::rust_decimal::Decimal = |number| number.to_string(); }

#[cfg(feature = "serde_json")]
by_text! { ::serde_json::Value = |document| document.to_string(); }

#[cfg(feature = "ipnetwork")]
by_text! {
    ::ipnetwork::IpNetwork = |network| network.to_string();
    ::ipnetwork::Ipv4Network = |network| network.to_string();
    ::ipnetwork::Ipv6Network = |network| network.to_string();
}
