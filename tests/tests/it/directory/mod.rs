//! Tests: directory.

mod append;

use camino::Utf8Path;
use integration_tests::corpus;
use schema_core::directory::{
    ChainFault, Directory, DirectoryError, EditCause, NewFile, Prefixes, Problem, Reason, SUM_FILE,
};

use append::{now, temporary};

/// Files by name and text.
type Files = Vec<(String, String)>;

fn files(texts: &[(&str, &str)]) -> Files {
    texts
        .iter()
        .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()))
        .collect()
}

fn directory(files: Files, sum: Option<&str>) -> Directory {
    Directory::from_texts(
        Utf8Path::new("migrations"),
        files,
        sum,
        &Prefixes::default(),
    )
}

fn sum_of(files: &Files) -> String {
    directory(files.clone(), None).computed_sum().to_string()
}

/// What is wrong when `now` stands where `hashed` was hashed.
fn problems(hashed: &Files, now: Files) -> Vec<Problem> {
    directory(now, Some(&sum_of(hashed))).verify()
}

fn chain(file: &str, line: u32, reason: Reason) -> Vec<Problem> {
    vec![Problem::Chain(ChainFault::Difference {
        file: file.to_owned(),
        line,
        reason,
    })]
}

/// A directory of the corpus, where it is at hand.
fn corpus_directory(name: &str) -> Option<Directory> {
    let paths = corpus::entries("atlas");
    let path = paths.iter().find(|path| path.file_name() == Some(name))?;
    Some(Directory::load(path).expect("the corpus can be read"))
}

#[test]
fn atlas_directories_are_intact() {
    for name in [
        "chainloop-dev+chainloop",
        "Comfy-Org+registry-backend",
        "diggerhq+digger",
        "hatchet-dev+hatchet",
    ] {
        let Some(directory) = corpus_directory(name) else {
            return;
        };
        assert_eq!(directory.verify(), [], "{name}");
        let sum = fs_err::read_to_string(directory.path.join(SUM_FILE)).unwrap();
        assert_eq!(directory.computed_sum().to_string(), sum, "{name}");
    }
}

#[test]
fn a_directory_hashed_with_crlf_names_its_first_file_and_line() {
    let Some(directory) = corpus_directory("Bengo-Hub+pos-api") else {
        return;
    };
    let first = directory.verify().remove(0);
    let reason = Reason::Edited(Some(EditCause::HashedWithCrlf));
    assert_eq!(
        vec![first.clone()],
        chain("20260324210314_initial_schema.sql", 2, reason)
    );
    let finding = first.finding(&directory.path);
    assert_eq!(
        (finding.code, finding.title.as_str()),
        (
            "D005",
            "`20260324210314_initial_schema.sql` was edited (line 2 of atlas.sum): it was hashed with CRLF line ends and has LF now"
        )
    );
    assert!(
        finding.places[0]
            .to_string()
            .ends_with("Bengo-Hub+pos-api/atlas.sum:2"),
        "{}",
        finding.places[0]
    );
}

#[test]
fn the_sum_is_that_of_the_rule() {
    // Computed apart from this code, with hashlib: the second file is left out but for its name,
    // the third is not, because a carriage return hides the directive.
    let expected = "h1:gww6aPkS/w91WhPsu57FvJzDlNWz8tqrA2eUq344HEY=\n\
        1_one.sql h1:hcAdOL00sgFZ01NDKLc3niVJBBE7j6aZkisjsbJQFxc=\n\
        3_three.sql h1:S1zcun7MCpxBD5ExmSazWHgqf2mmveKRmHcBDs1DSZo=\n";
    let files = files(&[
        ("1_one.sql", "SELECT 1;\n"),
        ("2_two.sql", "-- atlas:sum ignore\nSELECT 2;\n"),
        ("3_three.sql", "-- atlas:sum ignore\r\nSELECT 3;\r\n"),
    ]);
    assert_eq!(sum_of(&files), expected);
    assert_eq!(
        sum_of(&Files::new()),
        "h1:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n"
    );
    // That it hides the directive is told, though.
    let problems = directory(files, Some(expected)).verify();
    assert_eq!(
        problems.iter().map(ToString::to_string).collect::<Vec<_>>(),
        [
            "`3_three.sql`, line 1: directive `sum` takes exactly the line `-- atlas:sum ignore`, ended by LF, not `-- atlas:sum ignore`"
        ]
    );
}

fn four() -> Files {
    files(&[
        ("1_a.sql", "SELECT 1;\n"),
        ("2_b.sql", "SELECT 2;\n"),
        ("3_c.sql", "SELECT 3;\n"),
        ("4_d.sql", "SELECT 4;\n"),
    ])
}

#[test]
fn every_single_change_is_told_with_its_file_line_and_reason() {
    assert_eq!(problems(&four(), four()), []);
    for index in 0..4 {
        let line = u32::try_from(index).unwrap() + 2;
        let name = four()[index].0.clone();

        let mut edited = four();
        edited[index].1.push_str("SELECT 9;\n");
        assert_eq!(
            problems(&four(), edited),
            chain(&name, line, Reason::Edited(None))
        );

        let mut removed = four();
        removed.remove(index);
        assert_eq!(
            problems(&four(), removed),
            chain(&name, line, Reason::Removed { renamed_to: None })
        );

        for suffix in ["0_before.sql", "x_after.sql"] {
            let added = format!("{}{suffix}", index + 1);
            let (behind, mut now) = (usize::from(suffix.starts_with('x')), four());
            now.push((added.clone(), "SELECT 0;\n".to_owned()));
            let line = line + u32::try_from(behind).unwrap();
            assert_eq!(problems(&four(), now), chain(&added, line, Reason::Added));
        }

        let mut renamed = four();
        renamed[index].0 = format!("{}_other.sql", index + 1);
        let reason = Reason::Removed {
            renamed_to: Some(renamed[index].0.clone()),
        };
        assert_eq!(problems(&four(), renamed), chain(&name, line, reason));

        if index > 0 {
            // Two texts swapped: the earlier file is the first that differs.
            let mut swapped = four();
            let text = swapped[index].1.clone();
            swapped[index].1 = std::mem::replace(&mut swapped[index - 1].1, text);
            let earlier = four()[index - 1].0.clone();
            assert_eq!(
                problems(&four(), swapped),
                chain(&earlier, line - 1, Reason::Edited(None))
            );
        }
    }
}

#[test]
fn an_edit_by_accident_is_recognised() {
    const BOM: &str = "\u{feff}";
    let text = "SELECT 1;\n\nSELECT 2;\n";
    let crlf = text.replace('\n', "\r\n");
    let cases = [
        (crlf.as_str(), text, EditCause::HashedWithCrlf),
        (text, crlf.as_str(), EditCause::HashedWithLf),
        (&format!("{BOM}{text}"), text, EditCause::HashedWithBom),
        (text, &format!("{BOM}{text}"), EditCause::HashedWithoutBom),
        (text, text.trim_end(), EditCause::HashedWithFinalLineEnd),
        (text.trim_end(), text, EditCause::HashedWithoutFinalLineEnd),
        ("", text, EditCause::HashedEmpty),
    ];
    for (hashed, now, cause) in cases {
        let with = |text: &str| files(&[("1_a.sql", "SELECT 0;\n"), ("2_b.sql", text)]);
        assert_eq!(
            problems(&with(hashed), with(now)),
            chain("2_b.sql", 3, Reason::Edited(Some(cause)))
        );
    }
}

#[test]
fn a_sum_that_was_touched_is_told() {
    let sum = sum_of(&four());
    let told = |sum: &str| {
        directory(four(), Some(sum))
            .verify()
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
    };
    assert_eq!(told(&sum.replace('\n', "\r\n")), [""; 0]);
    assert_eq!(
        told(&sum.replacen("h1:", "h1:A", 1)),
        [
            "line 1 of atlas.sum does not agree with its other lines: it was merged or edited by hand"
        ]
    );
    let merged = sum
        .replace("3_c.sql", "<<<<<<< HEAD\n3_c.sql")
        .replace("4_d.sql", "=======\n4_d.sql")
        + ">>>>>>> theirs\n";
    assert_eq!(
        told(&merged),
        [
            "line 4 of atlas.sum is left from a merge: `<<<<<<< HEAD`",
            "line 6 of atlas.sum is left from a merge: `=======`",
            "line 8 of atlas.sum is left from a merge: `>>>>>>> theirs`",
        ]
    );
    assert_eq!(
        told("some text\n"),
        ["line 1 of atlas.sum is no entry: `some text`"]
    );
    assert_eq!(
        directory(four(), None)
            .verify()
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>(),
        ["there are 4 migrations and no atlas.sum"]
    );
    // Two branches, merged by taking both lines.
    let lines = sum.lines().collect::<Vec<_>>();
    let without_header = told(&[&lines[..2], &lines[3..]].concat().join("\n"));
    assert_eq!(
        without_header,
        [
            "line 1 of atlas.sum does not agree with its other lines: it was merged or edited by hand",
            "`2_b.sql` was added (line 3 of atlas.sum)",
        ]
    );
}

#[test]
fn a_sum_over_up_files_only_is_that_of_golang_migrate() {
    let up = files(&[("1_a.up.sql", "SELECT 1;"), ("2_b.up.sql", "SELECT 2;")]);
    let all = [
        up.clone(),
        files(&[("1_a.down.sql", "SELECT 0;"), ("2_b.down.sql", "SELECT 0;")]),
    ]
    .concat();
    let told = problems(&up, all.clone());
    assert_eq!(
        told[0],
        Problem::Chain(ChainFault::OtherFormat {
            left_out: "1_a.down.sql".to_owned()
        })
    );
    // Where all are hashed the chain is right, and still there are two files of each version.
    let told = problems(&all, all.clone());
    assert_eq!(
        told.iter().map(ToString::to_string).collect::<Vec<_>>(),
        [
            "`1_a.down.sql` and `1_a.up.sql` have the same version 1",
            "`2_b.down.sql` and `2_b.up.sql` have the same version 2",
        ]
    );
}

#[test]
fn what_cannot_run_is_told_before_it_does() {
    let files = files(&[
        ("1_a.sql", "-- atlas:txmod none\nSELECT 1;\n"),
        ("2_b.sql", "SELECT 1;\n\nSELECT $fn$ never closed;\n"),
        ("3_c.sql", "SELECT 1;\n\\i other.sql\n"),
        ("4_d.sql", "COPY t (a) FROM stdin;\n1\n\\.\n"),
    ]);
    assert_eq!(
        problems(&files, files.clone())
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>(),
        [
            "`1_a.sql`, line 1: unknown directive `atlas:txmod`, did you mean `atlas:txmode`?",
            "`2_b.sql`, line 3: string without its closing `$fn$`",
            "`3_c.sql`, line 2: `\\i other.sql` is a psql command, not SQL",
            "`4_d.sql`, line 1: COPY between server and client is not SQL alone: its data follows outside",
        ]
    );
}

#[test]
fn the_directory_of_another_tool_is_told() {
    let cases = [
        (&["V1__init.sql"][..], "", "Flyway or refinery"),
        (
            &["1_init.up.sql", "1_init.down.sql"],
            "",
            "golang-migrate or sqlx",
        ),
        (&["2024-01-01-000000_init/up.sql"], "", "Diesel"),
        (&["20240101000000_init/migration.sql"], "", "Prisma"),
        (&["0000_init.sql", "meta/_journal.json"], "", "Drizzle"),
        (&["m20240101_000001_init.rs"], "", "SeaORM"),
        (&["20240101_init.sql"], "-- migrate:up\n", "dbmate"),
        (&["20240101_init.sql"], "\n-- +goose Up\n", "goose"),
        (
            &["20240101_init.sql"],
            "--liquibase formatted sql\n",
            "Liquibase",
        ),
    ];
    for (names, text, tool) in cases {
        let (_folder, path) = temporary();
        for name in names {
            let file = path.join(name);
            fs_err::create_dir_all(file.parent().unwrap()).unwrap();
            fs_err::write(&file, text).unwrap();
        }
        let error = Directory::load(&path).unwrap_err();
        assert!(
            error
                .to_string()
                .contains(&format!("looks like a directory of {tool}: it has `")),
            "{error}"
        );
        assert!(error.help().is_some());
        let error = Directory::empty(&path)
            .append(
                &[NewFile {
                    name: "a",
                    text: "",
                }],
                now(),
            )
            .unwrap_err();
        assert!(matches!(error, DirectoryError::Foreign { .. }), "{error}");
    }
}

#[test]
fn what_is_no_directory_of_text_is_told() {
    let (_folder, path) = temporary();
    let error = |path: &Utf8Path| Directory::load(path).unwrap_err().to_string();
    assert_eq!(error(&path), format!("there is no directory `{path}`"));
    fs_err::create_dir(&path).unwrap();
    assert_eq!(Directory::load(&path).unwrap().verify(), []);
    fs_err::write(path.join("1_a.sql"), b"SELECT 1;\n\xff\n").unwrap();
    assert_eq!(
        error(&path),
        format!("line 2 of `{path}/1_a.sql` is not UTF-8")
    );
    assert_eq!(
        error(&path.join("1_a.sql")),
        format!("`{path}/1_a.sql` is not a directory")
    );
    fs_err::remove_file(path.join("1_a.sql")).unwrap();
    fs_err::create_dir(path.join("2_b.sql")).unwrap();
    assert_eq!(error(&path), format!("`{path}/2_b.sql` is not a file"));
}

#[test]
fn a_line_that_is_there_twice_is_told_and_no_panic() {
    let sum = sum_of(&four());
    let last = sum.lines().last().unwrap();
    let told = directory(four(), Some(&format!("{sum}{last}\n"))).verify();
    assert_eq!(
        told.iter().map(ToString::to_string).collect::<Vec<_>>(),
        [
            "line 1 of atlas.sum does not agree with its other lines: it was merged or edited by hand",
            "`4_d.sql` was removed (line 6 of atlas.sum)",
        ]
    );
}

#[test]
fn a_file_renamed_to_sort_earlier_in_the_same_place_is_known_by_its_contents() {
    let mut renamed = four();
    renamed[2].0 = "2_z.sql".to_owned();
    let reason = Reason::Removed {
        renamed_to: Some("2_z.sql".to_owned()),
    };
    let told = problems(&four(), renamed);
    assert_eq!(told[0], chain("3_c.sql", 4, reason)[0]);
}

#[test]
fn a_stranger_among_up_files_is_an_added_file() {
    let up = files(&[("1_a.up.sql", "SELECT 1;"), ("2_b.up.sql", "SELECT 2;")]);
    let now = [up.clone(), files(&[("3_c.sql", "SELECT 3;")])].concat();
    assert_eq!(problems(&up, now), chain("3_c.sql", 4, Reason::Added));
}
