//! Where boxes stand: none on another, every reference from its row to its key, and fast.

use std::time::{Duration, Instant};

use schema_core::catalog::{Catalog, Column, Constraint, ConstraintKind, Deferrable, ForeignKey};
use schema_core::catalog::{Key, ReferentialAction, Table};
use schema_core::ident::{Ident, QualifiedName};
use schema_core::render::{Diagram, History, Placed, layout};

/// Tables that refer to others by a rule that has hubs, chains, cycles, loops and loners.
pub(super) fn tables(count: usize) -> Catalog {
    let mut catalog = Catalog::default();
    let name =
        |number: usize| QualifiedName::new(format!("s{}", number % 3), format!("table_{number}"));
    for number in 0..count {
        let mut table = Table::default();
        let mut add = |name: String, data_type: &str| {
            let mut column: Column = serde_json::from_value(serde_json::json!({
                "name": name, "data_type": data_type, "type_name": null, "not_null": true,
                "generation": "none", "collation": null, "storage": null, "compression": null,
                "comment": null,
            }))
            .unwrap();
            column.not_null = data_type == "bigint";
            table.columns.push(column);
        };
        add("id".to_owned(), "bigint");
        for other in 0..number % 11 {
            add(format!("column_{other}"), "text");
        }
        let others = match number % 7 {
            0 => vec![],
            1 => vec![1, number / 2],
            2 => vec![number, number - 1],
            3 => vec![(number + 2) % count, 2],
            4 => vec![number / 3, 4, 5],
            _ => vec![number - 2],
        };
        for (place, _) in others.iter().enumerate() {
            add(format!("ref_{place}"), "bigint");
        }
        for (place, other) in others.iter().enumerate() {
            let key = ForeignKey {
                columns: vec![Ident::new(format!("ref_{place}"))],
                references: name(*other),
                referenced_columns: vec!["id".into()],
                on_delete: ReferentialAction::NoAction,
                on_delete_columns: Vec::new(),
                on_update: ReferentialAction::NoAction,
                match_full: false,
                period: false,
            };
            let constraint = serde_json::json!({
                "kind": ConstraintKind::ForeignKey(key), "deferrable": Deferrable::No,
                "validated": true, "comment": null,
            });
            let constraint: Constraint = serde_json::from_value(constraint).unwrap();
            table
                .constraints
                .insert(Ident::new(format!("fk_{place}")), constraint);
        }
        let constraint = serde_json::json!({
            "kind": ConstraintKind::PrimaryKey(Key { columns: vec!["id".into()], ..Key::default() }),
            "deferrable": Deferrable::No, "validated": true, "comment": null,
        });
        table
            .constraints
            .insert("pk".into(), serde_json::from_value(constraint).unwrap());
        catalog.tables.insert(name(number), table);
    }
    catalog
}

#[test]
fn no_box_is_on_another_and_every_reference_is_drawn() {
    for count in [1, 2, 12, 60, 400] {
        let catalog = tables(count.max(6));
        let diagram = Diagram::new("many", &catalog, None, &History::new());
        let start = Instant::now();
        let layout = layout(&diagram);
        let took = start.elapsed();
        println!(
            "{count} tables: {took:?}, {} x {}",
            layout.width, layout.height
        );
        assert!(
            took < Duration::from_secs(3),
            "{took:?}, even without optimization"
        );
        for (place, one) in layout.boxes.iter().enumerate() {
            assert!(one.x >= 0 && one.y >= 0, "{one:?}");
            assert!(one.x + one.width <= layout.width && one.y + one.height <= layout.height);
            for other in &layout.boxes[..place] {
                assert!(!overlap(one, other), "{one:?} is on {other:?}");
            }
        }
        let references: usize = catalog
            .tables
            .values()
            .map(|it| it.constraints.len() - 1)
            .sum();
        assert_eq!(diagram.references.len(), references);
        for (reference, route) in diagram.references.iter().zip(&layout.routes) {
            let (first, last) = (route.points[0], route.points[route.points.len() - 1]);
            assert!(
                on_side(first, &layout.boxes[reference.from]),
                "{first:?} {reference:?}"
            );
            assert!(
                on_side(last, &layout.boxes[reference.to]),
                "{last:?} {reference:?}"
            );
            // Where it passes a column it is straight: between the points of a pair.
            for pair in route.points[1..].chunks_exact(2) {
                let line = Placed {
                    x: pair[0].0.min(pair[1].0),
                    y: pair[0].1,
                    width: (pair[0].0 - pair[1].0).abs(),
                    height: 1,
                };
                let crossed = layout.boxes.iter().find(|it| overlap(&line, it));
                assert_eq!(crossed, None, "{line:?} of {reference:?}");
            }
        }
    }
}

fn overlap(one: &Placed, other: &Placed) -> bool {
    one.x < other.x + other.width
        && other.x < one.x + one.width
        && one.y < other.y + other.height
        && other.y < one.y + one.height
}

fn on_side((x, y): (i32, i32), place: &Placed) -> bool {
    (x == place.x || x == place.x + place.width) && y > place.y && y < place.y + place.height
}
