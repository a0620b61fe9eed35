//! The rights on a table, given to its compat view.

use std::fmt::{self, Write};

use super::{CompatView, Full, Quoted};
use crate::ident::literal;

/// A block that gives a view the owner and the grants of its table, on single columns too. It reads
/// them when it runs, so that grants come along that only one database has.
pub(super) struct Copy<'a>(pub(super) &'a CompatView);

impl fmt::Display for Copy<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(view) = self;
        let name = literal(&Full(&view.old).to_string());
        let mut body = format!(
            "\
DECLARE
    base constant regclass := {};
    shim constant regclass := {name};
    command text;
BEGIN
",
            literal(&Full(&view.table).to_string())
        );
        guard(&mut body, view)?;
        let grantee = "CASE acl.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(acl.grantee)) END";
        let option = "CASE WHEN acl.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END";
        write!(
            body,
            "    \
    FOR command IN
        SELECT commands.command
        FROM (
            SELECT 1, format('ALTER VIEW %s OWNER TO %I', {name}, pg_get_userbyid(b.relowner))
            FROM pg_class b, pg_class v
            WHERE b.oid = base AND v.oid = shim AND b.relowner <> v.relowner
            UNION ALL
            SELECT DISTINCT 2, format('REVOKE ALL ON %s FROM %s', {name}, {grantee})
            FROM pg_class v, aclexplode(v.relacl) acl
            WHERE v.oid = shim AND acl.grantee <> v.relowner
            UNION ALL
            SELECT 3, format('GRANT %s ON %s TO %s%s', acl.privilege_type, {name}, {grantee}, {option})
            FROM pg_class b, aclexplode(b.relacl) acl
            WHERE b.oid = base AND acl.grantee <> b.relowner
            UNION ALL
            SELECT 3, format('GRANT %s (%I) ON %s TO %s%s', acl.privilege_type, v.attname, {name}, {grantee}, {option})
            FROM pg_attribute b
            CROSS JOIN aclexplode(b.attacl) acl
            JOIN pg_attribute v ON v.attrelid = shim AND v.attname = {}
            WHERE b.attrelid = base AND NOT b.attisdropped
        ) AS commands (step, command)
        ORDER BY commands.step
    LOOP
        EXECUTE command;
    END LOOP;
END
",
            old_name(view)
        )?;
        write!(f, "DO {}", Quoted(&body))
    }
}

/// Row security has to hold through the view.
///
/// The rights of whoever uses a view are asked for on every column that it shows: one who may only
/// read some columns of the table could not read the view at all. Where row security is off, the
/// view's own grants say enough.
fn guard(body: &mut String, view: &CompatView) -> fmt::Result {
    let (condition, when, otherwise) = if view.security_invoker {
        (
            "    IF EXISTS (SELECT FROM pg_attribute WHERE attrelid = base AND attacl IS NOT NULL) THEN\n",
            "grants on single columns and row security cannot both be kept through a view",
            format!(
                "        ALTER VIEW {} RESET (security_invoker);\n    END IF;\n",
                view.old
            ),
        )
    } else {
        (
            "",
            "before PostgreSQL 15, row security does not hold through a view",
            String::new(),
        )
    };
    let indent = if condition.is_empty() {
        "    "
    } else {
        "        "
    };
    write!(
        body,
        "{condition}\
         {indent}IF (SELECT relrowsecurity FROM pg_class WHERE oid = base) THEN\n\
         {indent}    RAISE EXCEPTION 'no view can stand for %: {when}', base;\n\
         {indent}END IF;\n\
         {otherwise}"
    )
}

/// What the view calls column `b` of the table.
fn old_name(view: &CompatView) -> String {
    let renamed = view.columns.iter().filter(|it| it.old != it.column);
    let renamed: Vec<String> = renamed
        .map(|it| {
            let (column, old) = (literal(it.column.as_str()), literal(it.old.as_str()));
            format!(" WHEN {column} THEN {old}")
        })
        .collect();
    if renamed.is_empty() {
        "b.attname".to_owned()
    } else {
        format!("CASE b.attname{} ELSE b.attname END", renamed.concat())
    }
}
