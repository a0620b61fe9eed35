//! `ipnetwork::IpNetwork` and its two halves.

use crate::sql_type::stored;

stored! {
    ::ipnetwork::IpNetwork = inet, cidr;
    ::ipnetwork::Ipv4Network = inet, cidr;
    ::ipnetwork::Ipv6Network = inet, cidr;
}
