//! Values of types, as SQL.

use std::collections::BTreeMap;

use super::shape::{Column, DataType, Shape, TypeKind};
use crate::ident::literal;

/// The longest text that is written where a type has no limit, or a higher one.
const LONGEST: usize = 300;

/// The part of a type's values that is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Flavour {
    /// Such as a program writes every day; they grow with their place.
    Plain,
    /// Below zero, where there is such a thing.
    Negative,
    /// As long or as large as the type allows.
    Longest,
}

/// Makes values of the types of a shape.
#[derive(Debug)]
pub struct Values<'s> {
    /// The types.
    pub shape: &'s Shape,
    /// Values that satisfy the conditions of a domain, by its OID.
    pub domains: BTreeMap<u32, Vec<String>>,
}

impl Values<'_> {
    /// The value of a column at a place: another place gives another value where the type has as
    /// many. `None` if the type is not known.
    pub fn of(&self, column: &Column, place: u32, flavour: Flavour) -> Option<String> {
        let place = place + self.shift(column);
        self.value(column.data_type, column.modifier, place, flavour)
    }

    /// Values differ between columns of texts, moments and fractions, so that two of them cannot
    /// be taken for each other. Numbers of rows and short codes stay what they are.
    fn shift(&self, column: &Column) -> u32 {
        let (base, modifier) = self.shape.base(column.data_type, column.modifier);
        let differs = self
            .shape
            .types
            .get(&base)
            .is_some_and(|found| match found.category {
                'S' => length(found, modifier).is_none_or(|most| most > 8),
                'N' => !found.name.starts_with("int") && modifier < 0,
                category => category == 'D',
            });
        if differs {
            column.number.unsigned_abs().into()
        } else {
            0
        }
    }

    /// The value of a type at a place.
    pub fn value(
        &self,
        data_type: u32,
        modifier: i32,
        place: u32,
        flavour: Flavour,
    ) -> Option<String> {
        let found = self.shape.types.get(&data_type)?;
        let index = place as usize;
        match found.kind {
            TypeKind::Domain => match self.domains.get(&data_type) {
                Some(values) => {
                    let value = values.get(index % values.len().max(1))?;
                    Some(format!("{value}::{}", found.spelling))
                }
                None => self.value(found.base, found.modifier, place, flavour),
            },
            TypeKind::Enum => {
                let label = found.labels.get(index % found.labels.len().max(1))?;
                Some(format!("{}::{}", literal(label), found.spelling))
            }
            TypeKind::Composite => {
                let fields = found.fields.iter();
                let fields = fields.map(|field| {
                    self.value(field.data_type, field.modifier, place, Flavour::Plain)
                });
                let fields = fields.collect::<Option<Vec<_>>>()?.join(", ");
                Some(format!("ROW({fields})::{}", found.spelling))
            }
            TypeKind::Range => {
                let bound = |place| self.value(found.subtype, -1, place, Flavour::Plain);
                let (low, high) = (bound(place * 2)?, bound(place * 2 + 1)?);
                Some(format!("{}({low}, {high})", found.spelling))
            }
            TypeKind::Multirange => {
                let range = self.value(found.subtype, -1, place, flavour)?;
                Some(format!("{}({range})", found.spelling))
            }
            TypeKind::Base if found.category == 'A' && found.element != 0 => {
                let element = |place| self.value(found.element, modifier, place, flavour);
                let (first, second) = (element(place)?, element(place + 1)?);
                Some(format!("ARRAY[{first}, {second}]::{}", found.spelling))
            }
            TypeKind::Base => {
                let text = base(found, modifier, place, flavour)?;
                Some(format!("{}::{}", literal(&text), found.spelling))
            }
            TypeKind::Pseudo => None,
        }
    }
}

/// The most characters that a type takes, if it has such a limit.
pub(super) fn length(found: &DataType, modifier: i32) -> Option<usize> {
    let length = match found.name.as_str() {
        "varchar" | "bpchar" if modifier >= 4 => modifier - 4,
        "bit" | "varbit" if modifier >= 0 => modifier,
        "name" => 63,
        "char" => 1,
        _ => return None,
    };
    usize::try_from(length).ok()
}

/// Numbers between which all are of this type.
pub(super) fn bounds(found: &DataType, modifier: i32) -> (f64, f64) {
    let most = match found.name.as_str() {
        "int2" => 32768.0,
        "int4" => 2_147_483_648.0,
        "numeric" if modifier >= 4 => {
            let (precision, scale) = precision_and_scale(modifier);
            10_f64.powi(precision - scale)
        }
        _ => 9e18,
    };
    (-most, most)
}

/// As `numeric_typmod_scale` has them: the scale has eleven bits, one of them its sign.
fn precision_and_scale(modifier: i32) -> (i32, i32) {
    let scale = (((modifier - 4) & 0x7ff) ^ 1024) - 1024;
    (((modifier - 4) >> 16) & 0xffff, scale)
}

/// The text of a value of a built-in type, or of one of a well-known extension.
fn base(found: &DataType, modifier: i32, place: u32, flavour: Flavour) -> Option<String> {
    let n = place + 1;
    let most = length(found, modifier);
    Some(match (found.name.as_str(), flavour) {
        ("int2", Flavour::Longest) => (32767 - place).to_string(),
        ("int4", Flavour::Longest) => (2_147_483_647 - place).to_string(),
        ("int8", Flavour::Longest) => (9_223_372_036_854_775_807 - i64::from(place)).to_string(),
        ("int2" | "int4" | "int8" | "float4" | "float8" | "money", Flavour::Negative) => {
            format!("-{n}")
        }
        ("int2" | "int4" | "int8", Flavour::Plain) | ("oid" | "xid" | "cid" | "xid8", _) => {
            n.to_string()
        }
        ("float4" | "float8", _) => format!("{n}.5"),
        ("money", _) => format!("{n}.25"),
        ("numeric", _) => numeric(modifier, n, flavour),
        ("bool", _) => (if n % 2 == 1 { "true" } else { "false" }).into(),
        ("text" | "varchar" | "bpchar" | "citext" | "name" | "char", Flavour::Longest) => {
            let most = most
                .unwrap_or(LONGEST)
                .min(LONGEST.max(most.unwrap_or(0)).min(4000));
            text(n, most, true)
        }
        ("text" | "varchar" | "bpchar" | "citext" | "name" | "char", _) => {
            text(n, most.unwrap_or(LONGEST), false)
        }
        ("bytea", Flavour::Longest) => format!("\\x{}{n:08x}", "ff".repeat(LONGEST)),
        ("bytea", _) => format!("\\x{n:08x}"),
        ("uuid", _) => format!("00000000-0000-4000-8000-{n:012x}"),
        ("date", _) => format!("{}-01-02", 2020 + n % 4000),
        ("time", _) => format!("{:02}:{:02}:03", 8 + n / 60 % 12, n % 60),
        ("timetz", _) => format!("{:02}:{:02}:03+01", 8 + n / 60 % 12, n % 60),
        ("timestamp", _) => format!("{}-01-02 03:04:05.678901", 2020 + n % 4000),
        ("timestamptz", _) => format!("{}-01-02 03:04:05.678901+00", 2020 + n % 4000),
        ("interval", Flavour::Negative) => format!("-{n} days"),
        ("interval", _) => format!("{n} days"),
        ("json" | "jsonb", _) => format!("{{\"n\": {n}, \"list\": [1, null]}}"),
        ("jsonpath", _) => format!("$.n{n}"),
        ("xml", _) => format!("<n>{n}</n>"),
        ("inet", _) => format!("10.{}.{}.1/24", n / 250 % 250, n % 250),
        ("cidr", _) => format!("10.{}.{}.0/24", n / 250 % 250, n % 250),
        ("macaddr", _) => format!("08:00:2b:01:{:02x}:{:02x}", n / 256 % 256, n % 256),
        ("macaddr8", _) => format!("08:00:2b:01:02:03:{:02x}:{:02x}", n / 256 % 256, n % 256),
        ("bit", _) => bits(n, most.unwrap_or(1)),
        ("varbit", _) => bits(n, most.unwrap_or(8)),
        ("tsvector", _) => format!("'word{n}':1 'other':2"),
        ("tsquery", _) => format!("'word{n}' & 'other'"),
        ("point" | "cube", _) => format!("({n},2)"),
        ("line", _) => format!("{{1,2,{n}}}"),
        ("lseg", _) => format!("[(0,0),({n},2)]"),
        ("box", _) => format!("({n}.5,1),({n},0)"),
        ("path" | "polygon", _) => format!("((0,0),({n},0),(1,1))"),
        ("circle", _) => format!("<({n}0,0),1>"),
        ("pg_lsn", _) => format!("0/{n:X}"),
        ("tid", _) => format!("(0,{n})"),
        ("txid_snapshot" | "pg_snapshot", _) => "10:20:10,14,15".into(),
        ("regclass", _) => "pg_class".into(),
        ("regtype", _) => "integer".into(),
        ("regproc", _) => "now".into(),
        ("regprocedure", _) => "now()".into(),
        ("regnamespace", _) => "pg_catalog".into(),
        ("regrole", _) => "pg_monitor".into(),
        ("regconfig" | "regdictionary", _) => "simple".into(),
        ("oidvector" | "int2vector", _) => format!("{n} 2"),
        ("hstore", _) => format!("k=>{n}"),
        ("ltree", _) => format!("top.n{n}"),
        ("lquery", _) => "top.*".into(),
        ("semver", _) => format!("1.0.{n}"),
        ("geometry" | "geography", _) => "POINT(1 2)".into(),
        ("vector" | "halfvec", _) => {
            let length = usize::try_from(modifier).unwrap_or(1).max(1);
            format!("[{n}{}]", ",0".repeat(length - 1))
        }
        _ => return None,
    })
}

/// Digits as `numeric(precision, scale)` takes them.
fn numeric(modifier: i32, n: u32, flavour: Flavour) -> String {
    if modifier < 4 {
        return match flavour {
            Flavour::Plain => format!("{n}.5"),
            Flavour::Negative => format!("-{n}.5"),
            Flavour::Longest => format!("{}.{n}", "9".repeat(30)),
        };
    }
    let (precision, scale) = precision_and_scale(modifier);
    let whole = usize::try_from(precision - scale).unwrap_or(0);
    let parts = usize::try_from(scale)
        .unwrap_or(0)
        .min(usize::try_from(precision).unwrap_or(0));
    let sign = if flavour == Flavour::Negative {
        "-"
    } else {
        ""
    };
    if flavour == Flavour::Longest {
        let whole = if whole == 0 {
            "0".into()
        } else {
            "9".repeat(whole)
        };
        let fraction = format!("{}{}", "9".repeat(parts.saturating_sub(1)), 9 - n % 9);
        return if parts == 0 {
            whole
        } else {
            format!("{whole}.{fraction}")
        };
    }
    let ceiling = 10_u32.saturating_pow(u32::try_from(whole.min(9)).unwrap_or(9));
    if whole > 0 {
        format!("{sign}{}", n % ceiling)
    } else {
        let zeros = usize::try_from(scale - precision).unwrap_or(0);
        format!("{sign}0.{}{}", "0".repeat(zeros), n % 10)
    }
}

/// A text of at most so many characters, or of exactly so many.
fn text(n: u32, most: usize, full: bool) -> String {
    const LETTERS: &[u8] = b"abcdefghijklmnopqrstuvwxyz";
    let short = match most {
        0 => return String::new(),
        1 => char::from(LETTERS[n as usize % LETTERS.len()]).to_string(),
        _ => {
            let number = n.to_string();
            let room = most - number.len().min(most);
            format!("{}{number}", &"row"[..room.min(3)])
        }
    };
    let mut short = short;
    short.truncate(most);
    if full {
        format!("{}{short}", "w".repeat(most - short.len()))
    } else {
        short
    }
}

/// Exactly so many bits, the last of them a number.
fn bits(n: u32, length: usize) -> String {
    let bits = format!("{n:032b}");
    let padded = format!("{}{bits}", "0".repeat(length.saturating_sub(bits.len())));
    padded[padded.len() - length..].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_fit_their_precision_and_scale() {
        let modifier = |precision: i32, scale: i32| ((precision << 16) | (scale & 0x7ff)) + 4;
        assert_eq!(numeric(modifier(5, 2), 3, Flavour::Plain), "3");
        assert_eq!(numeric(modifier(5, 2), 1, Flavour::Longest), "999.98");
        assert_eq!(numeric(modifier(2, 2), 3, Flavour::Negative), "-0.3");
        assert_eq!(numeric(modifier(1, 0), 12, Flavour::Plain), "2");
        assert_eq!(numeric(modifier(2, 4), 3, Flavour::Plain), "0.003");
    }

    #[test]
    fn texts_fit_their_length_and_differ() {
        assert_eq!(text(3, 20, false), "row3");
        assert_eq!(text(3, 2, false), "r3");
        assert_eq!(text(3, 1, false), "d");
        assert_eq!(text(3, 0, true), "");
        assert_eq!(text(12, 8, true), "wwwrow12");
        assert_eq!(bits(5, 2), "01");
        assert_eq!(bits(5, 40).len(), 40);
    }
}
