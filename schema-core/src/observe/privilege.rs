//! Privileges, as `aclitem`s spell them.

use std::collections::BTreeSet;
use std::fmt;

use crate::ident::Ident;

/// What one role may do.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Privilege {
    /// The role; none for PUBLIC.
    pub role: Option<Ident>,
    /// PostgreSQL's letter for it: `r` for SELECT.
    pub letter: char,
}

impl Privilege {
    /// The privileges that `aclitem`s grant.
    pub fn of(acl: &[String]) -> BTreeSet<Self> {
        acl.iter().flat_map(|item| Self::parse(item)).collect()
    }

    /// `role=rw*/grantor`; a role may be in double quotes.
    fn parse(item: &str) -> Vec<Self> {
        let Some((role, letters)) = split(item) else {
            return Vec::new();
        };
        let letters = letters.split('/').next().unwrap_or_default();
        letters
            .chars()
            .filter(char::is_ascii_alphabetic)
            .map(|letter| Self {
                role: role.clone(),
                letter,
            })
            .collect()
    }

    /// Whether a set holds it, for the role or for everybody.
    pub fn is_in(&self, set: &BTreeSet<Self>) -> bool {
        let letter = self.letter;
        set.contains(self) || set.contains(&Self { role: None, letter })
    }

    /// Its key word: `SELECT`.
    pub fn word(&self) -> &'static str {
        match self.letter {
            'r' => "SELECT",
            'a' => "INSERT",
            'w' => "UPDATE",
            'd' => "DELETE",
            'D' => "TRUNCATE",
            'x' => "REFERENCES",
            't' => "TRIGGER",
            'X' => "EXECUTE",
            'U' => "USAGE",
            'C' => "CREATE",
            'm' => "MAINTAIN",
            _ => "a privilege",
        }
    }

    /// The role, as SQL has it.
    pub fn grantee(&self) -> String {
        self.role.as_ref().map_or("PUBLIC".into(), Ident::to_string)
    }
}

impl fmt::Display for Privilege {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of {}", self.word(), self.grantee())
    }
}

fn split(item: &str) -> Option<(Option<Ident>, &str)> {
    if let Some(quoted) = item.strip_prefix('"') {
        // A quote within is doubled.
        let end = quoted.find("\"=")?;
        let role = Ident::new(quoted[..end].replace("\"\"", "\""));
        return Some((Some(role), &quoted[end + 2..]));
    }
    let (role, letters) = item.split_once('=')?;
    Some(((!role.is_empty()).then(|| Ident::from(role)), letters))
}
