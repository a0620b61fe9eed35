//! Statements planned as the app's role: privileges and arbiters of conflicts show only then.

use sqlx::PgConnection;

use super::OldError;
use super::live::nulls;
use super::trial::{As, Outcome, Refusal, Trial, run};
use crate::ident::Ident;

/// How a statement could be planned at the base.
#[derive(Clone, Debug)]
pub(super) struct Planned {
    trial: Trial,
    /// As whom; `None` if it could not be planned at all.
    worked: Option<Planner>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Planner {
    Role,
    Owner,
}

impl Planned {
    /// Whether it could be planned.
    pub(super) fn is_sound(&self) -> bool {
        self.worked.is_some()
    }
}

/// Plans statements, given with the number of their parameters, on the base.
///
/// Those that the role may not run are planned as the owner; those that cannot be prepared by
/// name, such as `LOCK TABLE`, are run.
pub(super) async fn plan(
    connection: &mut PgConnection,
    whom: As<'_>,
    statements: &[(&str, usize)],
) -> Result<Vec<Planned>, OldError> {
    let trials = statements.iter().enumerate();
    let trials: Vec<Trial> = trials
        .map(|(nth, (text, count))| explain(nth, text, *count))
        .collect();
    let outcomes = fresh(connection, whom, &trials).await?;
    let first = if whom == As::Owner {
        Planner::Owner
    } else {
        Planner::Role
    };
    let worked = |outcome: &Outcome| outcome.is_ok().then_some(first);
    let mut planned: Vec<Planned> = trials
        .into_iter()
        .zip(&outcomes)
        .map(|(trial, outcome)| Planned {
            trial,
            worked: worked(outcome),
        })
        .collect();
    let refused = |state: &str| {
        let all = outcomes.iter().enumerate();
        let all = all.filter(|(_, outcome)| outcome.as_ref().is_err_and(|it| it.sqlstate == state));
        all.map(|(nth, _)| nth).collect::<Vec<usize>>()
    };
    let forbidden = refused("42501");
    let trials: Vec<Trial> = forbidden
        .iter()
        .map(|nth| planned[*nth].trial.clone())
        .collect();
    for (nth, outcome) in forbidden
        .iter()
        .zip(fresh(connection, As::Owner, &trials).await?)
    {
        planned[*nth].worked = outcome.is_ok().then_some(Planner::Owner);
    }
    let unnamed = refused("42601");
    let trials: Vec<Trial> = unnamed
        .iter()
        .map(|nth| Trial::of(vec![statements[*nth].0.into()]))
        .collect();
    for ((nth, outcome), trial) in unnamed
        .iter()
        .zip(fresh(connection, whom, &trials).await?)
        .zip(trials)
    {
        planned[*nth] = Planned {
            trial,
            worked: worked(&outcome),
        };
    }
    Ok(planned)
}

/// Plans statements again; gives what is said against those that could be planned before.
pub(super) async fn replan(
    connection: &mut PgConnection,
    role: Option<&Ident>,
    statements: &[&Planned],
) -> Result<Vec<Option<Refusal>>, OldError> {
    let mut refusals = vec![None; statements.len()];
    let sides = [
        (Planner::Role, role.map(As::Role)),
        (Planner::Owner, Some(As::Owner)),
    ];
    for (planner, whom) in sides {
        let Some(whom) = whom else { continue };
        let these = statements
            .iter()
            .enumerate()
            .filter(|(_, it)| it.worked == Some(planner));
        let (places, trials): (Vec<usize>, Vec<Trial>) =
            these.map(|(nth, it)| (nth, it.trial.clone())).unzip();
        for (nth, outcome) in places
            .into_iter()
            .zip(fresh(connection, whom, &trials).await?)
        {
            refusals[nth] = outcome.err();
        }
    }
    Ok(refusals)
}

fn explain(nth: usize, text: &str, parameters: usize) -> Trial {
    let call = format!("EXPLAIN EXECUTE plan_{nth}{}", nulls(parameters));
    Trial::of(vec![format!("PREPARE plan_{nth} AS {text}"), call])
}

/// Runs trials where no statement has a name yet: names outlive the trial that gave them.
async fn fresh(
    connection: &mut PgConnection,
    whom: As<'_>,
    trials: &[Trial],
) -> Result<Vec<Outcome>, OldError> {
    if trials.is_empty() {
        return Ok(Vec::new());
    }
    let forget = sqlx::raw_sql("DEALLOCATE ALL")
        .execute(&mut *connection)
        .await;
    forget.map_err(OldError::Run)?;
    run(connection, whom, trials).await
}
