//! Each pair of schemas: planned, gone, compared by `pg_dump`, planned again. `PAIRS_BACK=1` goes back
//! too, `PAIRS=view/` takes some, `PAIRS_REPORT=FILE` writes every fault with its plan.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use integration_tests::pairs::{Pair, Verdict, prepare};
use integration_tests::postgres::major;
use tokio::runtime::Builder;

/// As many at once: each has two databases, and a `pg_dump` of each.
const AT_ONCE: usize = 4;

/// Ways that are not found yet. Each has to fail, so that the list gets no longer than it is.
const UNMET: &str = include_str!("../../corpus/unmet.txt");

#[tokio::test]
async fn every_way_is_found() {
    let only = std::env::var("PAIRS").ok().filter(|it| !it.is_empty());
    let major = major().await;
    let mut pairs = Pair::all();
    assert!(pairs.len() >= 300, "{}", pairs.len());
    prepare(&pairs).await;
    pairs.retain(|pair| pair.since <= major);
    pairs.retain(|pair| {
        only.as_ref()
            .is_none_or(|only| pair.name.starts_with(only.as_str()))
    });
    let mut faults = BTreeMap::new();
    let mut ways = BTreeSet::new();
    let both = std::env::var_os("PAIRS_BACK").is_some();
    for verdict in judged(&pairs, both) {
        if let Some(fault) = verdict.fault {
            faults.insert(verdict.way.clone(), fault);
        }
        ways.insert(verdict.way);
    }
    let unmet: BTreeSet<&str> = UNMET.lines().filter(|it| !it.starts_with('#')).collect();
    if let Ok(file) = std::env::var("PAIRS_REPORT") {
        let report = faults
            .iter()
            .map(|(way, fault)| format!("## {way}\n{fault}\n\n"));
        fs_err::write(file, report.collect::<String>()).unwrap();
    }
    println!("{} ways, {} not found", ways.len(), faults.len());
    let found: Vec<_> = unmet
        .iter()
        .filter(|it| ways.contains(**it) && !faults.contains_key(**it))
        .collect();
    faults.retain(|way, _| !unmet.contains(way.as_str()));
    let faults: Vec<_> = faults
        .iter()
        .map(|(way, fault)| format!("{way}: {fault}"))
        .collect();
    assert!(faults.is_empty(), "{}", faults.join("\n\n"));
    assert!(found.is_empty(), "no longer unmet: {found:?}");
}

/// Several at once, each worker with a runtime of its own.
fn judged(pairs: &[Pair], both: bool) -> Vec<Verdict> {
    let next = AtomicUsize::new(0);
    let work = || {
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        let mut verdicts = Vec::new();
        while let Some(pair) = pairs.get(next.fetch_add(1, Ordering::Relaxed)) {
            verdicts.extend(runtime.block_on(pair.judge(both)));
        }
        verdicts
    };
    thread::scope(|scope| {
        let workers: Vec<_> = (0..AT_ONCE).map(|_| scope.spawn(work)).collect();
        workers
            .into_iter()
            .flat_map(|it| it.join().unwrap())
            .collect()
    })
}
