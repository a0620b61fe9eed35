//! Commits that are moved, taken again, changed or taken back.

use super::harness::{BASE, Edit, Situations, all};
use super::merges::with_driver;

use Edit::{Column, Table, UsersAre};

const REBASE: &[&str] = &["cargo migrate rebase"];

const SITUATIONS: Situations = &[
    ("a rebase that has stopped", |team| {
        team.step("20250201", Table("a", "posts"));
        team.on("main").step("20250301", Table("b", "tags"));
        team.on("work").conflict("rebase main");
        team.told("validate", 11, &["D002", "line 1 of atlas.sum"]);
        team.mended_by(REBASE);
        assert_eq!(
            team.order(),
            ["create_users", "create_tags", "create_posts"]
        );
    }),
    ("a rebase that stops twice, over one table", |team| {
        team.step("20250201", Column("a", "age"));
        team.step("20250202", Column("b", "weight"));
        team.on("main").step("20250301", Column("c", "size"));
        team.on("work").conflict("rebase main");
        team.told("validate", 11, &["D002"]);
        team.mended_by(&["cargo migrate rebase", "cargo migrate rebase"]);
        assert_eq!(team.order(), ["create_users", "add_size", "add_age"]);
    }),
    ("a rebase that was given up", |team| {
        team.step("20250201", Table("a", "posts"));
        team.on("main").step("20250301", Table("b", "tags"));
        team.on("work").conflict("rebase main");
        team.git("rebase --abort");
        team.told("lint", 10, &["H001", "20250201000000_create_posts.sql"]);
        team.mended_by(&["git merge main", "cargo migrate rebase"]);
    }),
    ("a rebase that was gone on with, marks and all", |team| {
        team.step("20250201", Table("a", "posts"));
        team.on("main").step("20250301", Table("b", "tags"));
        team.on("work").conflict("rebase main");
        team.git("add -A");
        team.git("rebase --continue");
        team.told("validate", 11, &["D002"]);
        team.mended_by(REBASE);
    }),
    ("a rebase with the driver", |team| {
        with_driver(team);
        team.step("20250201", Column("a", "age"));
        team.on("main").step("20250301", Column("b", "size"));
        team.on("work").git("rebase -q main");
        team.told("lint", 10, &["H001", "20250201000000_add_age.sql"]);
        team.mended_by(REBASE);
    }),
    ("a rebase onto a table of another name", |team| {
        team.step("20250201", Column("a", "age"));
        team.on("main").step("20250301", UsersAre("people"));
        team.on("work").conflict("rebase main");
        team.told("validate", 11, &["D002"]);
        team.mended_by(REBASE);
        assert_eq!(team.order(), ["create_users", "people", "add_age"]);
    }),
    ("a cherry-pick of a migration of another branch", |team| {
        team.branch("other").step("20250301", Table("a", "posts"));
        team.on("work").step("20250201", Table("b", "tags"));
        team.conflict("cherry-pick other");
        team.told("validate", 11, &["D002"]);
        team.mended_by(REBASE);
        assert_eq!(
            team.order(),
            ["create_users", "create_tags", "create_posts"]
        );
    }),
    (
        "a cherry-pick of an older migration, which has come by the base branch as well",
        |team| {
            with_driver(team);
            team.branch("other").step("20250201", Table("a", "posts"));
            team.on("work").step("20250301", Table("b", "tags"));
            team.git("cherry-pick other");
            team.mended_by(&[]);
            team.on("main").git("merge -q other");
            team.on("work").git("merge -q main");
            team.mended_by(&[]);
        },
    ),
    ("a migration of the base branch was reverted", |team| {
        team.on("main").step("20250201", Table("a", "posts"));
        team.git("checkout -q -B work");
        team.git("revert --no-edit HEAD");
        team.migrate("validate").ends(0, &[]);
        team.told(
            "lint",
            10,
            &["H003", "20250201000000_create_posts.sql was deleted"],
        );
        team.mended_by(&["cargo migrate rebase", "cargo migrate generate mended"]);
        assert_eq!(team.order(), ["create_users", "create_posts", "mended"]);
    }),
    ("our own migration was reverted", |team| {
        team.step("20250201", Table("a", "posts"));
        team.git("revert --no-edit HEAD");
        team.mended_by(&[]);
        assert_eq!(team.order(), ["create_users"]);
    }),
    ("a revert that has stopped", |team| {
        team.step("20250201", Table("a", "posts"));
        team.step("20250202", Table("b", "tags"));
        team.conflict("revert --no-edit HEAD~1");
        team.told("validate", 11, &["D002"]);
        team.mended_by(REBASE);
        assert_eq!(team.order(), ["create_users", "create_tags"]);
    }),
    ("squashed after the review", |team| {
        team.step("20250201", Column("a", "age"));
        team.data(
            "20250202",
            "fill",
            "UPDATE users SET age = 2 WHERE id = 1;\n",
        );
        team.step("20250203", Column("b", "weight"));
        team.step("20250204", Table("a", "posts"));
        team.migrate("squash blog").ends(0, &[]);
        team.git("reset -q --soft main");
        team.commit("blog");
        team.good();
    }),
    ("squashed after the review, when main has gone on", |team| {
        team.step("20250201", Column("a", "age"));
        team.step("20250202", Column("b", "weight"));
        team.on("main").step("20250301", Column("c", "size"));
        team.on("work").migrate("squash body").ends(0, &[]);
        team.commit("body");
        team.conflict("merge main");
        team.told("validate", 11, &["D002"]);
        team.mended_by(REBASE);
        assert_eq!(team.order(), ["create_users", "add_size", "body"]);
    }),
    ("a commit was amended after its file was edited", |team| {
        let name = team.step("20250201", Table("a", "posts"));
        team.change_migration(&name, |text| format!("{text}-- reviewed\n"));
        team.git("commit -q -a --amend --no-edit");
        team.told("validate", 11, &["D005", &name, "was edited", "line 3"]);
        team.mended_by(REBASE);
    }),
    ("a stash that does not fit any more", |team| {
        team.uncommitted("20250201", Table("a", "posts"));
        team.git("add -A");
        team.git("stash");
        team.on("main").step("20250301", Table("b", "tags"));
        team.on("work").git("merge -q main");
        team.conflict("stash pop");
        team.told("validate", 11, &["D002"]);
        team.mended_by(REBASE);
        assert_eq!(
            team.order(),
            ["create_users", "create_tags", "create_posts"]
        );
    }),
    ("the base branch was pushed anew", |team| {
        // What we built on is there no more: another migration is in its place.
        team.on("main").step("20250201", Table("b", "tags"));
        team.git("checkout -q -B work");
        team.step("20250301", Table("a", "posts"));
        team.on("main").git("reset -q --hard HEAD~1");
        team.step("20250401", Table("c", "likes"));
        team.on("work");
        team.told("lint", 10, &["H001", "20250201000000_create_tags.sql"]);
        team.mended_by(&["git merge main", "cargo migrate rebase"]);
        assert_eq!(team.order()[..2], ["create_users", "create_likes"]);
    }),
    (
        "a branch on a branch, which was squashed into main",
        |team| {
            team.step("20250201", Table("a", "posts"));
            team.step("20250202", Column("a", "age"));
            team.branch("top").step("20250203", Table("b", "tags"));
            team.on("work").migrate("squash blog").ends(0, &[]);
            team.commit("blog");
            team.on("main").git("merge -q --squash work");
            team.commit("blog");
            team.on("top").conflict("rebase --onto main work~1");
            team.told("validate", 11, &["D002"]);
            team.mended_by(REBASE);
            assert_eq!(team.order(), ["create_users", "blog", "create_tags"]);
        },
    ),
    ("a branch on a branch, whose base was amended", |team| {
        let name = team.step("20250201", Table("a", "posts"));
        team.branch("top").step("20250202", Table("b", "tags"));
        team.on("work")
            .change_migration(&name, |text| format!("{text}-- reviewed\n"));
        team.migrate("hash").ends(0, &[]);
        team.git("commit -q -a --amend --no-edit");
        team.on("top").conflict("rebase --onto work HEAD~1");
        team.told("validate", 11, &["D002"]);
        team.mended_by(REBASE);
        assert!(
            team.read(&format!("migrations/{name}"))
                .ends_with("-- reviewed\n")
        );
        assert_eq!(team.names()[..2], [BASE.to_owned(), name]);
    }),
];

#[test]
fn commits_that_are_moved() {
    all("team-rebases", SITUATIONS);
}
