//! `ci init`: what it writes, and what it leaves alone.

use integration_tests::repository::TestRepository;
use serde_yaml_ng::Value;

const GITHUB: &str = ".github/workflows/migrations.yml";

fn yaml(repository: &TestRepository, path: &str) -> Value {
    serde_yaml_ng::from_str(&repository.read(path)).unwrap()
}

#[test]
fn a_file_that_is_there_stays() {
    let repository = TestRepository::new();
    let ran = repository
        .migrate(&["ci", "init", "github", "--dry-run"])
        .ends(0, &["nothing was written"]);
    assert!(!repository.root().join(GITHUB).exists());
    repository
        .migrate(&["ci", "init", "github"])
        .ends(0, &["Written"]);
    assert_eq!(repository.read(GITHUB), ran.out);
    repository
        .migrate(&["ci", "init", "github"])
        .ends(0, &["Unchanged"]);
    repository.write(GITHUB, "name: ours\n");
    repository
        .migrate(&["ci", "init", "github"])
        .ends(2, &["is there already", "--force", "--dry-run"]);
    assert_eq!(repository.read(GITHUB), "name: ours\n");
    repository
        .migrate(&["ci", "init", "github", "--force"])
        .ends(0, &[]);
    assert_eq!(repository.read(GITHUB), ran.out);
}

#[test]
fn the_configuration_is_in_it() {
    let repository = TestRepository::new();
    repository.write("services/shop/Cargo.toml", "[package]\nname = \"x\"\n");
    repository.write(
        "services/shop/migrate.toml",
        "dir = \"db\"\nbase-branch = \"trunk\"\napproval-label = \"dba-ok\"\npostgres-version = 17\nissues = \"none\"\n",
    );
    let manifest = ["--manifest-path", "services/shop/Cargo.toml"];
    for system in ["github", "gitlab"] {
        repository
            .migrate(&[&["ci", "init", system], &manifest[..]].concat())
            .ends(0, &[]);
    }
    let workflow = yaml(&repository, GITHUB);
    // YAML 1.1 would read `on` as true; this parser and GitHub's do not.
    assert_eq!(workflow["on"]["push"]["branches"][0], "trunk");
    let paths = workflow["on"]["pull_request"]["paths"]
        .as_sequence()
        .unwrap();
    for path in [
        "services/shop/db/**",
        "**/*.rs",
        "services/shop/migrate.toml",
        GITHUB,
    ] {
        assert!(paths.contains(&path.into()), "no {path} in {paths:?}");
    }
    let types = workflow["on"]["pull_request"]["types"]
        .as_sequence()
        .unwrap();
    assert!(types.contains(&"labeled".into()) && types.contains(&"unlabeled".into()));
    let inputs = &workflow["on"]["workflow_call"]["inputs"];
    assert_eq!(inputs["working-directory"]["default"], "services/shop");
    assert_eq!(workflow["permissions"]["contents"], "read");
    let steps = workflow["jobs"]["migrations"]["steps"]
        .as_sequence()
        .unwrap();
    assert!(
        steps
            .iter()
            .any(|step| step["run"] == "cargo migrate dev install 17")
    );
    let check = steps.last().unwrap()["run"].as_str().unwrap();
    assert!(!check.contains("--issues"), "{check}");
    assert!(repository.read(GITHUB).contains("dba-ok"));

    let job = yaml(&repository, ".gitlab/migrations.yml");
    let job = &job["migrations"];
    assert_eq!(job["services"][0], "postgres:17");
    assert_eq!(job["variables"]["PROJECT"], "services/shop");
    let script = job["script"][0].as_str().unwrap();
    assert!(
        script.contains("*,dba-ok,*) set -- \"$@\" --approved-by-label dba-ok"),
        "{script}"
    );
    assert!(
        job["rules"][1]["if"]
            .as_str()
            .unwrap()
            .contains("\"trunk\"")
    );
}

#[test]
fn what_means_something_in_a_shell_is_refused() {
    let repository = TestRepository::new();
    repository.write("migrate.toml", "approval-label = \"ok; rm -rf /\"\n");
    repository
        .migrate(&["ci", "init", "gitlab"])
        .ends(3, &["the approval label `ok; rm -rf /`"]);
}

#[test]
fn the_file_of_gitlab_includes_ours() {
    let repository = TestRepository::new();
    let text = "# ours\nstages: [test]\n\nlint:\n  script: [\"true\"] # all";
    repository.write(".gitlab-ci.yml", text);
    repository.migrate(&["ci", "init", "gitlab"]).ends(0, &[]);
    let with = repository.read(".gitlab-ci.yml");
    assert!(with.starts_with(text));
    let document = yaml(&repository, ".gitlab-ci.yml");
    assert_eq!(document["include"][0]["local"], ".gitlab/migrations.yml");
    assert_eq!(document["lint"]["script"][0], "true");
    repository
        .migrate(&["ci", "init", "gitlab"])
        .ends(0, &["Unchanged"]);
    repository.write(".gitlab-ci.yml", "include: other.yml\n");
    repository
        .migrate(&["ci", "init", "gitlab"])
        .ends(0, &["is not edited", "- local: .gitlab/migrations.yml"]);
    assert_eq!(repository.read(".gitlab-ci.yml"), "include: other.yml\n");
}
