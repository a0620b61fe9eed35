//! Records as statements.

use super::{ExpectedColumn, ExpectedView, SourceStatement, Sources, finding};
use crate::ddl::{CommentDdl, CommentTarget, IndexDdl, source};
use crate::def::{AttachedDef, CompositeDef, FieldDef, SourceDef, StatementsDef, ViewDef};
use crate::diagnostic::Place;
use crate::directory::split;
use crate::ident::{Ident, QualifiedName};
use crate::lower::Lowering;
use crate::schema::{Schema, file_place, item_place, line_place};

/// All statements, in the order in which they most likely succeed.
pub(super) fn collect(schema: &Schema<'_>, lowering: &Lowering) -> Sources {
    let mut collector = Collector {
        lowering,
        sources: Sources::default(),
    };
    for (name, it) in &schema.extensions {
        if !it.version.is_empty() {
            let what = format!("version {} of extension `{name}`", it.version);
            let place = item_place(&it.source, String::new());
            collector.add(source::extension_version(name, it.version), what, place);
        }
    }
    for (name, it) in &schema.composites {
        collector.composite(name, it);
    }
    // Partitions before what is attached to tables, which may be about them.
    for (table, it) in &schema.attached {
        for partition in it.partitions {
            let place = line_place(&it.source, partition.line, String::new());
            let name = table.sibling(partition.name);
            let what = format!("partition `{name}`");
            let sql = source::partition(&name, table, &partition.bound);
            collector.add(sql, what, place);
        }
    }
    for (number, it) in schema.statements.iter().enumerate() {
        collector.statements(number + 1, it);
    }
    for (name, it) in &schema.views {
        collector.view(name, it);
    }
    for (table, it) in &schema.attached {
        collector.attached(table, it);
    }
    collector.sources
}

struct Collector<'l> {
    lowering: &'l Lowering,
    sources: Sources,
}

impl Collector<'_> {
    fn add(&mut self, sql: String, what: String, place: Place) {
        let statement = statement(sql, what, place);
        self.sources.statements.push(statement);
    }

    fn composite(&mut self, name: &QualifiedName, composite: &CompositeDef<'_>) {
        let attributes = composite.fields.iter().map(|field| source::Attribute {
            name: Ident::from(field.name),
            data_type: self.lowering.data_type(&field.ty),
            collation: self.lowering.collation(field.collation),
        });
        let attributes: Vec<source::Attribute> = attributes.collect();
        let what = format!("composite type `{name}`");
        let place = item_place(&composite.source, String::new());
        let sql = source::composite(name, &attributes);
        self.sources.types.push(statement(sql, what, place.clone()));
        if let Some(text) = self.lowering.comment(composite.comment) {
            let target = CommentTarget::Type(name.clone());
            self.comment(target, text, place);
        }
        self.field_comments(name, composite.fields, &composite.source);
    }

    fn view(&mut self, name: &QualifiedName, view: &ViewDef<'_>) {
        let what = format!("view `{name}`");
        let item = item_place(&view.source, String::new());
        let place = match view.file {
            Some(file) => file_place(&view.source, file, 1, String::new()),
            None if view.line > 0 => line_place(&view.source, view.line, String::new()),
            None => item.clone(),
        };
        // The query begins on the second line of the statement.
        let mut made = statement(source::view(name, view), what, place);
        let leading = view.query.trim_start_matches('\u{feff}');
        let leading = leading.len() - leading.trim_start().len();
        let skipped = view.query[..leading].matches('\n').count();
        made.exact = view.file.is_some() || view.line > 0;
        let skipped = u32::try_from(skipped).unwrap_or(0);
        made.place.line = (made.place.line + skipped).saturating_sub(u32::from(made.exact));
        self.sources.statements.push(made);
        for index in view.indexes {
            let place = line_place(&view.source, index.line, String::new());
            let create = IndexDdl::Create {
                name: Ident::from(index.name),
                table: name.clone(),
                index: Box::new(self.lowering.index(index)),
                concurrently: false,
                only: false,
            };
            let what = format!("index `{}` of `{name}`", Ident::from(index.name));
            self.add(create.to_string(), what, place);
        }
        if let Some(text) = self.lowering.comment(view.comment) {
            let kind = if view.materialized {
                "MATERIALIZED VIEW"
            } else {
                "VIEW"
            };
            let sql = source::comment(kind, &name.full(), &text);
            self.add(sql, format!("comment on `{name}`"), item.clone());
        }
        self.field_comments(name, view.columns, &view.source);
        let columns = view.columns.iter().map(|field| ExpectedColumn {
            name: field.name.to_owned(),
            field: field.field.to_owned(),
            data_type: self.lowering.data_type(&field.ty),
            place: line_place(&view.source, field.line, String::new()),
        });
        self.sources.views.push(ExpectedView {
            name: name.clone(),
            item: view.source.item.to_owned(),
            place: item,
            columns: columns.collect(),
        });
    }

    fn field_comments(
        &mut self,
        name: &QualifiedName,
        fields: &[FieldDef<'_>],
        source: &SourceDef<'_>,
    ) {
        for field in fields {
            if let Some(text) = self.lowering.comment(field.comment) {
                let target = CommentTarget::Column(name.clone(), Ident::from(field.name));
                let place = line_place(source, field.line, String::new());
                self.comment(target, text, place);
            }
        }
    }

    fn comment(&mut self, target: CommentTarget, text: String, place: Place) {
        let text = Some(text);
        let comment = CommentDdl { target, text };
        self.add(comment.to_string(), "comment".to_owned(), place);
    }

    fn attached(&mut self, table: &QualifiedName, attached: &AttachedDef<'_>) {
        let item = item_place(&attached.source, String::new());
        let line = |line| line_place(&attached.source, line, String::new());
        let mut alter = |action: &str, what: &str| {
            let what = format!("{what} of `{table}`");
            self.add(source::alter_table(table, action), what, item.clone());
        };
        if attached.row_security {
            alter("ENABLE ROW LEVEL SECURITY", "row security");
        }
        if attached.force_row_security {
            alter("FORCE ROW LEVEL SECURITY", "row security");
        }
        if let Some(identity) = attached.replica_identity {
            let index = attached.replica_index.map(Ident::from);
            let index = index.map_or_else(String::new, |index| format!(" {index}"));
            alter(
                &format!("REPLICA IDENTITY {identity}{index}"),
                "replica identity",
            );
        }
        for policy in attached.policies {
            let what = format!("policy `{}` on `{table}`", Ident::from(policy.name));
            self.add(source::policy(table, policy), what, line(policy.line));
        }
        for trigger in attached.triggers {
            let what = format!("trigger `{}` on `{table}`", Ident::from(trigger.name));
            self.add(source::trigger(table, trigger), what, line(trigger.line));
        }
        for grant in attached.grants {
            let what = format!("grant on `{table}`");
            let made = statement(source::grant(table, grant), what, line(grant.line));
            self.sources.statements.push(SourceStatement {
                is_grant: true,
                ..made
            });
        }
        for statistics in attached.statistics {
            let name = table.sibling(statistics.name);
            let what = format!("statistics `{name}`");
            let sql = source::statistics(table, statistics);
            self.add(sql, what, line(statistics.line));
        }
    }

    /// A text as it is. What would end the connection's state in the middle is refused.
    fn statements(&mut self, text: usize, def: &StatementsDef<'_>) {
        let place = |line: u32| match def.file {
            Some(file) => file_place(&def.source, file, line, String::new()),
            None if def.line > 0 => line_place(&def.source, def.line + line - 1, String::new()),
            None => item_place(&def.source, String::new()),
        };
        let statements = match split(def.text, None) {
            Ok(statements) => statements,
            Err(error) => {
                let title = format!("the SQL cannot be split: {}", error.fault);
                let help = error.fault.help().map(str::to_owned);
                let finding = finding("S103", title, place(error.line), help);
                return self.sources.faults.push(finding);
            }
        };
        for it in statements {
            if it.controls_transaction() {
                let title = format!("`{}` is no object", first_line(it.text));
                let help = "take it out: each statement runs in a transaction of its own";
                let finding = finding("S103", title, place(it.line), Some(help.to_owned()));
                self.sources.faults.push(finding);
                continue;
            }
            self.sources.statements.push(SourceStatement {
                sql: it.text.trim_end_matches(';').to_owned(),
                what: format!("`{}`", first_line(it.text)),
                place: place(it.line),
                exact: def.file.is_some() || def.line > 0,
                text,
                is_setting: it.sets_session(),
                is_grant: false,
            });
        }
    }
}

fn statement(sql: String, what: String, place: Place) -> SourceStatement {
    SourceStatement {
        sql,
        what,
        place,
        exact: false,
        text: 0,
        is_setting: false,
        is_grant: false,
    }
}

/// Enough of a statement to know it by.
fn first_line(sql: &str) -> String {
    const MOST: usize = 60;
    let line = sql.lines().next().unwrap_or_default().trim();
    let line = line.trim_end_matches(';');
    match line.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line.to_owned(),
    }
}
