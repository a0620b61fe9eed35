//! `action.yml` of this repository, run step by step.

use integration_tests::repository::{Ran, TestRepository};
use serde_json::json;
use serde_yaml_ng::Value;

use super::github::{GitHub, event, pull_request};
use super::runner::{Contexts, checkout, merge, run};
use super::{origin, with_email};

fn action() -> Value {
    let root = camino::Utf8Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap();
    serde_yaml_ng::from_str(&fs_err::read_to_string(root.join("action.yml")).unwrap()).unwrap()
}

/// The action with these inputs, and its defaults for the rest.
fn act(clone: &TestRepository, mut contexts: Contexts, given: &[(&str, &str)]) -> Ran {
    let action = action();
    assert_eq!(action["runs"]["using"], "composite");
    for (name, input) in action["inputs"].as_mapping().unwrap() {
        let name = name.as_str().unwrap();
        let default = contexts.expand(input["default"].as_str().unwrap());
        contexts.values["inputs"][name] = json!(default);
    }
    for (name, value) in given {
        assert!(
            contexts.values["inputs"].get(name).is_some(),
            "no input {name}"
        );
        contexts.values["inputs"][name] = json!(value);
    }
    run(clone, &action["runs"]["steps"], &Value::Null, &contexts)
}

#[test]
fn the_action_checks_a_pull_request() {
    let name = "ci-action";
    let version = env!("CARGO_PKG_VERSION");
    let origin = origin(name);
    origin.write("src/lib.rs", with_email());
    origin.commit("struct only");
    let mut clone = checkout(&origin, name, "origin/main");
    merge(&clone, "main", "work");
    let server = GitHub::default().start();
    let contexts = event(
        &mut clone,
        &server,
        "pull_request",
        &pull_request("main", "acme/shop"),
    );
    // The version that is there is taken.
    let given = [("version", version)];
    act(&clone, contexts.clone(), &given).ends(4, &["::error file=src/lib.rs,", "email"]);
    // Any other command, with what belongs to it.
    let given = [("version", version), ("command", "validate"), ("args", "")];
    act(&clone, contexts.clone(), &given).ends(0, &["Intact"]);
    let given = [
        ("version", version),
        ("command", "lint"),
        ("args", "--format github"),
    ];
    act(&clone, contexts.clone(), &given).ends(0, &[]);
    let given = [("version", version), ("command", "check"), ("args", "")];
    act(&clone, contexts, &given).ends(4, &["email"]);
}

#[test]
fn the_action_installs_itself() {
    let name = "ci-action-install";
    let origin = origin(name);
    let mut clone = checkout(&origin, name, "origin/main");
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
        "push",
        &json!({"before": "origin/main"}),
    );
    contexts.values["github"]["action_path"] = json!("/action");
    act(&clone, contexts.clone(), &[]).ends(0, &[]);
    act(
        &clone,
        contexts,
        &[("version", "1.2.3"), ("command", "validate"), ("args", "")],
    )
    .ends(0, &[]);
    assert_eq!(
        clone.read(".git/bin/asked"),
        "install --locked --force --quiet --path /action/migrator-cli\n\
         migrate check --base origin/main --all --format github\n\
         install --locked --force --quiet cargo-migrate --version 1.2.3\n\
         migrate validate\n"
    );
}
