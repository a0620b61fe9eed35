//! Two or three branches with migrations become one.

use super::harness::{Edit, Situations, Team, all};

use Edit::{Column, Table, UsersAre};

const SITUATIONS: Situations = &[
    ("other tables, ours is older", |team| {
        team.step("20250201", Table("a", "posts"));
        team.on("main").step("20250301", Table("b", "tags"));
        team.on("work").conflict("merge main");
        team.told("validate", 11, &["D002", "line 1 of atlas.sum"]);
        team.mended_by(&["cargo migrate rebase"]);
        assert_eq!(
            team.order(),
            ["create_users", "create_tags", "create_posts"]
        );
    }),
    ("other tables, ours is newer", |team| {
        team.step("20250301", Table("a", "posts"));
        team.on("main").step("20250201", Table("b", "tags"));
        team.on("work").conflict("merge main");
        team.told("validate", 11, &["D002", "line 1 of atlas.sum"]);
        team.mended_by(&["cargo migrate rebase"]);
        assert_eq!(
            team.order(),
            ["create_users", "create_tags", "create_posts"]
        );
    }),
    ("the same table, ours is older", |team| {
        team.step("20250201", Column("a", "age"));
        team.on("main").step("20250301", Column("b", "size"));
        team.on("work").conflict("merge main");
        team.told("validate", 11, &["D002", "line 1 of atlas.sum"]);
        team.mended_by(&["cargo migrate rebase"]);
        assert_eq!(team.order(), ["create_users", "add_size", "add_age"]);
    }),
    ("the table has another name there", |team| {
        team.step("20250201", Column("a", "age"));
        team.on("main").step("20250301", UsersAre("people"));
        team.on("work").conflict("merge main");
        team.told("validate", 11, &["D002", "line 1 of atlas.sum"]);
        team.mended_by(&["cargo migrate rebase"]);
        assert_eq!(team.order(), ["create_users", "people", "add_age"]);
    }),
];

#[test]
fn branches_that_are_merged() {
    all("team-merges", SITUATIONS);
}
