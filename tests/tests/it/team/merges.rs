//! Two or three branches with migrations become one.

use super::harness::{Edit, Situations, Team, all};

use Edit::{Column, Table, UsersAre};

/// `main` and `work` have each made a migration, and `work` is checked out.
fn two(team: &Team, theirs: (&str, Edit), ours: (&str, Edit)) {
    team.step(ours.0, ours.1);
    team.on("main").step(theirs.0, theirs.1);
    team.on("work");
}

/// The driver of this build, as `hooks install` sets it up for one that is on the `PATH`.
pub(super) fn with_driver(team: &Team) {
    team.on("main");
    team.write(
        "migrations/.gitattributes",
        "*.sql -text\natlas.sum -text merge=cargo-migrate\n",
    );
    team.sh(
        "git config merge.cargo-migrate.driver 'cargo-migrate hooks merge %O %A %B %P'",
        0,
    );
    team.commit("attributes");
    team.git("checkout -q -B work");
}

const REBASE: &[&str] = &["cargo migrate rebase"];

const SITUATIONS: Situations = &[
    ("other tables, ours is older", |team| {
        two(
            team,
            ("20250301", Table("b", "tags")),
            ("20250201", Table("a", "posts")),
        );
        team.conflict("merge main");
        team.told(
            "validate",
            11,
            &["D002", "line 1 of atlas.sum", "left from a merge"],
        );
        team.mended_by(REBASE);
        assert_eq!(
            team.order(),
            ["create_users", "create_tags", "create_posts"]
        );
    }),
    ("other tables, ours is newer", |team| {
        two(
            team,
            ("20250201", Table("b", "tags")),
            ("20250301", Table("a", "posts")),
        );
        team.conflict("merge main");
        team.told("validate", 11, &["D002", "line 1 of atlas.sum"]);
        team.mended_by(REBASE);
        assert_eq!(
            team.order(),
            ["create_users", "create_tags", "create_posts"]
        );
    }),
    ("the same table, ours is older", |team| {
        two(
            team,
            ("20250301", Column("b", "size")),
            ("20250201", Column("a", "age")),
        );
        team.conflict("merge main");
        team.told("validate", 11, &["D002", "line 1 of atlas.sum"]);
        team.mended_by(REBASE);
        assert_eq!(team.order(), ["create_users", "add_size", "add_age"]);
    }),
    ("the same table, ours is newer", |team| {
        two(
            team,
            ("20250201", Column("b", "size")),
            ("20250301", Column("a", "age")),
        );
        team.conflict("merge main");
        team.told("validate", 11, &["D002", "line 1 of atlas.sum"]);
        team.mended_by(REBASE);
        assert_eq!(team.order(), ["create_users", "add_size", "add_age"]);
    }),
    ("the table has another name there", |team| {
        two(
            team,
            ("20250301", UsersAre("people")),
            ("20250201", Column("a", "age")),
        );
        team.conflict("merge main");
        team.told("validate", 11, &["D002", "line 1 of atlas.sum"]);
        team.mended_by(REBASE);
        assert_eq!(team.order(), ["create_users", "people", "add_age"]);
    }),
    ("a step by hand between two that were generated", |team| {
        team.step("20250201", Column("a", "age"));
        team.data(
            "20250202",
            "fill",
            "UPDATE users SET age = 1 WHERE id = 1;\n",
        );
        team.step("20250203", Table("a", "posts"));
        team.on("main").step("20250301", Column("b", "size"));
        team.on("work").conflict("merge main");
        team.told("validate", 11, &["D002"]);
        team.mended_by(&["cargo migrate rebase", "cargo migrate reset"]);
        assert_eq!(team.order()[..2], ["create_users", "add_size"]);
    }),
    (
        "the conflict was resolved by taking ours, theirs is older",
        |team| {
            two(
                team,
                ("20250201", Table("b", "tags")),
                ("20250301", Table("a", "posts")),
            );
            team.conflict("merge main");
            team.git("checkout -q --ours migrations/atlas.sum");
            team.commit("merged");
            team.told(
                "validate",
                11,
                &[
                    "D004",
                    "20250201000000_create_tags.sql",
                    "was added",
                    "line 3",
                ],
            );
            team.mended_by(&["cargo migrate hash"]);
        },
    ),
    (
        "the conflict was resolved by taking ours, theirs is newer",
        |team| {
            two(
                team,
                ("20250301", Table("b", "tags")),
                ("20250201", Table("a", "posts")),
            );
            team.conflict("merge main");
            team.git("checkout -q --ours migrations/atlas.sum");
            team.commit("merged");
            team.told(
                "validate",
                11,
                &[
                    "D004",
                    "20250301000000_create_tags.sql",
                    "was added",
                    "line 4",
                ],
            );
            team.mended_by(&["cargo migrate hash", "cargo migrate rebase"]);
        },
    ),
    ("the conflict was resolved by taking theirs", |team| {
        two(
            team,
            ("20250201", Table("b", "tags")),
            ("20250301", Table("a", "posts")),
        );
        team.conflict("merge main");
        team.git("checkout -q --theirs migrations/atlas.sum");
        team.commit("merged");
        team.told(
            "validate",
            11,
            &[
                "D004",
                "20250301000000_create_posts.sql",
                "was added",
                "line 4",
            ],
        );
        team.mended_by(&["cargo migrate hash"]);
    }),
    ("the conflict was resolved by taking both lines", |team| {
        two(
            team,
            ("20250201", Table("b", "tags")),
            ("20250301", Table("a", "posts")),
        );
        let header = team.read("migrations/atlas.sum");
        let header = header.lines().next().unwrap().to_owned();
        team.conflict("merge main");
        let both = team.read("migrations/atlas.sum");
        let both: Vec<&str> = both.lines().filter(|line| line.contains(".sql")).collect();
        let both = both.join("\n");
        team.write("migrations/atlas.sum", &format!("{header}\n{both}\n"));
        team.commit("merged");
        team.told(
            "validate",
            11,
            &["D003", "line 1 of atlas.sum does not agree"],
        );
        team.mended_by(REBASE);
    }),
    ("the marks of the merge were committed", |team| {
        two(
            team,
            ("20250201", Table("b", "tags")),
            ("20250301", Table("a", "posts")),
        );
        team.conflict("merge main");
        team.commit("merged");
        team.told("validate", 11, &["D002", "line 1 of atlas.sum"]);
        team.mended_by(REBASE);
    }),
    ("with the driver, ours is newer", |team| {
        with_driver(team);
        two(
            team,
            ("20250201", Table("b", "tags")),
            ("20250301", Table("a", "posts")),
        );
        team.git("merge -q main");
        team.mended_by(&[]);
    }),
    ("with the driver, ours is older", |team| {
        with_driver(team);
        two(
            team,
            ("20250301", Column("b", "size")),
            ("20250201", Column("a", "age")),
        );
        team.git("merge -q main");
        team.told(
            "lint",
            10,
            &[
                "H001",
                "20250201000000_add_age.sql",
                "20250301000000_add_size.sql",
            ],
        );
        team.mended_by(REBASE);
    }),
    ("one version on both branches", |team| {
        two(
            team,
            ("20250201", Table("b", "tags")),
            ("20250201", Table("a", "posts")),
        );
        team.told(
            "lint",
            10,
            &[
                "H005",
                "20250201000000_create_posts.sql",
                "20250201000000_create_tags.sql",
            ],
        );
        team.conflict("merge main");
        team.told("validate", 11, &["D002"]);
        team.mended_by(REBASE);
        assert_eq!(
            team.order(),
            ["create_users", "create_tags", "create_posts"]
        );
    }),
    ("one version on both branches, merged as it came", |team| {
        with_driver(team);
        two(
            team,
            ("20250201", Table("b", "tags")),
            ("20250201", Table("a", "posts")),
        );
        team.git("merge -q main");
        team.told(
            "validate",
            11,
            &[
                "D008",
                "20250201000000_create_posts.sql",
                "20250201000000_create_tags.sql",
            ],
        );
        team.mended_by(REBASE);
    }),
    ("one name on both branches", |team| {
        two(
            team,
            ("20250301", Column("b", "age")),
            ("20250201", Table("a", "age")),
        );
        team.on("work").git("checkout -q -B work main~1");
        team.edit(Table("a", "posts"));
        team.migrate("generate add_age").ends(0, &[]);
        team.dated("20250201");
        team.commit("ours");
        team.conflict("merge main");
        team.told("validate", 11, &["D002"]);
        team.mended_by(REBASE);
        assert_eq!(team.order(), ["create_users", "add_age", "add_age"]);
    }),
    ("one file on both branches, with other texts", |team| {
        team.edit(Table("a", "posts"));
        team.migrate("generate blog").ends(0, &[]);
        team.dated("20250201");
        team.commit("ours");
        team.on("main").edit(Table("b", "tags"));
        team.migrate("generate blog").ends(0, &[]);
        team.dated("20250201");
        team.commit("theirs");
        team.on("work").conflict("merge main");
        team.told("validate", 11, &["D002"]);
        team.mended_by(REBASE);
        assert_eq!(team.order(), ["create_users", "blog", "blog"]);
    }),
    ("three branches, one after the other", |team| {
        with_driver(team);
        team.step("20250201", Table("a", "posts"));
        team.on("main")
            .branch("second")
            .step("20250202", Table("b", "tags"));
        team.on("main")
            .branch("third")
            .step("20250203", Table("c", "likes"));
        team.on("main").git("merge -q third");
        team.on("second").git("merge -q main");
        team.told(
            "lint",
            10,
            &[
                "H001",
                "20250202000000_create_tags.sql",
                "20250203000000_create_likes.sql",
            ],
        );
        team.mended_by(REBASE);
        team.commit("second");
        team.on("main").git("merge -q second");
        team.on("work").git("merge -q main");
        team.told(
            "lint",
            10,
            &["H001", "20250201000000_create_posts.sql", "create_tags.sql"],
        );
        team.mended_by(REBASE);
        assert_eq!(
            team.order(),
            [
                "create_users",
                "create_likes",
                "create_tags",
                "create_posts"
            ]
        );
    }),
    ("three branches at once", |team| {
        team.step("20250201", Table("a", "posts"));
        team.on("main")
            .branch("second")
            .step("20250202", Table("b", "tags"));
        team.on("main")
            .branch("third")
            .step("20250203", Table("c", "likes"));
        // An octopus, as one who takes the files of all and looks no further.
        team.on("work").sh(
            "git checkout -q second -- src/b.rs migrations && git checkout -q third -- src/c.rs migrations \
             && git checkout -q work -- migrations && git add -A \
             && git reset -q --hard $(git commit-tree -m all -p work -p second -p third $(git write-tree))",
            0,
        );
        team.told(
            "validate",
            11,
            &[
                "D004",
                "20250202000000_create_tags.sql",
                "was added",
                "line 4",
            ],
        );
        team.mended_by(&["cargo migrate hash"]);
        assert_eq!(
            team.order(),
            [
                "create_users",
                "create_posts",
                "create_tags",
                "create_likes"
            ]
        );
    }),
    ("our branch was merged twice", |team| {
        with_driver(team);
        team.step("20250201", Table("a", "posts"));
        team.on("main").git("merge -q --no-ff -m one work");
        team.on("work").step("20250301", Table("b", "tags"));
        team.on("main").step("20250401", Table("c", "likes"));
        team.on("work").git("merge -q main");
        team.told(
            "lint",
            10,
            &[
                "H001",
                "20250301000000_create_tags.sql",
                "20250401000000_create_likes.sql",
            ],
        );
        team.mended_by(REBASE);
        team.commit("behind");
        team.on("main").git("merge -q --no-ff -m two work");
        team.on("work").git("merge -q main");
        team.good();
    }),
    ("main squashed our commits, and we go on", |team| {
        team.step("20250201", Table("a", "posts"));
        team.step("20250202", Table("b", "tags"));
        team.on("main").git("merge -q --squash work");
        team.commit("squashed");
        team.on("work").step("20250301", Table("c", "likes"));
        team.conflict("merge main");
        team.told("validate", 11, &["D002"]);
        team.mended_by(REBASE);
    }),
    (
        "main squashed our commits and has gone on, as we have",
        |team| {
            team.step("20250201", Table("a", "posts"));
            team.on("main").git("merge -q --squash work");
            team.commit("squashed");
            team.step("20250401", Table("b", "tags"));
            team.on("work").step("20250301", Table("c", "likes"));
            team.told("lint", 10, &["H001", "20250301000000_create_likes.sql"]);
            team.mended_by(&["git merge main", "cargo migrate rebase"]);
            assert_eq!(
                team.order(),
                [
                    "create_users",
                    "create_posts",
                    "create_tags",
                    "create_likes"
                ]
            );
        },
    ),
];

#[test]
fn branches_that_are_merged() {
    all("team-merges", SITUATIONS);
}
