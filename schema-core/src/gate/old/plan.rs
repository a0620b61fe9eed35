//! Statements planned as the app's role: privileges and arbiters of conflicts show only then.

use std::collections::BTreeSet;

use serde::Deserialize;
use sqlx::PgConnection;

use super::OldError;
use super::live::nulls;
use super::trial::{As, Outcome, Refusal, Trial, run};
use crate::ident::Ident;

/// The parameters of the one prepared statement.
const PARAMETERS: &str = "SELECT json_build_object('parameters', \
    coalesce((SELECT to_json(parameter_types::text[]) FROM pg_prepared_statements), '[]'))::text";

/// How a statement could be planned at the base.
#[derive(Clone, Debug)]
pub(super) struct Planned {
    trial: Trial,
    /// As whom it can be planned, or why not.
    worked: Result<Planner, Refusal>,
    facts: PlanFacts,
}

/// What shows when a statement is planned.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub(super) struct PlanFacts {
    /// The types of its parameters.
    pub(super) parameters: Vec<String>,
    /// The relations that it locks; asked only on the base.
    #[serde(default)]
    pub(super) relations: BTreeSet<u32>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Planner {
    Role,
    Owner,
}

impl Planned {
    /// Whether it could be planned.
    pub(super) fn is_sound(&self) -> bool {
        self.worked.is_ok()
    }

    /// Why it could not.
    pub(super) fn refusal(&self) -> Option<&Refusal> {
        self.worked.as_ref().err()
    }

    /// What showed when it was planned.
    pub(super) fn facts(&self) -> &PlanFacts {
        &self.facts
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
    let trials = statements.iter().map(|(text, count)| explain(text, *count));
    let trials: Vec<Trial> = trials.collect();
    let first = match whom {
        As::Owner => Planner::Owner,
        As::Role(_) => Planner::Role,
    };
    let outcomes = run(connection, whom, &trials).await?.into_iter();
    let planned = trials.into_iter().zip(outcomes);
    let planned = planned.map(|(trial, outcome)| settle(trial, first, outcome));
    let mut planned: Vec<Planned> = planned.collect::<Result<_, _>>()?;
    let second = [("42501", As::Owner, Planner::Owner), ("42601", whom, first)];
    for (state, whom, planner) in second {
        let refused = planned.iter().enumerate().filter(|(_, it)| {
            it.refusal()
                .is_some_and(|refusal| refusal.sqlstate == state)
        });
        let refused = refused.map(|(nth, it)| match state {
            "42601" => (nth, bare(statements[nth].0)),
            _ => (nth, it.trial.clone()),
        });
        let (places, trials): (Vec<usize>, Vec<Trial>) = refused.unzip();
        let outcomes = run(connection, whom, &trials).await?;
        for ((nth, trial), outcome) in places.into_iter().zip(trials).zip(outcomes) {
            if outcome.is_ok() {
                planned[nth] = settle(trial, planner, outcome)?;
            }
        }
    }
    Ok(planned)
}

fn settle(mut trial: Trial, planner: Planner, outcome: Outcome) -> Result<Planned, OldError> {
    let (worked, facts) = match outcome {
        Ok(facts) => (
            Ok(planner),
            serde_json::from_str(&facts).map_err(OldError::Answer)?,
        ),
        Err(refusal) => (Err(refusal), PlanFacts::default()),
    };
    // Which relations it locks is asked once.
    trial.read = Some(PARAMETERS.into());
    Ok(Planned {
        trial,
        worked,
        facts,
    })
}

/// Plans statements again that could be planned before.
pub(super) async fn replan(
    connection: &mut PgConnection,
    role: Option<&Ident>,
    statements: &[&Planned],
) -> Result<Vec<Result<PlanFacts, Refusal>>, OldError> {
    let mut now: Vec<_> = statements.iter().map(|it| Ok(it.facts.clone())).collect();
    let sides = [
        (Planner::Role, role.map(As::Role)),
        (Planner::Owner, Some(As::Owner)),
    ];
    for (planner, whom) in sides {
        let Some(whom) = whom else { continue };
        let these = statements
            .iter()
            .enumerate()
            .filter(|(_, it)| it.worked == Ok(planner));
        let (places, trials): (Vec<usize>, Vec<Trial>) =
            these.map(|(nth, it)| (nth, it.trial.clone())).unzip();
        for (nth, outcome) in places
            .into_iter()
            .zip(run(connection, whom, &trials).await?)
        {
            now[nth] = match outcome {
                Ok(facts) => Ok(serde_json::from_str(&facts).map_err(OldError::Answer)?),
                Err(refusal) => Err(refusal),
            };
        }
    }
    Ok(now)
}

/// Names outlive the trial that gave them, so the first step takes back that of the last trial.
fn explain(text: &str, parameters: usize) -> Trial {
    let call = format!("EXPLAIN EXECUTE old_plan{}", nulls(parameters));
    let run = vec![
        "DEALLOCATE ALL".into(),
        format!("PREPARE old_plan AS {text}"),
        call,
    ];
    Trial {
        run,
        read: Some(include_str!("queries/plan_facts.sql").into()),
    }
}

fn bare(text: &str) -> Trial {
    let run = vec!["DEALLOCATE ALL".into(), text.into()];
    Trial {
        run,
        read: Some(include_str!("queries/plan_facts.sql").into()),
    }
}
