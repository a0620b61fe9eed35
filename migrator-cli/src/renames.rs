//! Renames on the command line: `--rename old=new`, `--drop name`, and the questions that ask for them.

use schema_core::catalog::Catalog;
use schema_core::diff::{Rename, Renames};
use schema_core::ident::{DEFAULT_SCHEMA, Ident, QualifiedName, literal};

use crate::exit_code::Exit;
use crate::failure::Failure;

/// Adds what `--rename` says to what the source says. Names are looked up in the current state.
pub(crate) fn add(
    flags: &[String],
    current: &Catalog,
    renames: &mut Renames,
) -> Result<(), Failure> {
    for flag in flags {
        let (old, new) = split_once_outside_quotes(flag, '=').ok_or_else(|| {
            usage(
                flag,
                "it has no `=`; write old=new, table.old=new, or enum.old=new",
            )
        })?;
        let old = words(flag, old)?;
        let new = words(flag, new)?;
        add_one(flag, &old, &new, current, renames)?;
    }
    Ok(())
}

fn add_one(
    flag: &str,
    old: &[Word],
    new: &[Word],
    current: &Catalog,
    renames: &mut Renames,
) -> Result<(), Failure> {
    if let ([path @ .., last], [label]) = (old, new)
        && let Some(name) = qualified(path)
        && current.enums.contains_key(&name)
    {
        // Labels go by the new name of their type.
        let pair = renames.types.iter().find(|(_, before)| **before == name);
        let named = pair.map_or(&name, |(after, _)| after).clone();
        renames
            .labels
            .insert((named, label.text().to_owned()), last.text().to_owned());
        return Ok(());
    }
    if let [path @ .., Word::Name(part)] = old
        && let [Word::Name(new)] = new
        && let Some(name) = qualified(path)
        && let Some(table) = current.tables.get(&name)
    {
        let named = renames
            .tables
            .iter()
            .find(|(_, before)| **before == name)
            .map_or(&name, |(after, _)| after);
        let key = (named.clone(), Ident::new(new));
        let part = Ident::new(part);
        let map = if table.column(part.as_str()).is_some() {
            &mut renames.columns
        } else if table.constraints.contains_key(&part) {
            &mut renames.constraints
        } else if table.indexes.contains_key(&part) {
            &mut renames.indexes
        } else {
            return Err(usage(
                flag,
                &format!("table {name} has no column, constraint or index {part}"),
            ));
        };
        map.insert(key, part);
        return Ok(());
    }
    let (Some(old), Some(new)) = (qualified(old), qualified(new)) else {
        return Err(usage(flag, "write old=new, table.old=new, or enum.old=new"));
    };
    // Without a schema of its own, the new name stays in the old one's.
    let new = if flag.contains('.') && new.schema.as_str() == DEFAULT_SCHEMA {
        old.sibling(new.name)
    } else {
        new
    };
    if current.tables.contains_key(&old) {
        renames.tables.insert(new, old);
    } else if current.enums.contains_key(&old) || current.domains.contains_key(&old) {
        renames.types.insert(new, old);
    } else {
        return Err(usage(
            flag,
            &format!("the migrations make no table or type {old}"),
        ));
    }
    Ok(())
}

/// The flag that says a rename.
pub(crate) fn rename_flag(rename: &Rename) -> String {
    let new = match rename {
        Rename::Table { from, to } | Rename::Type { from, to, .. } => {
            if from.schema == to.schema {
                to.name.to_string()
            } else {
                to.to_string()
            }
        }
        Rename::Label { to, .. } => label(to),
        Rename::Column { to, .. } | Rename::Constraint { to, .. } | Rename::Index { to, .. } => {
            to.to_string()
        }
    };
    format!(
        "--rename {}",
        shell_word(&format!("{}={new}", old_name(rename)))
    )
}

/// The flag that says that something really goes.
pub(crate) fn drop_flag(rename: &Rename) -> String {
    format!("--drop {}", shell_word(&old_name(rename)))
}

/// What goes, as flags call it.
pub(crate) fn old_name(rename: &Rename) -> String {
    match rename {
        Rename::Table { from, .. } | Rename::Type { from, .. } => from.to_string(),
        Rename::Label { r#enum, from, .. } => format!("{enum}.{}", label(from)),
        Rename::Column { table, from, .. }
        | Rename::Constraint { table, from, .. }
        | Rename::Index { table, from, .. } => {
            format!("{table}.{from}")
        }
    }
}

/// A label as flags call it: in single quotes where it could be read as something else.
fn label(label: &str) -> String {
    let plain = |character: char| character.is_alphanumeric() || matches!(character, '_' | '-');
    if !label.is_empty() && label.chars().all(plain) {
        label.to_owned()
    } else {
        literal(label)
    }
}

/// A word of a flag: a name, quoted or not, or a label in single quotes.
#[derive(Debug, PartialEq, Eq)]
enum Word {
    Name(String),
    Label(String),
}

impl Word {
    fn text(&self) -> &str {
        match self {
            Self::Name(text) | Self::Label(text) => text,
        }
    }
}

/// `schema.name`, or a name of the default schema.
fn qualified(words: &[Word]) -> Option<QualifiedName> {
    match words {
        [Word::Name(name)] => Some(QualifiedName::in_default_schema(name.as_str())),
        [Word::Name(schema), Word::Name(name)] => {
            Some(QualifiedName::new(schema.as_str(), name.as_str()))
        }
        _ => None,
    }
}

fn words(flag: &str, text: &str) -> Result<Vec<Word>, Failure> {
    let mut rest = text;
    let mut words = Vec::new();
    loop {
        let (part, tail) = split_once_outside_quotes(rest, '.')
            .map_or((rest, None), |(part, tail)| (part, Some(tail)));
        let unquoted = |quote: char| {
            let inner = part.strip_prefix(quote)?.strip_suffix(quote)?;
            Some(inner.replace(&format!("{quote}{quote}"), &quote.to_string()))
        };
        words.push(match (unquoted('\''), unquoted('"')) {
            (Some(label), _) => Word::Label(label),
            (None, Some(name)) => Word::Name(name),
            (None, None) if part.is_empty() => return Err(usage(flag, "a name is empty")),
            (None, None) => Word::Name(part.to_owned()),
        });
        let Some(tail) = tail else { return Ok(words) };
        rest = tail;
    }
}

fn split_once_outside_quotes(text: &str, separator: char) -> Option<(&str, &str)> {
    let mut quote = None;
    for (at, character) in text.char_indices() {
        match quote {
            None if character == separator => {
                return Some((&text[..at], &text[at + separator.len_utf8()..]));
            }
            None if matches!(character, '"' | '\'') => quote = Some(character),
            Some(open) if open == character => quote = None,
            _ => {}
        }
    }
    None
}

fn usage(flag: &str, why: &str) -> Failure {
    Failure::new(
        Exit::Usage,
        format!("`--rename {flag}` cannot be understood: {why}"),
    )
}

/// A word for a shell, quoted where it has to be.
fn shell_word(text: &str) -> String {
    let plain = |character: char| {
        character.is_ascii_alphanumeric() || matches!(character, '_' | '-' | '.' | '=')
    };
    if text.chars().all(plain) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', "'\\''"))
    }
}

#[cfg(test)]
mod tests {
    use schema_core::catalog::{Column, Enum, Table};

    use super::*;

    fn current() -> Catalog {
        let column = |name: &str| Column::new(name, "text");
        let mut catalog = Catalog::default();
        let table = Table {
            columns: vec![column("mail"), column("a=b")],
            ..Table::default()
        };
        catalog
            .tables
            .insert(QualifiedName::in_default_schema("users"), table.clone());
        catalog
            .tables
            .insert(QualifiedName::new("billing", "invoice"), table);
        let labels = Enum {
            labels: vec!["old".into()],
            comment: None,
        };
        catalog
            .enums
            .insert(QualifiedName::in_default_schema("state"), labels);
        catalog
    }

    fn parsed(flags: &[&str]) -> Result<Renames, Failure> {
        let mut renames = Renames::default();
        let flags: Vec<String> = flags.iter().map(ToString::to_string).collect();
        add(&flags, &current(), &mut renames).map(|()| renames)
    }

    #[test]
    fn each_kind_of_rename_is_read() {
        let users = QualifiedName::in_default_schema("users");
        let renames = parsed(&[
            "users.mail=email",
            "billing.invoice=bill",
            "state.'old'='new one'",
            "users.\"a=b\"=c",
        ])
        .expect("four renames");
        assert_eq!(renames.columns[&(users.clone(), "email".into())], "mail");
        assert_eq!(renames.columns[&(users, "c".into())], "a=b");
        assert_eq!(
            renames.tables[&QualifiedName::new("billing", "bill")],
            QualifiedName::new("billing", "invoice")
        );
        assert_eq!(
            renames.labels[&(QualifiedName::in_default_schema("state"), "new one".into())],
            "old"
        );
    }

    #[test]
    fn what_is_not_there_cannot_be_renamed() {
        for (flag, why) in [
            ("nobody=somebody", "no table or type nobody"),
            ("users.nothing=x", "no column, constraint or index nothing"),
            ("users", "no `=`"),
            ("users.=x", "a name is empty"),
        ] {
            let failure = parsed(&[flag]).expect_err(flag);
            assert!(failure.message.contains(why), "{flag}: {failure}");
        }
    }

    #[test]
    fn flags_are_written_as_they_are_read() {
        let label = |from: &str, to: &str| Rename::Label {
            r#enum: QualifiedName::in_default_schema("state"),
            from: from.into(),
            to: to.into(),
        };
        assert_eq!(rename_flag(&label("old", "new")), "--rename state.old=new");
        assert_eq!(
            rename_flag(&label("old", "new one")),
            r"--rename 'state.old='\''new one'\'''"
        );
        let rename = Rename::Column {
            table: QualifiedName::in_default_schema("users"),
            from: "mail".into(),
            to: "email".into(),
        };
        assert_eq!(rename_flag(&rename), "--rename users.mail=email");
        assert_eq!(drop_flag(&rename), "--drop users.mail");
    }
}
