//! `migrate.touched`: the gate writes what it has seen, or says what is missing there.

use schema_core::diagnostic::{Finding, Place};
use schema_core::directory::{Directory, TOUCHED_FILE, Touches};
use schema_core::gate::TOUCHED_NOT_RECORDED;

use crate::context::Context;
use crate::directory;
use crate::failure::Failure;

/// Writes what the new migrations touch, where that has to be known.
pub(crate) fn record(
    context: &Context,
    head: &mut Directory,
    touched: &[(String, Touches)],
) -> Result<(), Failure> {
    let changed = head
        .record_touched(&context.dir, touched)
        .map_err(|error| directory::failure(&error))?;
    if changed {
        let path = context.shown(&context.dir.join(TOUCHED_FILE));
        let what = format_args!("what the new migrations touch, in {path}");
        context.printer.done("Recorded", what);
    }
    Ok(())
}

/// The new migrations of which nothing is on record although it has to be known.
pub(crate) fn missing(
    context: &Context,
    head: &Directory,
    touched: &[(String, Touches)],
) -> Vec<Finding> {
    let shown = context.shown(&context.dir);
    let files = head.to_be_recorded().iter();
    let new = files.filter(|file| touched.iter().any(|(name, _)| *name == file.file_name));
    new.filter(|file| head.touches(file).is_none())
        .map(|file| {
            let rule = &TOUCHED_NOT_RECORDED;
            let title = format!("what {} touches is not on record", file.file_name);
            Finding {
                places: vec![Place::line(shown.join(&file.file_name), 1)],
                notes: vec![rule.why.to_owned()],
                help: Some(rule.remedy().to_owned()),
                ..Finding::new(rule.code, rule.severity, title)
            }
        })
        .collect()
}
