//! `status_of_all`: where many databases stand.

use std::sync::Arc;

use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use super::target::FleetTarget;
use crate::apply::error::ApplyError;
use crate::apply::status::{Status, status};
use crate::directory::Directory;

/// Compares a directory with the history of each target, as [`status`] does with one.
///
/// Nothing is written, and no lock taken, so schemas of one database need not take turns. The answers
/// are in the order of the targets.
pub async fn status_of_all(
    targets: &[FleetTarget],
    directory: Arc<Directory>,
    revisions_schema: Option<&str>,
    concurrency: usize,
) -> Vec<Result<Status, ApplyError>> {
    let room = Arc::new(Semaphore::new(concurrency.max(1)));
    let mut running = JoinSet::new();
    for (index, target) in targets.iter().cloned().enumerate() {
        let (room, directory) = (Arc::clone(&room), Arc::clone(&directory));
        let schema = target.schema.as_deref().or(revisions_schema);
        let schema = schema.map(str::to_owned);
        running.spawn(async move {
            // Nobody closes it.
            let _permit = room.acquire().await;
            let status = status(&target.options, &directory, schema.as_deref()).await;
            (index, status)
        });
    }
    let mut answers = running.join_all().await;
    answers.sort_by_key(|(index, _)| *index);
    answers.into_iter().map(|(_, status)| status).collect()
}
