//! Who may let a break pass: the label on the pull request, however it is known.

use integration_tests::http::{Answer, Request, TestServer};
use integration_tests::repository::{Ran, TestRepository};

/// A column that the previous release uses is dropped.
fn breaking() -> TestRepository {
    let repository = TestRepository::with_migrations(&[(
        "20260101000000_base.sql",
        "CREATE TABLE users (id bigint PRIMARY KEY, nickname text);\n",
    )]);
    repository.migration(
        "20260102000000_drop.sql",
        "SET LOCAL lock_timeout = '2s';\nALTER TABLE users DROP COLUMN nickname;\n",
    );
    repository.hash();
    repository
}

fn gate(repository: &TestRepository, arguments: &[&str]) -> Ran {
    let mut all = vec!["gate", "--json", "--no-rows"];
    all.extend(arguments);
    repository.migrate(&all)
}

#[track_caller]
fn check_approved(ran: &Ran, ground: &str) {
    let document = ran.json();
    assert_eq!(ran.code, 0, "{document:#}");
    assert_eq!(document["passed"], true);
    let finding = &document["findings"][0];
    assert_eq!(finding["standing"], "approved", "{document:#}");
    assert_eq!(finding["reason"], ground);
    assert_eq!(document["approval"]["reason"], ground);
    assert_eq!(document["approval"]["given"], true);
}

#[track_caller]
fn check_refused(ran: &Ran, reason: &str) {
    let document = ran.json();
    assert_eq!(ran.code, 10, "{document:#}");
    assert_eq!(
        document["findings"][0]["standing"], "approvable",
        "{document:#}"
    );
    let said = document["approval"]["reason"].as_str().unwrap();
    assert!(said.contains(reason), "{said}");
}

/// Writes the file of an event and names it in the environment.
fn event(repository: &mut TestRepository, name: &str, text: &str) {
    repository.write(".git/event.json", text);
    let path = repository.root().join(".git/event.json").into_string();
    repository.set("GITHUB_EVENT_NAME", name);
    repository.set("GITHUB_EVENT_PATH", path);
}

/// What GitHub writes when a label was put on a pull request.
fn labelled(number: u64, labels: &[&str]) -> String {
    let labels: Vec<_> = labels
        .iter()
        .map(|name| serde_json::json!({"id": 1, "name": name}))
        .collect();
    serde_json::json!({"action": "labeled", "number": number, "pull_request": {"number": number, "labels": labels}})
        .to_string()
}

#[test]
fn without_a_pull_request_there_is_no_approval() {
    check_refused(&gate(&breaking(), &[]), "there is no pull request");
}

#[test]
fn other_systems_give_the_label_by_a_flag() {
    let repository = breaking();
    check_approved(
        &gate(&repository, &["--approved-by-label", "migration-approved"]),
        "label `migration-approved`, given by --approved-by-label",
    );
    check_refused(
        &gate(&repository, &["--approved-by-label", "approved"]),
        "says `approved`, and the approval label is `migration-approved`",
    );
    repository.write("migrate.toml", "approval-label = \"dba-ok\"\n");
    check_refused(
        &gate(&repository, &["--approved-by-label", "migration-approved"]),
        "the approval label is `dba-ok`",
    );
    check_approved(
        &gate(&repository, &["--approved-by-label", "dba-ok"]),
        "label `dba-ok`, given by --approved-by-label",
    );
}

#[test]
fn the_event_file_of_a_pull_request_carries_its_labels() {
    let mut repository = breaking();
    let text = labelled(12, &["bug", "migration-approved"]);
    event(&mut repository, "pull_request", &text);
    let path = repository.root().join(".git/event.json");
    let ground =
        format!("label `migration-approved` on pull request #12, as the event file {path} says");
    check_approved(&gate(&repository, &[]), &ground);
    // A push has no pull request, whatever its file holds.
    event(&mut repository, "push", &text);
    check_refused(&gate(&repository, &[]), "there is no pull request");
    event(
        &mut repository,
        "pull_request",
        &labelled(12, &["migration-approved-not"]),
    );
    check_refused(
        &gate(&repository, &[]),
        "pull request #12 does not carry the label",
    );
    event(&mut repository, "push", r#"{"ref": "refs/heads/main"}"#);
    check_refused(&gate(&repository, &[]), "there is no pull request");
}

#[test]
fn an_event_file_that_is_none_is_an_error() {
    let mut repository = breaking();
    for text in [
        "",
        "[]",
        r#"{"pull_request": {"labels": []}}"#,
        r#"{"pull_request": 7}"#,
    ] {
        event(&mut repository, "pull_request", text);
        repository
            .migrate(&["gate"])
            .ends(3, &["event.json", "is not what GitHub writes"]);
    }
    repository.set("GITHUB_EVENT_PATH", "/nowhere/event.json");
    repository
        .migrate(&["lint"])
        .ends(3, &["/nowhere/event.json", "cannot be read"]);
}

/// A GitHub with pull request 12 and these labels.
fn github(labels: &'static [&'static str]) -> TestServer {
    TestServer::start(move |request: &Request, _| -> Answer {
        let body = match request.path.as_str() {
            "/repos/acme/shop/pulls/12" => "{}".to_owned(),
            "/repos/acme/shop/issues/12/labels?per_page=100&page=1" => {
                let labels = labels.iter().map(|name| serde_json::json!({"name": name}));
                labels.collect::<serde_json::Value>().to_string()
            }
            _ => return (404, Vec::new(), "{}".to_owned()),
        };
        (200, Vec::new(), body)
    })
}

fn on(server: &TestServer, repository: &mut TestRepository) {
    repository.set("GITHUB_API_URL", server.url());
    repository.set("GITHUB_REPOSITORY", "acme/shop");
}

#[test]
fn a_number_is_enough_where_github_can_be_asked() {
    let server = github(&["migration-approved"]);
    let mut repository = breaking();
    on(&server, &mut repository);
    check_approved(
        &gate(&repository, &["--pull-request", "12"]),
        "label `migration-approved` on pull request #12, as GitHub says",
    );
    // An issue of that number approves nothing.
    check_refused(
        &gate(&repository, &["--pull-request", "13"]),
        "GitHub knows no pull request #13 in acme/shop",
    );
    repository.set("GITHUB_API_URL", "http://127.0.0.1:1");
    check_refused(
        &gate(&repository, &["--pull-request", "12"]),
        "cannot be reached",
    );
    repository.set("GITHUB_REPOSITORY", "");
    check_refused(
        &gate(&repository, &["--pull-request", "12"]),
        "which repository",
    );
}

#[test]
fn with_a_token_the_labels_of_now_count_and_not_those_of_the_event() {
    let mut repository = breaking();
    repository.set("GITHUB_TOKEN", "secret");
    on(&github(&["bug"]), &mut repository);
    event(
        &mut repository,
        "pull_request",
        &labelled(12, &["migration-approved"]),
    );
    check_refused(&gate(&repository, &[]), "does not carry the label");
    on(&github(&["migration-approved"]), &mut repository);
    event(&mut repository, "pull_request", &labelled(12, &[]));
    check_approved(
        &gate(&repository, &[]),
        "label `migration-approved` on pull request #12, as GitHub says",
    );
    // Labels that cannot be read anew do not count.
    event(
        &mut repository,
        "pull_request",
        &labelled(12, &["migration-approved"]),
    );
    repository.set("GITHUB_API_URL", "http://127.0.0.1:1");
    check_refused(&gate(&repository, &[]), "could not be read");
}

#[test]
fn nobody_is_asked_where_nothing_breaks() {
    let server = github(&[]);
    let mut repository = TestRepository::with_migrations(&[(
        "20260101000000_base.sql",
        "CREATE TABLE users (id bigint PRIMARY KEY);\n",
    )]);
    on(&server, &mut repository);
    let ran = gate(&repository, &["--pull-request", "12"]).ends(0, &[]);
    assert!(ran.json()["approval"].is_null());
    assert_eq!(server.requests(), []);
}
