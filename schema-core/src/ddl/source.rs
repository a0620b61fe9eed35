//! Statements for what the source says beside tables and simple types. They run on a scratch database,
//! from which the objects are read as PostgreSQL spells them.

use super::{List, With};
use crate::def::{BoundDef, DeferrableDef, ElementKeyDef, SqlDef};
use crate::def::{GrantDef, PolicyDef, StatisticsDef, TriggerDef, ViewDef};
use crate::ident::{Ident, QualifiedName, literal};
use crate::schema::sql_text;

/// An attribute of a composite type.
pub(crate) struct Attribute {
    pub(crate) name: Ident,
    pub(crate) data_type: String,
    pub(crate) collation: Option<String>,
}

/// `ALTER EXTENSION … UPDATE TO …`
pub(crate) fn extension_version(name: &Ident, version: &str) -> String {
    format!("ALTER EXTENSION {name} UPDATE TO {}", literal(version))
}

/// `CREATE TYPE … AS (…)`
pub(crate) fn composite(name: &QualifiedName, attributes: &[Attribute]) -> String {
    let attributes = attributes.iter().map(|it| {
        let collation = it.collation.as_deref();
        let collation = collation.map_or_else(String::new, |it| format!(" COLLATE {it}"));
        format!("{} {}{collation}", it.name, it.data_type)
    });
    let attributes: Vec<String> = attributes.collect();
    format!("CREATE TYPE {} AS ({})", name.full(), attributes.join(", "))
}

/// `CREATE VIEW` or `CREATE MATERIALIZED VIEW`.
pub(crate) fn view(name: &QualifiedName, view: &ViewDef<'_>) -> String {
    let kind = if view.materialized {
        "MATERIALIZED VIEW"
    } else {
        "VIEW"
    };
    let mut sql = format!("CREATE {kind} {}", name.full());
    if let Some(method) = view.access_method {
        sql = format!("{sql} USING {}", Ident::from(method));
    }
    let options = view.options.iter();
    let options = options.map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    sql.push_str(&With(&options.collect()).to_string());
    if let Some(tablespace) = view.tablespace {
        sql = format!("{sql} TABLESPACE {}", Ident::from(tablespace));
    }
    // The query may end with a comment, which a line break ends.
    sql = format!("{sql} AS\n{}\n", query(view.query));
    if view.with_no_data {
        sql.push_str("WITH NO DATA");
    }
    sql.trim_end().to_owned()
}

/// A query without the semicolon of its file.
fn query(text: &str) -> &str {
    let text = text.trim_start_matches('\u{feff}').trim();
    text.strip_suffix(';').unwrap_or(text)
}

/// `COMMENT ON …`
pub(crate) fn comment(kind: &str, name: &str, text: &str) -> String {
    format!("COMMENT ON {kind} {name} IS {}", literal(text))
}

/// `ALTER TABLE … ENABLE ROW LEVEL SECURITY` and the like.
pub(crate) fn alter_table(table: &QualifiedName, action: &str) -> String {
    format!("ALTER TABLE {} {action}", table.full())
}

/// `CREATE TABLE … PARTITION OF …`
pub(crate) fn partition(
    name: &QualifiedName,
    parent: &QualifiedName,
    bound: &BoundDef<'_>,
) -> String {
    let bound = match bound {
        BoundDef::Default => "DEFAULT".to_owned(),
        BoundDef::Range((from, to)) => {
            format!("FOR VALUES FROM ({}) TO ({})", values(from), values(to))
        }
        BoundDef::List(list) => format!("FOR VALUES IN ({})", values(list)),
        BoundDef::Hash((modulus, remainder)) => {
            format!("FOR VALUES WITH (MODULUS {modulus}, REMAINDER {remainder})")
        }
    };
    format!(
        "CREATE TABLE {} PARTITION OF {} {bound}",
        name.full(),
        parent.full()
    )
}

fn values(values: &[SqlDef<'_>]) -> String {
    let values: Vec<String> = values.iter().map(sql_text).collect();
    values.join(", ")
}

/// `CREATE POLICY`
pub(crate) fn policy(table: &QualifiedName, policy: &PolicyDef<'_>) -> String {
    let kind = if policy.restrictive {
        " AS RESTRICTIVE"
    } else {
        ""
    };
    let mut sql = format!(
        "CREATE POLICY {} ON {}{kind} FOR {} TO {}",
        Ident::from(policy.name),
        table.full(),
        policy.command,
        roles(policy.roles)
    );
    if let Some(using) = &policy.using {
        sql = format!("{sql} USING ({}\n)", sql_text(using));
    }
    if let Some(check) = &policy.check {
        sql = format!("{sql} WITH CHECK ({}\n)", sql_text(check));
    }
    sql
}

/// `CREATE TRIGGER`
pub(crate) fn trigger(table: &QualifiedName, trigger: &TriggerDef<'_>) -> String {
    let kind = if trigger.constraint {
        "CONSTRAINT "
    } else {
        ""
    };
    let events = trigger.events.iter().map(|(event, columns)| {
        if columns.is_empty() {
            (*event).to_owned()
        } else {
            format!("{event} OF {}", List(&idents(columns)))
        }
    });
    let mut sql = format!(
        "CREATE {kind}TRIGGER {} {} {} ON {}",
        Ident::from(trigger.name),
        trigger.timing,
        events.collect::<Vec<_>>().join(" OR "),
        table.full()
    );
    sql.push_str(match trigger.deferrable {
        DeferrableDef::No => "",
        DeferrableDef::InitiallyImmediate => " DEFERRABLE",
        DeferrableDef::InitiallyDeferred => " DEFERRABLE INITIALLY DEFERRED",
    });
    let tables = [("OLD", trigger.old_table), ("NEW", trigger.new_table)];
    let tables = tables.into_iter().filter_map(|(which, name)| {
        let name = Ident::from(name?);
        Some(format!(" {which} TABLE AS {name}"))
    });
    let tables: String = tables.collect();
    if !tables.is_empty() {
        sql = format!("{sql} REFERENCING{tables}");
    }
    sql.push_str(if trigger.for_each_row {
        " FOR EACH ROW"
    } else {
        " FOR EACH STATEMENT"
    });
    if let Some(when) = &trigger.when {
        sql = format!("{sql} WHEN ({}\n)", sql_text(when));
    }
    format!("{sql} EXECUTE FUNCTION {}", trigger.execute)
}

/// `GRANT … ON TABLE …`
pub(crate) fn grant(table: &QualifiedName, grant: &GrantDef<'_>) -> String {
    let privileges = grant.privileges.iter().map(|(privilege, columns)| {
        if columns.is_empty() {
            (*privilege).to_owned()
        } else {
            format!("{privilege} ({})", List(&idents(columns)))
        }
    });
    let option = if grant.grant_option {
        " WITH GRANT OPTION"
    } else {
        ""
    };
    format!(
        "GRANT {} ON TABLE {} TO {}{option}",
        privileges.collect::<Vec<_>>().join(", "),
        table.full(),
        roles(grant.roles)
    )
}

/// `CREATE STATISTICS`
pub(crate) fn statistics(table: &QualifiedName, statistics: &StatisticsDef<'_>) -> String {
    let kinds = if statistics.kinds.is_empty() {
        String::new()
    } else {
        format!(" ({})", statistics.kinds.join(", "))
    };
    format!(
        "CREATE STATISTICS {}{kinds} ON {} FROM {}",
        table.sibling(statistics.name).full(),
        elements(statistics.elements),
        table.full()
    )
}

fn elements(elements: &[ElementKeyDef<'_>]) -> String {
    let elements = elements.iter().map(|element| match element {
        ElementKeyDef::Column(name) => Ident::from(*name).to_string(),
        ElementKeyDef::Expression(sql) => format!("({})", sql_text(sql)),
    });
    elements.collect::<Vec<_>>().join(", ")
}

fn roles(roles: &[&str]) -> String {
    if roles.is_empty() {
        return "PUBLIC".to_owned();
    }
    let roles = roles.iter().map(|role| match *role {
        "" => "PUBLIC".to_owned(),
        role => Ident::from(role).to_string(),
    });
    roles.collect::<Vec<_>>().join(", ")
}

fn idents(names: &[&str]) -> Vec<Ident> {
    names.iter().copied().map(Ident::from).collect()
}
