//! Mermaid, DOT and SVG, to the byte, and what names do to them.

use schema_core::catalog::Filter;
use schema_core::render::{dot, html, mermaid, svg};

use super::{HOSTILE, SHOP, changed, diagram};

#[tokio::test]
async fn mermaid_of_a_small_schema() {
    let text = mermaid(&diagram(SHOP).await);
    assert_eq!(
        text,
        r#"erDiagram
    active["active (view)"] {
        bigint id
        varchar(80) email
    }
    orders {
        bigint id PK
        bigint user_id FK
        bigint parent FK "null"
        order_status status
    }
    users {
        bigint id PK
        varchar(80) email UK
        timestamptz seen "null"
    }
    orders }o--o| orders : "orders_parent_fkey"
    orders }o--|| users : "orders_user_id_fkey"
"#
    );
}

#[tokio::test]
async fn dot_of_a_small_schema() {
    let text = dot(&diagram(SHOP).await);
    let wanted = r##"  orders [tooltip="orders", label=<<TABLE BORDER="1" CELLBORDER="0" CELLSPACING="0" CELLPADDING="4" COLOR="#9aa6b5">
    <TR><TD COLSPAN="3" ALIGN="LEFT" BGCOLOR="#e8eef7"><B>orders</B></TD></TR>
    <TR><TD ALIGN="LEFT" PORT="c0">id</TD><TD ALIGN="LEFT">bigint</TD><TD ALIGN="LEFT">PK</TD></TR>
    <TR><TD ALIGN="LEFT" PORT="c1">user_id</TD><TD ALIGN="LEFT">bigint</TD><TD ALIGN="LEFT">FK</TD></TR>
    <TR><TD ALIGN="LEFT" PORT="c2">parent</TD><TD ALIGN="LEFT">bigint?</TD><TD ALIGN="LEFT">FK</TD></TR>
    <TR><TD ALIGN="LEFT" PORT="c3">status</TD><TD ALIGN="LEFT">order_status</TD><TD ALIGN="LEFT"></TD></TR>
  </TABLE>>]
"##;
    assert!(text.contains(wanted), "{text}");
    let ends = r#"  orders:c2 -> orders:c0 [arrowtail=crow, arrowhead=odot, tooltip="orders_parent_fkey"]
  orders:c1 -> users:c0 [arrowtail=crow, arrowhead=tee, tooltip="orders_user_id_fkey"]
}
"#;
    assert!(text.ends_with(ends), "{text}");
}

#[tokio::test]
async fn what_changes_has_a_sign_in_every_form() {
    let more = "CREATE TABLE coupons (id bigint PRIMARY KEY, order_id bigint REFERENCES orders);
        ALTER TABLE users DROP COLUMN seen CASCADE, ADD COLUMN name text;
        ALTER TYPE order_status ADD VALUE 'sent'; DROP INDEX orders_user_idx;";
    let diagram = changed(SHOP, more).await;
    assert_eq!(
        diagram.changes(),
        [1, 1, 3],
        "coupons; active; orders, users, order_status"
    );
    let text = mermaid(&diagram);
    for part in [
        "coupons[\"+ coupons\"]",
        "active[\"- active (view)\"]",
        "users[\"~ users\"]",
        "text name \"+ added, null\"",
        "timestamptz seen \"- removed, null\"",
        "coupons }o--o| orders : \"+ coupons_order_id_fkey\"",
    ] {
        assert!(text.contains(part), "no {part} in:\n{text}");
    }
    let text = svg(&diagram);
    for part in [
        "class=\"box h0 added\"",
        "<text class=\"sign\" x=\"12\" y=\"22\">~</text>",
        "<tspan class=\"m\" x=\"7\">+</tspan>",
        "against main: +1 added, \u{2212}1 removed, ~3 changed",
    ] {
        assert!(text.contains(part), "no {part} in:\n{text}");
    }
    let part = diagram.only_changes();
    let names: Vec<&str> = part
        .nodes
        .iter()
        .map(|node| node.name.name.as_str())
        .collect();
    assert_eq!(names, ["active", "coupons", "orders", "users"]);
}

#[tokio::test]
async fn hostile_names_are_text_in_every_form() {
    let diagram = diagram(HOSTILE).await;
    let page = html(&diagram);
    assert_eq!(page.matches("</script>").count(), 2, "the page's own two");
    let picture = svg(&diagram);
    assert!(!picture.contains("<script"), "{picture}");
    assert!(picture.contains("&lt;/script&gt;"), "{picture}");
    let text = mermaid(&diagram);
    assert!(!text.contains(['<', '`', '\\', '%']), "{text}");
    assert!(text.contains("text _PK \"PK, null\""), "{text}");
    assert!(
        text.contains("    \"title\" {"),
        "a word of the language is quoted:\n{text}"
    );
    let text = dot(&diagram);
    assert!(text.contains("<B>&lt;/script&gt;"), "{text}");
}

#[tokio::test]
async fn the_same_schema_gives_the_same_bytes() {
    let (one, other) = (diagram(SHOP).await, diagram(SHOP).await);
    assert_eq!(html(&one), html(&other));
    assert_eq!(svg(&one), svg(&other));
    let none = Filter {
        schemas: [schema_core::ident::Ident::new("nowhere")].into(),
        ..Filter::default()
    };
    let nothing = none.apply(&schema_core::catalog::Catalog::default());
    let nothing =
        schema_core::render::Diagram::new("", &nothing, None, &schema_core::render::History::new());
    assert!(svg(&nothing).ends_with("</svg>\n"), "nothing can be drawn");
    assert_eq!(mermaid(&nothing), "erDiagram\n");
}
