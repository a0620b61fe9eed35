//! The issues of live shims: a list in a file, and GitHub on the loopback address.

use integration_tests::http::{Answer, Request, TestServer};
use integration_tests::repository::{Ran, TestRepository};

const SHIM: &str = "20260101000000_rename.sql";

/// A live shim that goes with issue 12, and nothing new.
fn shimmed() -> TestRepository {
    TestRepository::with_migrations(&[(
        SHIM,
        "-- migrate:n-1-shim: users drop-with #12\n\nCREATE TABLE people (id bigint);\nCREATE VIEW users AS SELECT id FROM people;\n",
    )])
}

fn gate(repository: &TestRepository, arguments: &[&str]) -> Ran {
    let mut all = vec!["gate", "--json"];
    all.extend(arguments);
    repository.migrate(&all)
}

/// The gate fails for this code alone, at the directive, and says these things.
#[track_caller]
fn check_fails(ran: &Ran, code: &str, with: &[&str]) {
    let document = ran.json();
    assert_eq!(
        (ran.code, ran.codes()),
        (10, vec![code.to_owned()]),
        "{document:#}"
    );
    let finding = &document["findings"][0];
    let place = &finding["places"][0];
    assert_eq!(place["file"], format!("migrations/{SHIM}"));
    assert_eq!(place["line"], 1);
    let text = finding.to_string();
    for part in with {
        assert!(text.contains(part), "no `{part}` in {document:#}");
    }
}

fn json(status: u16, body: &str) -> Answer {
    (status, Vec::new(), body.to_owned())
}

/// The gate in a repository on a GitHub that answers like this.
fn on_github(answer: impl Fn(&Request, usize) -> Answer + Send + 'static) -> (TestServer, Ran) {
    let server = TestServer::start(answer);
    let mut repository = shimmed();
    repository.set("GITHUB_API_URL", server.url());
    repository.set("GITHUB_REPOSITORY", "acme/shop");
    repository.set("GITHUB_TOKEN", "secret");
    let ran = gate(&repository, &["--issues", "github"]);
    (server, ran)
}

#[test]
fn a_list_says_which_issues_are_open() {
    let repository = shimmed();
    let issues = |text: &str| {
        repository.write("issues.txt", text);
        gate(&repository, &["--issues", "file:issues.txt"])
    };
    let ran = issues("# ours\n\n11 closed\n#12 open drop the view users\n").ends(0, &[]);
    assert_eq!(
        ran.json()["shims"],
        serde_json::json!([{"old": "public.users", "issue": "12", "state": "open", "file": format!("migrations/{SHIM}"), "line": 1}])
    );
    issues("{\"12\": \"open\"}").ends(0, &[]);
    check_fails(
        &issues("12 closed"),
        "G001",
        &[
            "issue #12 is closed",
            "cargo migrate generate",
            "--contract '#12'",
        ],
    );
    check_fails(&issues("{\"12\": \"closed\"}"), "G001", &[]);
    check_fails(
        &issues("1 open"),
        "G002",
        &["issues.txt knows no issue #12"],
    );
    check_fails(&issues("12 opne"), "G003", &["issues.txt:1: `12 opne`"]);
    check_fails(&issues("twelve open"), "G003", &["`twelve open`"]);
    check_fails(&issues("12\n"), "G003", &[]);
    check_fails(
        &issues("12 open\n12 closed"),
        "G003",
        &["both open and closed"],
    );
    check_fails(&issues("{\"12\": "), "G003", &["no JSON object"]);
    check_fails(
        &gate(&repository, &["--issues", "file:gone.txt"]),
        "G003",
        &["`gone.txt` cannot be read"],
    );
}

#[test]
fn without_a_tracker_a_live_shim_is_a_finding_unless_that_is_said() {
    let repository = shimmed();
    check_fails(&gate(&repository, &[]), "G006", &["issues = "]);
    gate(&repository, &["--issues", "none"]).ends(0, &[]);
    repository.write("migrate.toml", "issues = \"none\"\n");
    gate(&repository, &[]).ends(0, &[]);
    repository.write("migrate.toml", "issues = \"jira\"\n");
    repository
        .migrate(&["gate"])
        .ends(3, &["`jira` is no place for issues"]);
    repository
        .migrate(&["gate", "--issues", "file:"])
        .ends(2, &["`file:` is no place for issues"]);
}

#[test]
fn a_shim_that_was_dropped_needs_no_issue() {
    let repository = shimmed();
    repository.migration(
        "20260102000000_contract.sql",
        "-- migrate:n-1-shim-drop: users\n\nDROP VIEW users;\n",
    );
    repository.hash();
    repository.commit("contract");
    let ran = gate(
        &repository,
        &["--base", "work", "--issues", "file:gone.txt"],
    )
    .ends(0, &[]);
    assert_eq!(ran.json()["shims"], serde_json::json!([]));
}

#[test]
fn an_open_issue_on_github_lets_the_shim_live() {
    let (server, ran) = on_github(|_, _| json(200, r#"{"state": "open", "title": "x"}"#));
    ran.ends(0, &[]);
    let requests = server.requests();
    assert_eq!(requests.len(), 1, "one request an issue: {requests:?}");
    assert_eq!(requests[0].path, "/repos/acme/shop/issues/12");
    let token = "authorization: Bearer secret".to_owned();
    assert!(requests[0].headers.contains(&token), "{requests:?}");
}

#[test]
fn each_answer_of_github_has_its_own_message() {
    let cases: [(u16, &str, &str, &str); 8] = [
        (200, r#"{"state": "closed"}"#, "G001", "issue #12 is closed"),
        (404, "{}", "G002", "GitHub knows no issue #12"),
        (410, "{}", "G002", "GitHub knows no issue #12"),
        (
            200,
            r#"{"state": "open", "pull_request": {"url": "x"}}"#,
            "G004",
            "is a pull request and not an issue",
        ),
        (401, "{}", "G003", "does not accept the token"),
        (
            403,
            r#"{"message": "Resource not accessible by integration"}"#,
            "G003",
            "Resource not accessible by integration",
        ),
        (200, "<html>", "G003", "cannot be read"),
        (
            200,
            r#"{"state": "frozen"}"#,
            "G003",
            "its state is `frozen`",
        ),
    ];
    for (status, body, code, message) in cases {
        let (server, ran) = on_github(move |_, _| json(status, body));
        check_fails(&ran, code, &[message]);
        assert_eq!(server.requests().len(), 1, "{status} is not asked again");
    }
}

#[test]
fn a_server_that_fails_is_asked_again_and_then_given_up() {
    let (server, ran) = on_github(|_, _| json(502, "oops"));
    check_fails(&ran, "G003", &["GitHub answers 502"]);
    assert_eq!(server.requests().len(), 3);
    let (server, ran) = on_github(|_, before| match before {
        0 => json(503, ""),
        _ => json(200, r#"{"state": "open"}"#),
    });
    ran.ends(0, &[]);
    assert_eq!(server.requests().len(), 2);
}

#[test]
fn a_rate_limit_is_waited_for_as_long_as_github_asks_if_that_is_short() {
    let limited =
        |seconds: &str| -> Answer { (429, vec![format!("retry-after: {seconds}")], String::new()) };
    let (server, ran) = on_github(move |_, before| match before {
        0 => limited("0"),
        _ => json(200, r#"{"state": "open"}"#),
    });
    ran.ends(0, &[]);
    assert_eq!(server.requests().len(), 2);
    let (server, ran) = on_github(move |_, _| limited("3600"));
    check_fails(&ran, "G003", &["rate limit", "GITHUB_TOKEN"]);
    assert_eq!(server.requests().len(), 1, "an hour is too long");
    let used_up = vec!["x-ratelimit-remaining: 0".to_owned()];
    let (_, ran) = on_github(move |_, _| (403, used_up.clone(), String::new()));
    check_fails(&ran, "G003", &["rate limit"]);
}

#[test]
fn a_github_that_cannot_be_reached_is_a_refusal() {
    let mut repository = shimmed();
    repository.set("GITHUB_REPOSITORY", "acme/shop");
    // Nobody listens on port 1.
    repository.write(
        "migrate.toml",
        "issues = \"github\"\ngithub-api-url = \"http://127.0.0.1:1\"\n",
    );
    check_fails(
        &gate(&repository, &[]),
        "G003",
        &["http://127.0.0.1:1 cannot be reached"],
    );
    repository.set("GITHUB_REPOSITORY", "shop");
    check_fails(
        &gate(&repository, &[]),
        "G003",
        &["`shop` is no repository"],
    );
    repository.set("GITHUB_REPOSITORY", "acme/../shop");
    check_fails(&gate(&repository, &[]), "G003", &["is no repository"]);
    repository.set("GITHUB_REPOSITORY", "");
    check_fails(
        &gate(&repository, &[]),
        "G003",
        &["which repository", "owner/name"],
    );
}

#[test]
fn the_linter_does_not_ask_for_issues() {
    shimmed().migrate(&["lint"]).ends(0, &[]);
}
