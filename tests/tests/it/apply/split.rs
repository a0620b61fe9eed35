//! Tests: what has to wait for the next deployment, without a database.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use camino::Utf8Path;
use jiff::Timestamp;
use proptest::prelude::*;
use schema_core::apply::{
    Hindrance, Limit, Pending, PendingOptions, Refusal, Revision, RevisionKind, pending, split,
};
use schema_core::directory::{DirectiveKind, Directory, Touched, Touches, Version};

use super::{directory, recorded};

/// The row of a file, written at this second.
fn row(directory: &Directory, version: &str, second: i64) -> Revision {
    let file = directory.file(&Version::new(version)).expect("is there");
    let total = file.statements().expect("splits").len();
    Revision {
        version: file.version.clone(),
        description: file.description.clone(),
        kind: RevisionKind::EXECUTED,
        applied: total,
        total,
        executed_at: Timestamp::new(second, 0).expect("a time"),
        execution_time: Duration::ZERO,
        error: None,
        error_statement: None,
        hash: file.hash.clone().expect("it is hashed"),
        partial_hashes: Vec::new(),
        operator: "cargo-migrate v0.1.0".to_owned(),
    }
}

/// The row of a file that waits.
fn deferred(directory: &Directory, version: &str, second: i64) -> Revision {
    let waits = "deferred by cargo migrate to the next deployment: it was so";
    Revision {
        applied: 0,
        error: Some(waits.to_owned()),
        ..row(directory, version, second)
    }
}

/// The same of a deployment that has not come to its end.
fn put_off(directory: &Directory, version: &str, second: i64) -> Revision {
    let open = "deferred by cargo migrate in a deployment that is not at its end: it was so";
    Revision {
        error: Some(open.to_owned()),
        ..deferred(directory, version, second)
    }
}

/// What runs and what waits, in a deployment that begins at this second.
fn split_at<'a>(
    directory: &'a Directory,
    rows: &'a [Revision],
    began: i64,
    options: &PendingOptions,
) -> Result<Pending<'a>, Refusal> {
    let began = Timestamp::new(began, 0).expect("a time");
    pending(directory, rows, options).and_then(|it| split(directory, rows, it, began))
}

/// The same, as versions.
fn versions(
    directory: &Directory,
    rows: &[Revision],
    began: i64,
) -> Result<(String, String), Refusal> {
    let split = split_at(directory, rows, began, &PendingOptions::default())?;
    let runs: Vec<_> = split
        .steps
        .iter()
        .map(|it| it.file.version.as_str())
        .collect();
    let waits = split
        .deferred
        .iter()
        .map(|it| it.step.file.version.as_str());
    Ok((runs.join(" "), waits.collect::<Vec<_>>().join(" ")))
}

#[expect(clippy::unnecessary_wraps, reason = "it is compared with results")]
fn ok(runs: &str, waits: &str) -> Result<(String, String), Refusal> {
    Ok((runs.to_owned(), waits.to_owned()))
}

const INIT: (&str, &str) = ("1_init.sql", "CREATE TABLE users (id int);");
const MAKE: (&str, &str) = (
    "2_make.sql",
    "-- migrate:n-1-shim: public.users drop-with #1\n\nSELECT 'rename and view';",
);
const DROP: (&str, &str) = (
    "3_drop.sql",
    "-- migrate:n-1-shim-drop: users\n\nDROP VIEW users;",
);
const LATER: (&str, &str) = ("4_later.sql", "CREATE TABLE later ();");

#[test]
fn what_drops_a_shim_waits_for_a_release_that_had_it() {
    let directory = directory(&[INIT, MAKE, DROP]);
    let began = 9;
    let at = |version, second| row(&directory, version, second);
    assert_eq!(versions(&directory, &[], began), ok("1 2 3", ""));
    assert_eq!(versions(&directory, &[at("1", 1)], began), ok("2", "3"));
    let made_before = [at("1", 1), at("2", 2)];
    assert_eq!(versions(&directory, &made_before, began), ok("3", ""));
    // Made by a deployment that this one waited for.
    let made_meanwhile = [at("1", 1), at("2", 9)];
    assert_eq!(versions(&directory, &made_meanwhile, began), ok("", "3"));
    // Skipped or set by hand, there is no shim.
    let mut set = made_meanwhile;
    (set[1].kind, set[1].applied, set[1].total) = (RevisionKind::RESOLVED, 0, 0);
    assert_eq!(versions(&directory, &set, began), ok("3", ""));
}

#[test]
fn a_database_that_is_adopted_is_in_use() {
    let directory = directory(&[INIT, MAKE, DROP]);
    let options = PendingOptions {
        baseline: Some(Version::new("1")),
        ..PendingOptions::default()
    };
    let split = split_at(&directory, &[], 9, &options).unwrap();
    assert_eq!((split.steps.len(), split.deferred.len()), (1, 1));
}

#[test]
fn what_waits_is_taken_up_by_a_deployment_that_begins_with_it() {
    let directory = recorded(directory(&[INIT, MAKE, DROP, LATER]), &[]);
    let at = |version, second| row(&directory, version, second);
    let later = row(&directory, "4", 3);
    let waits = |second| {
        [
            at("1", 1),
            at("2", 2),
            deferred(&directory, "3", second),
            later.clone(),
        ]
    };
    assert_eq!(versions(&directory, &waits(4), 5), ok("3", ""));
    assert_eq!(versions(&directory, &waits(4), 4), ok("", "3"));
    assert_eq!(versions(&directory, &waits(6), 5), ok("", "3"));
    // Of a deployment that failed, its continuation takes nothing up.
    let open = [
        at("1", 1),
        at("2", 2),
        put_off(&directory, "3", 2),
        later.clone(),
    ];
    assert_eq!(versions(&directory, &open, 100), ok("", "3"));
    // It failed when it was taken up: it comes first again, and is not out of order.
    let mut failed = waits(4);
    failed[2].error = Some("there is no view".to_owned());
    assert_eq!(versions(&directory, &failed, 5), ok("3", ""));
}

#[test]
fn what_comes_behind_goes_first_only_if_it_has_nothing_in_common() {
    let plain = directory(&[INIT, MAKE, DROP, LATER]);
    let rows = [row(&plain, "1", 1)];
    let check = |touched: &[(&str, &[&str])]| versions(&recorded(plain.clone(), touched), &rows, 9);
    let hindered = |touched: &[(&str, &[&str])]| match check(touched) {
        Err(Refusal::CannotWait {
            file,
            hindrances,
            before,
            from_end,
            ..
        }) => {
            assert_eq!((file.as_str(), from_end), ("3_drop.sql", 2));
            assert_eq!(before, Some(Version::new("2")));
            hindrances
        }
        other => panic!("{other:?}"),
    };
    let independent: [(&str, &[&str]); 2] = [
        ("3", &["public.users", "public.accounts"]),
        ("4", &["public.later"]),
    ];
    assert_eq!(check(&independent), ok("2 4", "3"));
    let common = |file: &str, objects: &[&str]| Hindrance::Common {
        file: file.to_owned(),
        objects: objects.iter().map(|it| (*it).to_owned()).collect(),
    };
    assert_eq!(
        hindered(&[
            ("3", &["public.users", "app.x"]),
            ("4", &["app.x", "public.later"])
        ]),
        [common("4_later.sql", &["app.x"])]
    );
    // A schema is everything in it.
    assert_eq!(
        hindered(&[("3", &["app.*"]), ("4", &["app.x"])]),
        [common("4_later.sql", &["app.*"])]
    );
    assert_eq!(
        check(&[("3", &["app.*"]), ("4", &["public.app"])]),
        ok("2 4", "3")
    );
    let unrecorded = |file: &str| Hindrance::Unrecorded {
        file: file.to_owned(),
    };
    assert_eq!(hindered(&[]), [unrecorded("3_drop.sql")]);
    assert_eq!(
        hindered(&[("3", &["public.users"])]),
        [unrecorded("4_later.sql")]
    );
    let unseen = |file: &str| Hindrance::Unseen {
        file: file.to_owned(),
    };
    assert_eq!(
        hindered(&[("3", &["public.users"]), ("4", &["*"])]),
        [unseen("4_later.sql")]
    );
    assert_eq!(
        hindered(&[("3", &["*"]), ("4", &["public.x"])]),
        [unseen("3_drop.sql")]
    );
    // Further on than one goes is not behind it.
    let near = PendingOptions {
        limit: Limit::To(Version::new("3")),
        ..PendingOptions::default()
    };
    let split = split_at(&plain, &rows, 9, &near).unwrap();
    assert_eq!((split.steps.len(), split.deferred.len()), (1, 1));
}

#[test]
fn a_record_counts_for_the_very_file_that_it_was_made_of() {
    let plain = directory(&[INIT, MAKE, DROP, LATER]);
    let folder = tempfile::tempdir().unwrap();
    let path = Utf8Path::from_path(folder.path()).unwrap();
    let lines = [
        ("3_drop.sql".to_owned(), Touches::default()),
        ("4_later.sql".to_owned(), Touches::Everything),
        // Before any contract migration nobody has to know.
        ("2_make.sql".to_owned(), Touches::default()),
    ];
    assert!(plain.clone().record_touched(path, &lines).unwrap());
    let text = fs_err::read_to_string(path.join("migrate.touched")).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 3, "{text}");
    assert!(
        lines[1].starts_with("3_drop.sql h1:") && lines[2].ends_with("= *"),
        "{text}"
    );
    let touches = |directory: &Directory, text: &str, index: usize| {
        let directory = directory.clone().with_touched(text);
        directory.touches(&directory.files[index]).cloned()
    };
    assert_eq!(touches(&plain, &text, 2), Some(Touches::default()));
    assert_eq!(touches(&plain, &text, 3), Some(Touches::Everything));
    let edited = directory(&[INIT, MAKE, DROP, (LATER.0, "CREATE TABLE other ();")]);
    assert_eq!(touches(&edited, &text, 2), Some(Touches::default()));
    assert_eq!(touches(&edited, &text, 3), None);
    // A merge that nobody resolved, and what cannot be read, is no record.
    let merged = text.replace("4_later", "<<<<<<< ours\n4_other");
    assert_eq!(touches(&plain, &merged, 2), Some(Touches::default()));
    assert_eq!(touches(&plain, &merged, 3), None);
    let foreign = text.replace("Version 1", "Version 2");
    assert_eq!(touches(&plain, &foreign, 2), None);
    let refused = plain
        .clone()
        .with_touched(&foreign)
        .record_touched(path, &[]);
    assert!(
        refused
            .unwrap_err()
            .to_string()
            .contains("another version of cargo migrate")
    );
    let odd = Touches::These(
        [Touched::Object(schema_core::ident::QualifiedName::new(
            "A b",
            "c \"d\".e",
        ))]
        .into(),
    );
    let odd_lines = [("3_drop.sql".to_owned(), odd.clone())];
    let mut directory = plain;
    directory.record_touched(path, &odd_lines).unwrap();
    let text = fs_err::read_to_string(path.join("migrate.touched")).unwrap();
    assert_eq!(touches(&directory, &text, 2), Some(odd));
}

#[test]
fn a_file_that_waits_stays_as_it_is() {
    let before = directory(&[INIT, MAKE, DROP, LATER]);
    let rows = [
        row(&before, "1", 1),
        row(&before, "2", 2),
        deferred(&before, "3", 3),
        row(&before, "4", 2),
    ];
    let edited = directory(&[
        INIT,
        MAKE,
        (DROP.0, "-- migrate:n-1-shim-drop: users\n\nSELECT 1;"),
        LATER,
    ]);
    let error = versions(&edited, &rows, 9).unwrap_err();
    assert_eq!(
        error.to_string(),
        "`3_drop.sql` waited for a later deployment and was changed since, although `4_later.sql` behind it is applied"
    );
    // At the end of the directory it is as good as any that has not run.
    assert_eq!(versions(&edited, &rows[..3], 9), ok("3 4", ""));
    let removed = directory(&[INIT, MAKE, LATER]);
    let missing = vec![Version::new("3")];
    assert_eq!(
        versions(&removed, &rows, 9),
        Err(Refusal::Missing { versions: missing })
    );
}

#[test]
fn a_chain_of_shims_is_one_step_a_deployment() {
    let chained = directory(&[
        INIT,
        ("2.sql", "-- migrate:n-1-shim: a drop-with #1\n\nSELECT 2;"),
        (
            "3.sql",
            "-- migrate:n-1-shim-drop: a\n-- migrate:n-1-shim: b.c.d drop-with #2\n\nSELECT 3;",
        ),
        (
            "4.sql",
            "-- migrate:n-1-shim-drop: B.c.D\n-- atlas:txmode none\n\nSELECT 4;",
        ),
    ]);
    let mut rows = vec![row(&chained, "1", 1)];
    assert_eq!(versions(&chained, &rows, 9), ok("2", "3 4"));
    rows.extend([
        row(&chained, "2", 9),
        deferred(&chained, "3", 9),
        deferred(&chained, "4", 9),
    ]);
    assert_eq!(versions(&chained, &rows, 10), ok("3", "4"));
    rows[2] = row(&chained, "3", 10);
    assert_eq!(versions(&chained, &rows, 11), ok("4", ""));
}

#[test]
fn the_same_shim_made_twice_is_two_shims() {
    let again = directory(&[
        INIT,
        MAKE,
        DROP,
        ("5_make.sql", MAKE.1),
        ("6_drop.sql", DROP.1),
    ]);
    let rows = [
        row(&again, "1", 1),
        row(&again, "2", 2),
        deferred(&again, "3", 2),
    ];
    assert_eq!(versions(&again, &rows, 9), ok("3 5", "6"));
}

#[test]
fn what_has_begun_is_brought_to_its_end() {
    let directory = directory(&[
        INIT,
        MAKE,
        (
            "3.sql",
            "-- migrate:n-1-shim-drop: users\n-- atlas:txmode none\n\nSELECT 1;\nSELECT 2;",
        ),
    ]);
    let mut half = row(&directory, "3", 9);
    half.applied = 1;
    // base64(sha256("SELECT 1;"))
    let rows = [row(&directory, "1", 1), row(&directory, "2", 9), half];
    assert_eq!(versions(&directory, &rows, 9), ok("3", ""));
}

#[test]
fn a_shim_that_is_not_made_here_keeps_nobody_waiting() {
    let directory = directory(&[
        INIT,
        (
            MAKE.0,
            "-- migrate:n-1-shim: users drop-with #1\n-- migrate:skip-on staging\n\nSELECT 1;",
        ),
        DROP,
        LATER,
    ]);
    let rows = [row(&directory, "1", 1)];
    let on = |environment: &str| {
        let options = PendingOptions {
            environment: Some(environment.to_owned()),
            ..PendingOptions::default()
        };
        split_at(&directory, &rows, 9, &options).map(|it| it.deferred.len())
    };
    assert_eq!(on("staging"), Ok(0));
    assert!(matches!(on("production"), Err(Refusal::CannotWait { .. })));
}

/// A file of the model: which shims it makes and drops, and what else it touches.
#[derive(Clone, Debug)]
enum Kind {
    Make(u8),
    Drop(u8),
    DropAndMake(u8, u8),
    Other(BTreeSet<u8>),
}

fn kinds() -> impl Strategy<Value = Vec<Kind>> {
    let kind = prop_oneof![
        2 => (0_u8..3).prop_map(Kind::Make),
        2 => (0_u8..3).prop_map(Kind::Drop),
        1 => (0_u8..3, 0_u8..3).prop_map(|(one, other)| Kind::DropAndMake(one, other)),
        3 => proptest::collection::btree_set(0_u8..6, 0..3).prop_map(Kind::Other),
    ];
    proptest::collection::vec(kind, 1..12).prop_map(|kinds| {
        // Only what a ledger can follow.
        let mut live = BTreeSet::new();
        let fits = |kind: &Kind| match kind {
            Kind::Make(shim) => live.insert(*shim),
            Kind::Drop(shim) => live.remove(shim),
            Kind::DropAndMake(old, new) => {
                let fits = live.contains(old) && !live.contains(new);
                if fits {
                    live.remove(old);
                    live.insert(*new);
                }
                fits
            }
            Kind::Other(_) => true,
        };
        kinds.into_iter().filter(fits).collect()
    })
}

impl Kind {
    fn text(&self, index: usize) -> String {
        let make = |shim: &u8| format!("-- migrate:n-1-shim: t{shim} drop-with #1\n");
        let drop = |shim: &u8| format!("-- migrate:n-1-shim-drop: t{shim}\n");
        let directives = match self {
            Self::Make(shim) => make(shim),
            Self::Drop(shim) => drop(shim),
            Self::DropAndMake(old, new) => format!("{}{}", drop(old), make(new)),
            Self::Other(_) => String::new(),
        };
        format!("{directives}\nSELECT {index};\n")
    }

    fn touched(&self) -> BTreeSet<u8> {
        match self {
            Self::Make(shim) | Self::Drop(shim) => [*shim].into(),
            Self::DropAndMake(old, new) => [*old, *new].into(),
            Self::Other(touched) => touched.clone(),
        }
    }
}

fn modelled(kinds: &[Kind]) -> Directory {
    let names: Vec<String> = (0..=kinds.len()).map(|it| format!("{it:02}.sql")).collect();
    let texts = kinds.iter().enumerate().map(|(it, kind)| kind.text(it));
    let texts: Vec<String> = std::iter::once("SELECT 'init';\n".to_owned())
        .chain(texts)
        .collect();
    let files = names.iter().zip(&texts);
    let files: Vec<_> = files
        .map(|(name, text)| (name.as_str(), text.as_str()))
        .collect();
    let touched: Vec<(String, Vec<String>)> = kinds
        .iter()
        .enumerate()
        .map(|(it, kind)| {
            let names = kind
                .touched()
                .iter()
                .map(|it| format!("public.t{it}"))
                .collect();
            (format!("{:02}", it + 1), names)
        })
        .collect();
    let lines: Vec<Vec<&str>> = touched
        .iter()
        .map(|(_, names)| names.iter().map(String::as_str).collect())
        .collect();
    let lines: Vec<(&str, &[&str])> = touched
        .iter()
        .zip(&lines)
        .map(|((version, _), names)| (version.as_str(), names.as_slice()))
        .collect();
    recorded(directory(&files), &lines)
}

/// The index of the file that makes each shim that a file drops.
fn makers(directory: &Directory, index: usize) -> Vec<usize> {
    let shims = |index: usize, drops: bool| {
        let directives = directory.files[index].directives.iter();
        directives.filter_map(move |it| match &it.kind {
            DirectiveKind::ShimDrop { old } if drops => Some(old.clone()),
            DirectiveKind::Shim { old, .. } if !drops => Some(old.clone()),
            _ => None,
        })
    };
    let maker = |old: String| {
        (0..index)
            .rev()
            .find(|it| shims(*it, false).any(|it| it == old))
    };
    shims(index, true).filter_map(maker).collect()
}

proptest! {
    /// Whatever is promoted at once, on a database with history: no deployment makes a shim and
    /// drops it, every file runs exactly once, what touches the same runs in order, and with
    /// nothing new it takes a deployment for each contract at most.
    #[test]
    fn no_deployment_expands_and_contracts(kinds in kinds(), cuts in proptest::collection::vec(0_usize..12, 0..4)) {
        let whole = modelled(&kinds);
        let contracts = whole.files.iter().filter(|file| file.is_contract()).count();
        let mut rows = vec![row(&whole, "00", 0)];
        let mut ran: BTreeMap<usize, i64> = BTreeMap::new();
        let mut order = vec![0];
        let mut limits: Vec<usize> = cuts.into_iter().map(|cut| cut.min(kinds.len())).collect();
        limits.sort_unstable();
        // Each file that cannot wait costs a step of its own.
        let patience = limits.len() + 2 * whole.files.len() + contracts + 1;
        limits.resize(patience, kinds.len());
        for (deployment, limit) in limits.into_iter().enumerate() {
            let now = i64::try_from(deployment).unwrap() + 1;
            let to = |limit: usize| PendingOptions {
                limit: Limit::To(whole.files[limit].version.clone()),
                ..PendingOptions::default()
            };
            let result = match split_at(&whole, &rows, now, &to(limit)) {
                Err(Refusal::CannotWait { hindrances, before, file, .. }) => {
                    // All is on record, so that there is something in common.
                    let waits = whole.files.iter().position(|it| it.file_name == file).unwrap();
                    for hindrance in &hindrances {
                        let Hindrance::Common { file, .. } = hindrance else { panic!("{hindrance:?}") };
                        let behind = whole.files.iter().position(|it| it.file_name == *file).unwrap();
                        prop_assert!(behind > waits);
                        let common = whole.touches(&whole.files[waits]).unwrap().common(whole.touches(&whole.files[behind]).unwrap()).map(|it| it.len());
                        prop_assert!(common > Some(0));
                    }
                    // The way out that the refusal names.
                    let before = before.expect("its shim is made before it");
                    let position = whole.files.iter().position(|it| it.version == before).unwrap();
                    split_at(&whole, &rows, now, &to(position))
                }
                result => result,
            };
            let split = result.unwrap();
            let runs: Vec<usize> = split.steps.iter().map(|step| whole.files.iter().position(|it| it.version == step.file.version).unwrap()).collect();
            let waits: Vec<String> = split.deferred.iter().map(|it| it.step.file.version.to_string()).collect();
            for index in runs {
                for maker in makers(&whole, index) {
                    prop_assert!(ran.get(&maker).is_some_and(|at| *at < now), "{maker} and {index} in one");
                }
                prop_assert!(ran.insert(index, now).is_none(), "{index} twice");
                order.push(index);
                let version = whole.files[index].version.clone();
                rows.retain(|it| it.version != version);
                rows.push(row(&whole, version.as_str(), now));
            }
            for version in waits {
                rows.retain(|it| it.version.as_str() != version);
                rows.push(deferred(&whole, &version, now));
            }
            rows.sort_by(|one, other| one.version.cmp(&other.version));
        }
        prop_assert_eq!(ran.len(), kinds.len(), "{:?} of {:?}", ran, kinds);
        for (at, later) in order.iter().enumerate() {
            for earlier in &order[at + 1..] {
                let in_order = earlier > later || *later == 0 || {
                    let touched = |index: &usize| kinds[index - 1].touched();
                    touched(earlier).is_disjoint(&touched(later))
                };
                prop_assert!(in_order, "{later} ran before {earlier}: {kinds:?}");
            }
        }
    }
}
