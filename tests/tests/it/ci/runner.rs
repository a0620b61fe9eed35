//! What a runner of GitHub does with the steps of a job, as far as our workflows need it.

use std::collections::BTreeMap;

use integration_tests::repository::{Ran, TestRepository};
use serde_yaml_ng::Value;

/// What expressions see.
#[derive(Clone, Debug)]
pub(crate) struct Contexts {
    /// `github`, `inputs`, `runner`: by dotted name.
    pub(crate) values: serde_json::Value,
}

impl Contexts {
    /// A text with its `${{ … }}` replaced.
    pub(crate) fn expand(&self, text: &str) -> String {
        let mut parts = text.split("${{");
        let mut result = parts.next().unwrap().to_owned();
        for part in parts {
            let (expression, rest) = part.split_once("}}").expect("an end");
            result.push_str(&self.value(expression.trim()));
            result.push_str(rest);
        }
        result
    }

    /// `a || b`, `a == b`, a literal, or a name. Anything else is a mistake in the workflow.
    fn value(&self, expression: &str) -> String {
        if let Some((first, second)) = expression.split_once("||") {
            let first = self.value(first.trim());
            return if first.is_empty() {
                self.value(second.trim())
            } else {
                first
            };
        }
        if let Some((left, right)) = expression.split_once("==") {
            return (self.value(left.trim()) == self.value(right.trim())).to_string();
        }
        if let Some(text) = expression.strip_prefix('\'') {
            return text.strip_suffix('\'').expect("an end").to_owned();
        }
        if expression.starts_with("hashFiles(") {
            return "hash".to_owned();
        }
        let (context, _) = expression.split_once('.').expect(expression);
        assert!(self.values.get(context).is_some(), "no context {context}");
        let mut value = &self.values;
        for name in expression.split('.') {
            value = &value[name];
        }
        value.as_str().unwrap_or_default().to_owned()
    }
}

/// Runs the steps of a list in a clone, as bash scripts, until one fails; gives what the last left. The
/// outer environment and folder are those of the job.
pub(crate) fn run(clone: &TestRepository, steps: &Value, job: &Value, contexts: &Contexts) -> Ran {
    let mut last = None;
    for step in steps.as_sequence().expect("steps") {
        if let Some(uses) = step["uses"].as_str() {
            check_known(uses, step);
            continue;
        }
        let ran = script(clone, step, job, contexts);
        let failed = ran.code != 0;
        last = Some(ran);
        if failed {
            break;
        }
    }
    last.expect("a step that runs")
}

/// What is not ours is known: the clone is made, nothing is in the cache.
fn check_known(uses: &str, step: &Value) {
    match uses.split('@').next().unwrap() {
        "actions/checkout" => assert_eq!(step["with"]["fetch-depth"].as_u64(), Some(0)),
        "actions/cache" => assert!(step["with"]["key"].is_string()),
        other => panic!("{other} is not known"),
    }
}

fn script(clone: &TestRepository, step: &Value, job: &Value, contexts: &Contexts) -> Ran {
    let text = |value: &Value| match value {
        Value::String(text) => contexts.expand(text),
        Value::Number(number) => number.to_string(),
        _ => panic!("{value:?}"),
    };
    let mut environment = BTreeMap::new();
    for holder in [job, step] {
        for (name, value) in holder["env"].as_mapping().into_iter().flatten() {
            environment.insert(name.as_str().unwrap().to_owned(), text(value));
        }
    }
    let defaults = &job["defaults"]["run"];
    let shell = step["shell"].as_str().or(defaults["shell"].as_str());
    assert_eq!(shell, Some("bash"));
    let folder = [&step["working-directory"], &defaults["working-directory"]];
    let folder = folder.into_iter().find(|it| it.is_string());
    let folder = folder.map_or_else(|| ".".to_owned(), text);
    let script = contexts.expand(step["run"].as_str().expect("a script"));
    Ran::of(
        clone
            .command("bash")
            .args(["--noprofile", "--norc", "-eo", "pipefail", "-c", &script])
            .current_dir(clone.root().join(folder))
            .envs(environment),
    )
}

/// A clone as `actions/checkout` with all of the history leaves it: at a commit, with the branches of
/// the other side, and without a name for its default branch.
pub(crate) fn checkout(origin: &TestRepository, name: &str, commit: &str) -> TestRepository {
    let mut clone = TestRepository::clone_of(origin, &[]);
    integration_tests::package::surroundings(&mut clone, name);
    clone.git(&["checkout", "-q", "--detach", commit]);
    clone.git(&["remote", "set-head", "origin", "-d"]);
    clone
}

/// The merge of a pull request, which GitHub makes and checks out.
pub(crate) fn merge(clone: &TestRepository, base: &str, head: &str) {
    clone.git(&["checkout", "-q", "--detach", &format!("origin/{base}")]);
    clone.git(&[
        "merge",
        "-q",
        "--no-ff",
        "-m",
        "merge",
        &format!("origin/{head}"),
    ]);
}
