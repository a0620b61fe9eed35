//! What comments mean.

use super::{Directive, DirectiveKind, Prefixes, Scope, TxMode, parse};

fn read(text: &str) -> (Vec<Directive>, Vec<String>) {
    let prefixes = Prefixes::with_own(&["renewa".to_owned()]);
    let (directives, errors) = parse(text, &prefixes);
    (directives, errors.iter().map(ToString::to_string).collect())
}

fn kinds(text: &str) -> Vec<(DirectiveKind, Scope, u32)> {
    let (directives, errors) = read(text);
    assert_eq!(errors, [""; 0], "{text}");
    directives
        .into_iter()
        .map(|directive| (directive.kind, directive.scope, directive.line))
        .collect()
}

fn errors(text: &str) -> Vec<String> {
    read(text).1
}

#[test]
fn nothing_disables_a_directive() {
    let none = DirectiveKind::TxMode(TxMode::None);
    for text in [
        "-- atlas:txmode none\n\nSELECT 1;",
        "-- atlas:txmode none\nSELECT 1;",
        "--atlas:txmode none\nSELECT 1;",
        "-- migrate:txmode none\r\n\r\nSELECT 1;\r\n",
        "\u{feff}-- migrate:txmode none\nSELECT 1;",
        "-- renewa:txmode none",
        "-- renewa:atlas:txmode none",
        "/* atlas:txmode none */ SELECT 1;",
        "-- migrate:txmode: none\nSELECT 1;",
    ] {
        assert_eq!(kinds(text), [(none.clone(), Scope::File, 1)], "{text}");
    }
    assert_eq!(
        kinds("\n-- Why.\n\n-- atlas:txmode none\n\nSELECT 1;"),
        [(none, Scope::File, 4)]
    );
}

#[test]
fn every_directive_reads() {
    let texts = |texts: &[&str]| {
        texts
            .iter()
            .map(|text| (*text).to_owned())
            .collect::<Vec<_>>()
    };
    let cases = [
        ("txmode file", DirectiveKind::TxMode(TxMode::File)),
        (
            "delimiter \\n\\n",
            DirectiveKind::Delimiter("\n\n".to_owned()),
        ),
        (
            "delimiter -- end",
            DirectiveKind::Delimiter("-- end".to_owned()),
        ),
        ("nolint", DirectiveKind::NoLint(vec![])),
        (
            "nolint DS103 destructive",
            DirectiveKind::NoLint(texts(&["DS103", "destructive"])),
        ),
        ("checkpoint", DirectiveKind::Checkpoint(None)),
        (
            "checkpoint v1",
            DirectiveKind::Checkpoint(Some("v1".to_owned())),
        ),
        ("sum ignore", DirectiveKind::SumIgnore),
        (
            "skip-on production, staging",
            DirectiveKind::SkipOn(texts(&["production", "staging"])),
        ),
        (
            "n-1-shim: users drop-with #12",
            DirectiveKind::Shim {
                old: "users".to_owned(),
                issue: "12".to_owned(),
            },
        ),
        (
            "n-1-shim-drop: app.\"Old Users\"",
            DirectiveKind::ShimDrop {
                old: "app.\"Old Users\"".to_owned(),
            },
        ),
    ];
    for (text, kind) in cases {
        assert_eq!(
            kinds(&format!("-- atlas:{text}\n")),
            [(kind, Scope::File, 1)],
            "{text}"
        );
    }
}

#[test]
fn nolint_is_about_the_file_or_a_statement() {
    let scopes = |text: &str| {
        kinds(text)
            .into_iter()
            .map(|(_, scope, _)| scope)
            .collect::<Vec<_>>()
    };
    assert_eq!(scopes("-- atlas:nolint\n\nSELECT 1;"), [Scope::File]);
    assert_eq!(scopes("-- atlas:nolint\nSELECT 1;"), [Scope::Statement(0)]);
    assert_eq!(
        scopes("-- atlas:nolint\n  SELECT 1;"),
        [Scope::Statement(0)]
    );
    assert_eq!(
        scopes("SELECT 1;\n-- atlas:nolint\n-- Why.\nSELECT 2;"),
        [Scope::Statement(1)]
    );
}

#[test]
fn what_looks_like_a_directive_is_one_or_an_error() {
    let cases = [
        (
            "-- atlas:txmod none",
            "line 1: unknown directive `atlas:txmod`, did you mean `atlas:txmode`?",
        ),
        (
            "-- migrate:skip_on staging",
            "line 1: unknown directive `migrate:skip_on`, did you mean `migrate:skip-on`?",
        ),
        (
            "-- altas:txmode none",
            "line 1: unknown directive `altas:txmode`, did you mean `atlas:txmode`?",
        ),
        (
            "-- Migrate:txmode none",
            "line 1: unknown directive `Migrate:txmode`, did you mean `migrate:txmode`?",
        ),
        (
            "-- migrate: txmode none",
            "line 1: unknown directive `migrate: txmode`, did you mean `migrate:txmode`?",
        ),
        (
            "-- migrate:frobnicate",
            "line 1: unknown directive `migrate:frobnicate`",
        ),
        (
            "-- migrate:txmode all",
            "line 1: directive `txmode` takes `none` or `file`, not `all`",
        ),
        (
            "-- migrate:skip-on",
            "line 1: directive `skip-on` takes environments, as in `staging,production`",
        ),
        (
            "-- migrate:n-1-shim: users",
            "line 1: directive `n-1-shim` takes `OLD drop-with #ISSUE`, the issue a number, not `users`",
        ),
        (
            "-- migrate:n-1-shim: users drop-with #soon",
            "line 1: directive `n-1-shim` takes `OLD drop-with #ISSUE`, the issue a number, not `users drop-with #soon`",
        ),
        (
            "SELECT 1;\n-- migrate:txmode none\nSELECT 2;",
            "line 2: directive `txmode` belongs at the head of the file, before the first statement",
        ),
        (
            "SELECT 1; -- migrate:nolint\nSELECT 2;",
            "line 1: directive `nolint` belongs at the head of the file, or on a line of its own before its statement",
        ),
        (
            "SELECT 1 -- migrate:nolint\n;",
            "line 1: directive `nolint` belongs at the head of the file, or on a line of its own before its statement",
        ),
        (
            "SELECT 1;\n-- migrate:nolint\n",
            "line 2: directive `nolint` belongs at the head of the file, or on a line of its own before its statement",
        ),
        (
            "-- migrate:txmode none\n-- atlas:txmode file\n",
            "line 2: directive `txmode` is given already on line 1",
        ),
        (
            "-- atlas:import other.sql",
            "line 1: directive `import` is not supported: a migration holds all of its SQL; put the other file's text here",
        ),
        (
            "-- migrate:up\nSELECT 1;",
            "line 1: directive `up` is not supported: this file was written for dbmate: keep the up part as the whole file",
        ),
    ];
    for (text, expected) in cases {
        assert_eq!(errors(text), [expected], "{text}");
    }
}

#[test]
fn prose_is_left_alone() {
    for text in [
        "-- migrate: users to the new table\nSELECT 1;",
        "-- note: atlas is a titan\n",
        "-- see https://atlasgo.io\n",
        "-- update:delimiter\n",
        "/*\n atlas:txmode none\n is what it had\n*/\n",
        "SELECT '-- atlas:nope';",
        "DO $$ -- atlas:nope\n$$;",
    ] {
        assert_eq!(kinds(text), [], "{text}");
    }
}
