//! Filling columns of a table in use, a few pages at a time.

use std::fmt;

use crate::ident::{Ident, QualifiedName, literal};

/// Two megabytes of a table: few enough rows for their locks to be held for a moment only.
const PAGES: u32 = 256;

/// A loop over the pages of a table that commits after each batch, so that no row stays locked and
/// whatever cuts it off, it goes on where rows are left. It cannot run in a transaction.
///
/// A batch never waits: it passes over rows that somebody holds. Those come after it, each in a
/// transaction of its own that holds nothing else while it waits, so that no transaction of the
/// application, whatever its order, is ever caught in a deadlock with it.
///
/// A row that the application writes meanwhile may move to pages that were passed already: so the
/// passes go on until one finds nothing, or no fewer rows than the one before, as a value may be
/// NULL. Ranges of `ctid` are read as such since PostgreSQL 14.
pub(super) fn fill(
    f: &mut fmt::Formatter<'_>,
    name: &QualifiedName,
    set: &[(Ident, String)],
    filter: &str,
) -> fmt::Result {
    let table = literal(&name.to_string());
    let set: Vec<String> = set
        .iter()
        .map(|(column, to)| format!("{column} = {to}"))
        .collect();
    let set = set.join(", ");
    let texts = [table.as_str(), set.as_str(), filter];
    let free = |tag: &String| !texts.iter().any(|text| text.contains(tag.as_str()));
    let mut tags = std::iter::once("$$".to_owned()).chain((1..).map(|it| format!("$fill{it}$")));
    let tag = tags.find(free).expect("a text holds only so many tags");
    write!(
        f,
        "DO {tag}
#variable_conflict use_column
DECLARE
    fill_page bigint;
    fill_pages bigint;
    fill_batch bigint;
    fill_held tid;
    fill_rows bigint;
    fill_rows_before bigint;
BEGIN
    LOOP
        fill_page := 0;
        fill_pages := pg_relation_size({table}) / current_setting('block_size')::bigint;
        fill_rows := 0;
        WHILE fill_page < fill_pages LOOP
            UPDATE {name}
            SET {set}
            WHERE ctid = ANY (ARRAY(
                SELECT ctid
                FROM {name}
                WHERE ctid >= format('(%s,0)', fill_page)::tid
                    AND ctid < format('(%s,0)', fill_page + {PAGES})::tid
                    AND ({filter})
                FOR NO KEY UPDATE SKIP LOCKED
            ));
            GET DIAGNOSTICS fill_batch = ROW_COUNT;
            COMMIT;
            FOR fill_held IN
                SELECT ctid
                FROM {name}
                WHERE ctid >= format('(%s,0)', fill_page)::tid
                    AND ctid < format('(%s,0)', fill_page + {PAGES})::tid
                    AND ({filter})
            LOOP
                UPDATE {name}
                SET {set}
                WHERE ctid = fill_held AND ({filter});
                COMMIT;
                fill_rows := fill_rows + 1;
            END LOOP;
            fill_rows := fill_rows + fill_batch;
            fill_page := fill_page + {PAGES};
        END LOOP;
        EXIT WHEN fill_rows = 0 OR fill_rows >= fill_rows_before;
        fill_rows_before := fill_rows;
    END LOOP;
END
{tag}"
    )
}
