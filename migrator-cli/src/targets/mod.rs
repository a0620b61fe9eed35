//! The databases and schemas that one command works on.

mod source;
mod spelling;

use std::collections::BTreeMap;

use schema_core::apply::FleetTarget;
use sqlx::postgres::PgConnectOptions;

use self::source::Listed;
use self::spelling::Spelling;
use crate::cli::{DatabaseArgs, TargetSource};
use crate::context::Context;
use crate::database;
use crate::exit_code::Exit;
use crate::failure::Failure;

/// How many bad lines are told at a time.
const SHOWN: usize = 10;

/// All targets of a source, in its order. Bad ones are told together, and no password is.
pub(crate) async fn list(
    context: &Context,
    args: &DatabaseArgs,
    source: &TargetSource,
) -> Result<Vec<FleetTarget>, Failure> {
    let listed = source::read(context, args, source).await?;
    if listed.is_empty() {
        return Err(
            Failure::new(Exit::Usage, format!("{source} names no target")).with_help(
                match source {
                    TargetSource::File(_) => {
                        "write one target a line; a line with `#` is a comment"
                    }
                    TargetSource::Sql(_) => {
                        "the query has to give a row for each target, on the database of --url"
                    }
                    TargetSource::Command(_) => "the command has to print one target a line",
                },
            ),
        );
    }
    let mut targets = Targets {
        context,
        args,
        main: None,
        found: Vec::new(),
        places: Vec::new(),
        by_name: BTreeMap::new(),
    };
    let mut wrong = Vec::new();
    for listed in listed {
        let place = listed.place.clone();
        if let Err(why) = targets.add(listed)? {
            wrong.push(format!("{place}: {why}"));
        }
    }
    if wrong.is_empty() {
        return Ok(targets.found);
    }
    let message = format!("{source} is no list of targets");
    let mut failure = Failure::new(Exit::Usage, message).with_help(
        "a target is a URL, the name of a database on the server of --url (`db:NAME` in any case), or a schema of its database (`schema:NAME`)",
    );
    let more = wrong.len().saturating_sub(SHOWN);
    wrong.truncate(SHOWN);
    failure.causes = wrong;
    if more > 0 {
        failure = failure.because(format!("and {more} more"));
    }
    Err(failure)
}

/// The targets so far.
struct Targets<'a> {
    context: &'a Context,
    args: &'a DatabaseArgs,
    /// The database of the command, once somebody asked for it.
    main: Option<PgConnectOptions>,
    found: Vec<FleetTarget>,
    /// Where each was listed.
    places: Vec<String>,
    by_name: BTreeMap<String, usize>,
}

impl Targets<'_> {
    /// Adds one. The outer error is about the command, the inner one about this target.
    fn add(&mut self, listed: Listed) -> Result<Result<(), String>, Failure> {
        let spelling = match Spelling::parse(&listed.text) {
            Ok(spelling) => spelling,
            Err(error) => return Ok(Err(error.to_string())),
        };
        let (options, schema) = match &spelling {
            Spelling::Url { url, schema } => match database::read(self.context, url, &listed.place)
            {
                Ok(options) => (options, schema.clone()),
                Err(failure) => {
                    let why = failure.causes.into_iter().chain([failure.message]);
                    return Ok(Err(why.collect::<Vec<_>>().join(": ")));
                }
            },
            Spelling::Database(name) => (self.main()?.database(name), None),
            Spelling::Schema(name) => (self.main()?, Some(name.clone())),
        };
        let mut target = FleetTarget {
            name: String::new(),
            options,
            schema,
        };
        let name = listed.name.unwrap_or_else(|| spelling.name(&target));
        target.name = spelling::shown(&name);
        let same =
            |other: &FleetTarget| other.place() == target.place() && other.schema == target.schema;
        let known = match self.by_name.get(&target.name) {
            Some(index) => Some(*index),
            None => self.found.iter().position(same),
        };
        if let Some(index) = known {
            let (first, place) = (&self.found[index], &self.places[index]);
            return Ok(Err(if same(first) && first.name != target.name {
                format!(
                    "`{}` is listed already, as `{}` in {place}",
                    target.name, first.name
                )
            } else if same(first) {
                format!("`{}` is listed already in {place}", target.name)
            } else {
                format!(
                    "another target goes by the name `{}`, in {place}",
                    target.name
                )
            }));
        }
        self.by_name.insert(target.name.clone(), self.found.len());
        self.found.push(target);
        self.places.push(listed.place);
        Ok(Ok(()))
    }

    fn main(&mut self) -> Result<PgConnectOptions, Failure> {
        if let Some(main) = &self.main {
            return Ok(main.clone());
        }
        Ok(self
            .main
            .insert(database::target(self.context, self.args)?)
            .clone())
    }
}
