//! Workflow commands of GitHub: annotations on the lines of a pull request.

use super::{Report, Weight, main_place, paragraphs, step, weight};

pub(super) fn render(report: &Report<'_>) -> String {
    let mut lines = Vec::new();
    for judged in report.shown() {
        let word = match weight(judged) {
            Weight::Error => "error",
            Weight::Warning => "warning",
            Weight::Approved => "notice",
        };
        let mut properties = Vec::new();
        if let Some(place) = main_place(judged) {
            properties.push(("file", report.sources.in_repository(&place.file)));
            properties.push(("line", place.line.to_string()));
            let end = place.end_line.max(place.line);
            properties.push(("endLine", end.to_string()));
            // GitHub takes columns within one line only.
            if end == place.line && place.column > 0 {
                properties.push(("col", place.column.to_string()));
                if place.end_column > 0 {
                    properties.push(("endColumn", place.end_column.to_string()));
                }
            }
        }
        properties.push(("title", report.rule_title(judged.finding.code)));
        let properties: Vec<String> = properties
            .into_iter()
            .map(|(name, value)| format!("{name}={}", property(&value)))
            .collect();
        let mut message = vec![judged.finding.title.clone()];
        message.extend(paragraphs(judged));
        message.extend(judged.finding.fix.clone());
        lines.push(format!(
            "::{word} {}::{}",
            properties.join(","),
            data(&message.join("\n\n"))
        ));
    }
    for step in report.steps.iter().filter(|step| !step.is_done()) {
        let title = format!("cargo migrate {}: {}", report.command, step.step.word());
        lines.push(format!(
            "::error title={}::{}",
            property(&title),
            data(&step::result(step, report))
        ));
    }
    lines.extend(report.steps.iter().map(|it| data(&step::line(it, report))));
    // A line that is no command is shown as it is, unless it looks like one.
    lines.push(data(&format!("{}: {}", report.command, report.summary())));
    lines.join("\n")
}

/// What stands behind the second `::`.
fn data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// What stands behind a `=`.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
