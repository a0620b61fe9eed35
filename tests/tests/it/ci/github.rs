//! The workflow for GitHub, on pull requests and pushes that are files.

use std::sync::{Arc, Mutex};

use integration_tests::http::{Answer, Request, TestServer};
use integration_tests::repository::{Ran, TestRepository};
use serde_json::{Value, json};

use super::runner::{Contexts, checkout, merge, run};
use super::{origin, with_email, without_nickname};

/// Where the workflow is.
const FILE: &str = ".github/workflows/migrations.yml";

/// What GitHub knows: labels and comments of pull request 12, and that issue 7 is closed.
#[derive(Clone, Debug, Default)]
pub(super) struct GitHub {
    labels: Arc<Mutex<Vec<String>>>,
    comments: Arc<Mutex<Vec<String>>>,
}

impl GitHub {
    pub(super) fn start(&self) -> TestServer {
        let github = self.clone();
        TestServer::start(move |request, _| github.answer(request))
    }

    pub(super) fn label(&self, name: &str) {
        self.labels.lock().unwrap().push(name.to_owned());
    }

    fn comments(&self) -> Vec<String> {
        self.comments.lock().unwrap().clone()
    }

    fn answer(&self, request: &Request) -> Answer {
        let mut comments = self.comments.lock().unwrap();
        let body = || {
            let body: Value = serde_json::from_str(&request.body).unwrap();
            body["body"].as_str().unwrap().to_owned()
        };
        let path = request.path.strip_prefix("/repos/acme/shop/");
        let answer = match (request.method.as_str(), path.unwrap_or_default()) {
            ("GET", "pulls/12") => json!({"number": 12}),
            ("GET", "issues/7") => json!({"number": 7, "state": "closed", "title": "old names"}),
            ("GET", "issues/12/labels?per_page=100&page=1") => {
                let labels = self.labels.lock().unwrap();
                labels.iter().map(|name| json!({"name": name})).collect()
            }
            ("GET", "issues/12/comments?per_page=100&page=1") => {
                let all = comments.iter().enumerate();
                all.map(|(id, body)| json!({"id": id, "body": body}))
                    .collect()
            }
            ("POST", "issues/12/comments") => {
                comments.push(body());
                json!({"id": comments.len() - 1})
            }
            ("PATCH", path) if path.starts_with("issues/comments/") => {
                let id: usize = path.rsplit('/').next().unwrap().parse().unwrap();
                comments[id] = body();
                json!({"id": id})
            }
            _ => return (404, Vec::new(), json!({"message": "Not Found"}).to_string()),
        };
        (200, Vec::new(), answer.to_string())
    }
}

/// An event as a runner gives it: its name, its file, and what else it sets.
pub(super) fn event(
    clone: &mut TestRepository,
    server: &TestServer,
    name: &str,
    event: &Value,
) -> Contexts {
    clone.write(".git/event.json", event.to_string());
    let path = clone.root().join(".git/event.json").into_string();
    clone.set("CI", "true");
    clone.set("GITHUB_ACTIONS", "true");
    clone.set("GITHUB_EVENT_NAME", name);
    clone.set("GITHUB_EVENT_PATH", path);
    clone.set("GITHUB_REPOSITORY", "acme/shop");
    clone.set("GITHUB_API_URL", server.url());
    clone.set(
        "GITHUB_BASE_REF",
        event["pull_request"]["base"]["ref"]
            .as_str()
            .unwrap_or_default(),
    );
    let values = json!({
        "github": {"event": event, "event_name": name, "token": "secret", "repository": "acme/shop"},
        "inputs": {},
        "runner": {"os": "Linux"},
    });
    Contexts { values }
}

/// Pull request 12 of a repository, into a branch.
pub(super) fn pull_request(base: &str, head: &str) -> Value {
    json!({
        "action": "synchronize",
        "number": 12,
        "pull_request": {
            "number": 12,
            "labels": [],
            "base": {"ref": base},
            "head": {"repo": {"full_name": head}},
        },
    })
}

/// The workflow on `main`, as `ci init` has written it.
fn with_workflow(name: &str) -> TestRepository {
    let origin = origin(name);
    origin.git(&["checkout", "-q", "main"]);
    origin
        .migrate(&["ci", "init", "github"])
        .ends(0, &["Written"]);
    origin.commit("workflow");
    origin.git(&["checkout", "-q", "work"]);
    origin.git(&["merge", "-q", "main"]);
    origin
}

/// The job of the workflow, run in a clone.
fn job(clone: &TestRepository, contexts: &Contexts) -> Ran {
    let workflow: serde_yaml_ng::Value = serde_yaml_ng::from_str(&clone.read(FILE)).unwrap();
    let job = &workflow["jobs"]["migrations"];
    run(clone, &job["steps"], job, contexts)
}

/// The workflow for the pull request of branch `work`.
fn on_pull_request(origin: &TestRepository, name: &str, github: &GitHub) -> Ran {
    let mut clone = checkout(origin, name, "origin/main");
    merge(&clone, "main", "work");
    let server = github.start();
    let contexts = event(
        &mut clone,
        &server,
        "pull_request",
        &pull_request("main", "acme/shop"),
    );
    job(&clone, &contexts)
}

/// Writes what a branch changes, and the migration for it.
fn generated(origin: &TestRepository, schema: &str, arguments: &[&str]) {
    origin.write("src/lib.rs", schema);
    origin
        .migrate(&[&["generate"], arguments].concat())
        .ends(0, &[]);
    origin.commit("change");
}

#[test]
fn a_pull_request_in_order_passes_with_one_comment() {
    let name = "ci-clean";
    let origin = with_workflow(name);
    generated(&origin, &with_email(), &["email"]);
    // What files touch is on record from the first run on.
    origin.migrate(&["gate"]).ends(0, &[]);
    origin.commit("record");
    let github = GitHub::default();
    on_pull_request(&origin, name, &github).ends(0, &[]);
    let first = github.comments();
    assert_eq!(first.len(), 1, "{first:?}");
    assert!(first[0].contains('✅'), "{}", first[0]);
    // Labels start the workflow again: the comment is kept up to date.
    origin.write("src/lib.rs", super::SCHEMA);
    origin.commit("struct only");
    on_pull_request(&origin, name, &github).ends(4, &[]);
    let second = github.comments();
    assert_eq!(second.len(), 1, "{second:?}");
    assert_ne!(first, second);
    assert!(second[0].contains("email"), "{}", second[0]);
}

#[test]
fn a_struct_without_a_migration_is_annotated() {
    let name = "ci-struct";
    let origin = with_workflow(name);
    origin.write("src/lib.rs", with_email());
    origin.commit("struct only");
    let ran = on_pull_request(&origin, name, &GitHub::default()).ends(4, &["email"]);
    assert!(
        ran.out
            .lines()
            .any(|line| line.starts_with("::error file=src/lib.rs,")),
        "{}",
        ran.out
    );
}

#[test]
fn a_broken_chain_fails() {
    let name = "ci-chain";
    let origin = with_workflow(name);
    origin.migration("20990101000000_unhashed.sql", "SELECT 1;\n");
    origin.commit("unhashed");
    let ran = on_pull_request(&origin, name, &GitHub::default()).ends(11, &[]);
    assert!(ran.out.contains("::error file=migrations/"), "{}", ran.out);
    assert!(
        ran.out.contains("20990101000000_unhashed.sql"),
        "{}",
        ran.out
    );
}

#[test]
fn history_that_was_edited_fails_though_the_sum_agrees() {
    let name = "ci-history";
    let origin = with_workflow(name);
    let file = origin.git(&["ls-files", "migrations/*.sql"]);
    origin.write(&file, format!("{}\n-- edited\n", origin.read(&file)));
    origin.hash();
    origin.commit("edited");
    on_pull_request(&origin, name, &GitHub::default()).ends(10, &["H002", &file]);
}

#[test]
fn what_breaks_the_previous_release_needs_the_label() {
    let name = "ci-break";
    let origin = with_workflow(name);
    generated(
        &origin,
        &without_nickname(),
        &["drop_nickname", "--drop", "users.nickname"],
    );
    origin.migrate(&["gate"]).ends(10, &["N001"]);
    origin.commit("record");
    let github = GitHub::default();
    on_pull_request(&origin, name, &github).ends(10, &["nickname"]);
    github.label("migration-approved");
    let ran = on_pull_request(&origin, name, &github);
    // The linter's own opinion of a drop is no question of approval.
    assert!(
        !ran.out
            .lines()
            .any(|line| line.starts_with("::error") && line.contains("N001")),
        "{}",
        ran.out
    );
    assert_eq!(github.comments().len(), 1);
    assert_eq!(ran.code, 0, "{}\n{}", ran.out, ran.err);
}

#[test]
fn a_shim_whose_issue_is_closed_fails() {
    let name = "ci-issue";
    let origin = with_workflow(name);
    let renamed = super::SCHEMA.replace(
        "name = \"users\"",
        "name = \"people\", renamed_from = \"users\"",
    );
    generated(&origin, &renamed, &["people", "--drop-with", "#7"]);
    origin.migrate(&["gate", "--issues", "none"]).ends(0, &[]);
    origin.commit("record");
    on_pull_request(&origin, name, &GitHub::default()).ends(10, &["G001", "issue #7 is closed"]);
}

#[test]
fn a_fork_gets_no_comment() {
    let name = "ci-fork";
    let origin = with_workflow(name);
    let mut clone = checkout(&origin, name, "origin/main");
    merge(&clone, "main", "work");
    let github = GitHub::default();
    let server = github.start();
    let contexts = event(
        &mut clone,
        &server,
        "pull_request",
        &pull_request("main", "eve/shop"),
    );
    job(&clone, &contexts).ends(0, &[]);
    assert!(github.comments().is_empty());
}

#[test]
fn a_push_to_the_base_branch_is_compared_with_what_was_there() {
    let name = "ci-push";
    let origin = with_workflow(name);
    let before = origin.git(&["rev-parse", "main"]);
    let file = origin.git(&["ls-files", "migrations/*.sql"]);
    origin.git(&["checkout", "-q", "main"]);
    origin.write(&file, format!("{}\n-- edited\n", origin.read(&file)));
    origin.hash();
    origin.commit("edited");
    let mut clone = checkout(&origin, name, "origin/main");
    let server = GitHub::default().start();
    let contexts = event(
        &mut clone,
        &server,
        "push",
        &json!({"ref": "refs/heads/main", "before": before}),
    );
    job(&clone, &contexts).ends(10, &["H002"]);
    // A branch that is new has no commit before it.
    let zero = "0".repeat(40);
    let contexts = event(
        &mut clone,
        &server,
        "push",
        &json!({"ref": "refs/heads/main", "before": zero}),
    );
    job(&clone, &contexts).ends(0, &[]);
}

#[test]
fn another_workflow_may_call_it_for_a_folder_and_a_base() {
    let name = "ci-call";
    let mut origin = TestRepository::new();
    integration_tests::package::package_in(&mut origin, "services/shop", name, super::SCHEMA);
    let manifest = ["--manifest-path", "services/shop/Cargo.toml"];
    let migrate = |arguments: &[&str]| origin.migrate(&[arguments, &manifest].concat());
    migrate(&["generate", "base"]).ends(0, &[]);
    migrate(&["ci", "init", "github"]).ends(0, &[]);
    origin.commit("base");
    origin.git(&["branch", "release"]);
    origin.write("services/shop/src/lib.rs", with_email());
    origin.commit("struct only");
    let mut clone = checkout(&origin, name, "origin/main");
    let server = GitHub::default().start();
    let mut contexts = event(&mut clone, &server, "workflow_dispatch", &json!({}));
    // The folder is that of the project, where nobody says another.
    contexts.values["inputs"] = json!({"base": "origin/release", "args": "--no-rows"});
    job(&clone, &contexts).ends(4, &["services/shop/src/lib.rs", "email"]);
    contexts.values["inputs"] = json!({"working-directory": "services", "base": "origin/release"});
    assert_ne!(job(&clone, &contexts).code, 4);
}

#[test]
fn the_program_is_installed_where_it_is_not_there_in_this_version() {
    let name = "ci-install";
    let origin = with_workflow(name);
    let mut clone = checkout(&origin, name, "origin/main");
    // A cargo that only tells what it is asked for.
    let bin = clone.root().join(".git/bin");
    super::super::hooks::script(
        &clone,
        ".git/bin/cargo",
        "#!/bin/sh\necho \"$@\" >>\"$(dirname \"$0\")/asked\"\n",
    );
    clone.set("PATH", format!("{bin}:/usr/bin:/bin"));
    let server = GitHub::default().start();
    let mut contexts = event(
        &mut clone,
        &server,
        "pull_request",
        &pull_request("main", "acme/shop"),
    );
    contexts.values["inputs"] = json!({"version": "9.9.9"});
    job(&clone, &contexts).ends(0, &[]);
    let asked = clone.read(".git/bin/asked");
    let lines: Vec<&str> = asked.lines().collect();
    assert_eq!(
        lines,
        [
            "install --locked --force cargo-migrate --version 9.9.9",
            "migrate check --all --base origin/main --format github --issues github --check-record --comment",
        ]
    );
}
