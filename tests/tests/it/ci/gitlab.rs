//! The job for GitLab, on merge requests and pushes that are variables.

use integration_tests::repository::{Ran, TestRepository};
use serde_yaml_ng::Value;

use super::runner::checkout;
use super::{origin, with_email, without_nickname};

/// The job, run in a clone: its variables, then its scripts in one shell, as a runner does.
fn job(clone: &TestRepository, given: &[(&str, &str)]) -> Ran {
    let document: Value = serde_yaml_ng::from_str(&clone.read(".gitlab/migrations.yml")).unwrap();
    let job = &document["migrations"];
    let mut script = String::from("set -eo pipefail\n");
    for part in ["before_script", "script"] {
        for line in job[part].as_sequence().unwrap() {
            script.push_str(line.as_str().unwrap());
            script.push('\n');
        }
    }
    let mut command = clone.command("bash");
    command
        .args(["-c", &script])
        .env("CI", "true")
        .env("CI_PROJECT_DIR", clone.root());
    for (name, value) in job["variables"].as_mapping().unwrap() {
        let name = name.as_str().unwrap();
        // The database of the service is one of our own here, and cargo is that of the test.
        if !["CARGO_MIGRATE_DEV_URL", "CARGO_HOME"].contains(&name) {
            command.env(name, value.as_str().unwrap());
        }
    }
    Ran::of(command.envs(given.iter().copied()))
}

fn with_job(name: &str) -> TestRepository {
    let origin = origin(name);
    origin.git(&["checkout", "-q", "main"]);
    origin
        .migrate(&["ci", "init", "gitlab"])
        .ends(0, &[".gitlab/migrations.yml", ".gitlab-ci.yml"]);
    origin.commit("job");
    origin.git(&["checkout", "-q", "work"]);
    origin.git(&["merge", "-q", "main"]);
    origin
}

const MERGE: [(&str, &str); 2] = [
    ("CI_PIPELINE_SOURCE", "merge_request_event"),
    ("CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "main"),
];

/// A clone as GitLab makes it: the commit alone, no branches.
fn cloned(origin: &TestRepository, name: &str) -> TestRepository {
    let clone = checkout(origin, name, "origin/work");
    for branch in ["main", "work"] {
        clone.git(&["update-ref", "-d", &format!("refs/remotes/origin/{branch}")]);
    }
    clone.git(&["branch", "-qD", "work"]);
    clone
}

#[test]
fn a_merge_request_is_checked_and_its_label_counts() {
    let name = "ci-lab";
    let origin = with_job(name);
    origin.write("src/lib.rs", without_nickname());
    job(&cloned(&origin, name), &MERGE).ends(0, &[]);
    origin.commit("struct only");
    job(&cloned(&origin, name), &MERGE).ends(4, &["nickname"]);
    origin
        .migrate(&["generate", "drop", "--drop", "users.nickname"])
        .ends(0, &[]);
    origin.migrate(&["gate"]).ends(10, &["N001"]);
    origin.commit("migration");
    let clone = cloned(&origin, name);
    job(&clone, &MERGE).ends(10, &["N001"]);
    let labelled = |labels| {
        job(
            &clone,
            &[&MERGE[..], &[("CI_MERGE_REQUEST_LABELS", labels)]].concat(),
        )
    };
    labelled("bug,not-migration-approved").ends(10, &["N001"]);
    labelled("bug,migration-approved,x").ends(0, &[]);
}

#[test]
fn a_push_is_compared_with_what_was_there() {
    let name = "ci-lab-push";
    let origin = with_job(name);
    let before = origin.git(&["rev-parse", "work"]);
    let file = origin.git(&["ls-files", "migrations/*.sql"]);
    origin.write("src/lib.rs", with_email());
    origin.write(&file, "SELECT 1;\n");
    origin.hash();
    origin.commit("edited");
    let clone = cloned(&origin, name);
    let push = [
        ("CI_PIPELINE_SOURCE", "push"),
        ("CI_COMMIT_BEFORE_SHA", before.as_str()),
    ];
    let ran = job(&clone, &push);
    assert!(ran.out.contains("H002"), "{}\n{}", ran.out, ran.err);
    assert_ne!(ran.code, 0);
}
