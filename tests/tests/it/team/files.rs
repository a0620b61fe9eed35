//! Files, and lines of `atlas.sum`, that somebody or something has changed.

use super::harness::{BASE, Edit, Situations, Team, all};

use Edit::{Column, Table};

const REBASE: &[&str] = &["cargo migrate rebase"];
const HASH: &[&str] = &["cargo migrate hash"];
const SUM: &str = "migrations/atlas.sum";

fn crlf(text: &str) -> String {
    text.replace('\n', "\r\n")
}

fn with_bom(text: &str) -> String {
    format!("\u{feff}{text}")
}

/// The lines of the sum, changed.
fn lines(team: &Team, change: fn(&mut Vec<String>)) {
    team.change(SUM, |text| {
        let mut lines = text.lines().map(|line| format!("{line}\n")).collect();
        change(&mut lines);
        lines.concat()
    });
}

const SITUATIONS: Situations = &[
    ("a file of the base branch was edited", |team| {
        team.change_migration(BASE, |text| format!("{text}SELECT 1;\n"));
        team.told("validate", 11, &["D005", BASE, "was edited", "line 2"]);
        team.told("lint", 11, &["H002", BASE, "was edited"]);
        team.told("hash", 11, &[BASE, "main"]);
        team.mended_by(REBASE);
    }),
    (
        "a file of the base branch was edited, hashed and committed",
        |team| {
            team.change_migration(BASE, |text| format!("{text}SELECT 1;\n"));
            team.rehash();
            team.commit("edited");
            team.migrate("validate").ends(0, &[]);
            team.told("lint", 10, &["H002", BASE, "was edited"]);
            team.mended_by(REBASE);
        },
    ),
    ("a file of ours was edited", |team| {
        let name = team.step("20250201", Table("a", "posts"));
        team.change_migration(&name, |text| format!("{text}SELECT 1;\n"));
        team.told("validate", 11, &["D005", &name, "was edited", "line 3"]);
        team.mended_by(REBASE);
    }),
    ("a file of the base branch was deleted", |team| {
        team.sh("rm migrations/*_create_users.sql", 0);
        team.told("validate", 11, &["D006", BASE, "was removed", "line 2"]);
        team.told("lint", 11, &["H003", BASE, "was deleted"]);
        team.told("hash", 11, &[BASE, "main"]);
        team.mended_by(REBASE);
    }),
    (
        "a file of the base branch was deleted, hashed and committed",
        |team| {
            team.on("main").step("20250201", Table("a", "posts"));
            team.git("checkout -q -B work");
            team.sh("rm migrations/*_create_posts.sql", 0);
            team.rehash();
            team.commit("deleted");
            team.migrate("validate").ends(0, &[]);
            team.told(
                "lint",
                10,
                &["H003", "20250201000000_create_posts.sql was deleted"],
            );
            team.mended_by(REBASE);
        },
    ),
    ("a file of ours was deleted", |team| {
        let name = team.step("20250201", Table("a", "posts"));
        team.sh("rm migrations/*_create_posts.sql", 0);
        team.told("validate", 11, &["D006", &name, "was removed", "line 3"]);
        team.mended_by(&["cargo migrate rebase", "cargo migrate generate mended"]);
    }),
    ("a file of the base branch was renamed", |team| {
        team.sh(
            "mv migrations/*_create_users.sql migrations/20250101000000_users.sql",
            0,
        );
        team.told(
            "validate",
            11,
            &[
                "D006",
                BASE,
                "was removed",
                "20250101000000_users.sql` has its contents",
            ],
        );
        team.told(
            "lint",
            11,
            &["H004", BASE, "was renamed to 20250101000000_users.sql"],
        );
        team.mended_by(REBASE);
    }),
    (
        "a file of the base branch was renamed to be the newest",
        |team| {
            team.on("main").step("20250201", Table("a", "posts"));
            team.git("checkout -q -B work");
            team.sh(
                "mv migrations/*_create_users.sql migrations/20250301000000_create_users.sql",
                0,
            );
            team.rehash();
            team.commit("renamed");
            team.told(
                "lint",
                10,
                &[
                    "H004",
                    BASE,
                    "was renamed to 20250301000000_create_users.sql",
                ],
            );
            team.mended_by(REBASE);
        },
    ),
    ("a file of ours was renamed", |team| {
        let name = team.step("20250201", Table("a", "posts"));
        team.sh(
            "mv migrations/*_create_posts.sql migrations/20250201000000_blog.sql",
            0,
        );
        team.told(
            "validate",
            11,
            &[
                "D006",
                &name,
                "was removed",
                "20250201000000_blog.sql` has its contents",
            ],
        );
        team.mended_by(REBASE);
    }),
    ("two files of ours have changed places", |team| {
        let one = team.step("20250201", Table("a", "posts"));
        team.step("20250202", Table("b", "tags"));
        team.sh("cd migrations && mv *_posts.sql x && mv *_tags.sql 20250201000000_create_posts.sql && mv x 20250202000000_create_tags.sql", 0);
        team.told("validate", 11, &["D005", &one, "was edited", "line 3"]);
        team.mended_by(REBASE);
    }),
    (
        "a file of the base branch and one of ours have changed places",
        |team| {
            let ours = team.step("20250201", Table("a", "posts"));
            team.sh(
                &format!("cd migrations && mv {BASE} x && mv {ours} {BASE} && mv x {ours}"),
                0,
            );
            team.told("validate", 11, &["D005", BASE, "was edited", "line 2"]);
            team.told("lint", 11, &["H002", BASE]);
            team.mended_by(REBASE);
        },
    ),
    ("git has made CRLF of all", |team| {
        team.step("20250201", Table("a", "posts"));
        team.git("config core.autocrlf true");
        team.sh("rm -r migrations && git checkout -q -- migrations", 0);
        assert!(team.read(&format!("migrations/{BASE}")).contains("\r\n"));
        team.told(
            "validate",
            11,
            &[
                "D005",
                BASE,
                "line 2",
                "hashed with LF line ends and has CRLF now",
            ],
        );
        team.mended_by(REBASE);
    }),
    (
        "an editor has made CRLF of a file of the base branch",
        |team| {
            team.change_migration(BASE, crlf);
            team.told(
                "validate",
                11,
                &[
                    "D005",
                    BASE,
                    "line 2",
                    "hashed with LF line ends and has CRLF now",
                ],
            );
            team.mended_by(REBASE);
        },
    ),
    (
        "an editor has made CRLF of a file of ours, and it was committed",
        |team| {
            let name = team.step("20250201", Table("a", "posts"));
            team.change_migration(&name, crlf);
            team.commit("crlf");
            team.told(
                "validate",
                11,
                &[
                    "D005",
                    &name,
                    "line 3",
                    "hashed with LF line ends and has CRLF now",
                ],
            );
            team.mended_by(REBASE);
        },
    ),
    (
        "an editor has put a byte order mark before a file of the base branch",
        |team| {
            team.change_migration(BASE, with_bom);
            team.told(
                "validate",
                11,
                &[
                    "D005",
                    BASE,
                    "line 2",
                    "without a byte order mark and has one now",
                ],
            );
            team.mended_by(REBASE);
        },
    ),
    (
        "an editor has put a byte order mark before a file of ours",
        |team| {
            let name = team.step("20250201", Table("a", "posts"));
            team.change_migration(&name, with_bom);
            team.told(
                "validate",
                11,
                &[
                    "D005",
                    &name,
                    "line 3",
                    "without a byte order mark and has one now",
                ],
            );
            team.mended_by(REBASE);
        },
    ),
    (
        "an editor has taken the last line end of a file of the base branch",
        |team| {
            team.change_migration(BASE, |text| text.trim_end().to_owned());
            team.told("validate", 11, &["D005", BASE, "line 2", "has none now"]);
            team.mended_by(REBASE);
        },
    ),
    ("a line of the sum was edited", |team| {
        team.step("20250201", Table("a", "posts"));
        lines(team, |lines| lines[1] = lines[1].replacen("h1:", "h1:A", 1));
        team.told(
            "validate",
            11,
            &[
                "D003",
                "line 1 of atlas.sum does not agree",
                "line 2 of atlas.sum",
            ],
        );
        team.mended_by(REBASE);
    }),
    ("the first line of the sum was edited", |team| {
        lines(team, |lines| lines[0] = lines[0].replacen("h1:", "h1:A", 1));
        team.told(
            "validate",
            11,
            &["D003", "line 1 of atlas.sum does not agree"],
        );
        team.mended_by(REBASE);
    }),
    ("two lines of the sum have changed places", |team| {
        team.step("20250201", Table("a", "posts"));
        lines(team, |lines| lines.swap(1, 2));
        team.told(
            "validate",
            11,
            &["D003", "line 1 of atlas.sum does not agree", BASE],
        );
        team.mended_by(REBASE);
    }),
    (
        "a line of the sum is gone, and the first was made to fit",
        |team| {
            let name = team.step("20250201", Table("a", "posts"));
            team.sh(
                "git show main:./migrations/atlas.sum > migrations/atlas.sum",
                0,
            );
            team.told("validate", 11, &["D004", &name, "was added", "line 3"]);
            team.mended_by(HASH);
        },
    ),
    ("a line of the sum is there twice", |team| {
        lines(team, |lines| lines.push(lines[1].clone()));
        team.told(
            "validate",
            11,
            &["D003", "line 1 of atlas.sum does not agree"],
        );
        team.mended_by(REBASE);
    }),
    ("the sum is gone", |team| {
        team.step("20250201", Table("a", "posts"));
        team.sh("rm migrations/atlas.sum", 0);
        team.told("validate", 11, &["D001", "2 migrations and no atlas.sum"]);
        team.mended_by(HASH);
    }),
    ("the sum is empty", |team| {
        team.write(SUM, "");
        team.told("validate", 11, &["D003", "line 1 of atlas.sum"]);
        team.mended_by(REBASE);
    }),
    ("new files have no lines", |team| {
        team.edit(Column("a", "age"));
        team.write(
            "migrations/20250201000000_age.sql",
            "ALTER TABLE users ADD COLUMN age integer;\n",
        );
        team.write(
            "migrations/20250202000000_fill.sql",
            "UPDATE users SET age = 3 WHERE id = 1;\n",
        );
        team.told(
            "validate",
            11,
            &["D004", "20250201000000_age.sql", "was added", "line 3"],
        );
        team.mended_by(HASH);
    }),
    (
        "a new file is older than those of the base branch",
        |team| {
            team.on("main").step("20250201", Table("a", "posts"));
            team.git("checkout -q -B work");
            team.write("migrations/20250115000000_look.sql", "SELECT 1;\n");
            team.told(
                "validate",
                11,
                &["D004", "20250115000000_look.sql", "was added", "line 3"],
            );
            team.told("lint", 11, &["H001", "20250115000000_look.sql"]);
            team.mended_by(&["cargo migrate hash", "cargo migrate rebase"]);
            assert_eq!(team.order(), ["create_users", "create_posts", "look"]);
        },
    ),
    ("the structs have no migration", |team| {
        team.edit(Table("a", "posts"));
        team.commit("structs");
        team.told("check", 4, &["posts"]);
        team.mended_by(&["cargo migrate generate mended"]);
    }),
];

#[test]
fn files_that_were_changed() {
    all("team-files", SITUATIONS);
}
