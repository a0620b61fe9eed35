//! The state at the base, with rows and with what watches a rehearsal.

use sqlx::Connection as _;

use super::error::ObserveError;
use super::rehearsal::RehearsalOptions;
use super::rows::{Population, populate};
use crate::apply::{Observer, ServerError, execute};
use crate::catalog::Fingerprint;
use crate::dev_db::{DevServer, Scratch};
use crate::directory::Directory;
use crate::state;

/// Functions and event triggers of the watched database.
const INSTRUMENT: &str = include_str!("instrument.sql");

/// Kind of the cache entries that tell which rows a state was given.
const POPULATION: &str = "population";

/// The state at the base with the instrument in it, and rows if they are asked for.
pub(super) async fn base_state(
    dev: &DevServer,
    directory: &Directory,
    options: &RehearsalOptions,
    observer: &mut dyn Observer,
) -> Result<(Scratch, Population), ObserveError> {
    let state = state::key(directory);
    let key = Fingerprint::of(&(&state, INSTRUMENT, options.rows)).to_string();
    if let Some(population) = dev.cache().get(POPULATION, &key)
        && let Some(scratch) = dev.restore(&key).await?
    {
        return Ok((scratch, population));
    }
    let scratch = state::restore(dev, directory, observer).await?;
    let mut connection = scratch.connect().await?;
    execute(&mut connection, INSTRUMENT)
        .await
        .map_err(|error| match ServerError::from(&error).sqlstate {
            Some(code) if code == "42501" => ObserveError::NotSuperuser,
            _ => error.into(),
        })?;
    let population = if options.rows {
        populate(&mut connection).await?
    } else {
        Population::default()
    };
    execute(&mut connection, "SELECT cargo_migrate.advance_sequences()").await?;
    let _ = connection.close().await;
    if dev.store(&scratch, &key).await? {
        dev.cache()
            .put(POPULATION, &key, &population)
            .map_err(state::StateError::Cache)?;
    }
    Ok((scratch, population))
}
