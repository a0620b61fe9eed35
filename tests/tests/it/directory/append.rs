//! Tests: what is added to a directory, and what is not.

use std::process::Command;

use camino::{Utf8Path, Utf8PathBuf};
use jiff::Timestamp;
use schema_core::directory::{Directory, DirectoryError, NewFile, SUM_FILE};
use tempfile::TempDir;

pub(super) fn temporary() -> (TempDir, Utf8PathBuf) {
    let folder = tempfile::tempdir().expect("a folder of its own");
    let path = Utf8Path::from_path(folder.path())
        .expect("its path is text")
        .join("migrations");
    (folder, path)
}

pub(super) fn now() -> Timestamp {
    "2026-11-23T12:00:00Z".parse().expect("a time")
}

fn names(path: &Utf8Path) -> Vec<String> {
    let mut names: Vec<_> = path
        .read_dir_utf8()
        .expect("the folder can be read")
        .map(|entry| {
            entry
                .expect("the folder can be read")
                .file_name()
                .to_owned()
        })
        .collect();
    names.sort();
    names
}

#[test]
fn files_are_appended_behind_the_newest() {
    let (_folder, path) = temporary();
    let mut directory = Directory::empty(&path);
    let file = |name, text| NewFile { name, text };
    let written = directory
        .append(
            &[file("init", "SELECT 1;\n"), file("more", "SELECT 2;\n")],
            now(),
        )
        .unwrap();
    assert_eq!(
        written,
        ["20261123120000_init.sql", "20261123120001_more.sql"]
    );
    // The clock went back.
    let hour_before = "2026-11-23T11:00:00Z".parse().unwrap();
    assert_eq!(
        directory
            .append(&[file("", "SELECT 3;\n")], hour_before)
            .unwrap(),
        ["20261123120002.sql"]
    );
    assert_eq!(
        names(&path),
        [
            "20261123120000_init.sql",
            "20261123120001_more.sql",
            "20261123120002.sql",
            SUM_FILE
        ]
    );
    let loaded = Directory::load(&path).unwrap();
    assert_eq!((loaded.verify(), loaded.hash()), (vec![], directory.hash()));
    assert_eq!(
        fs_err::read_to_string(path.join(SUM_FILE)).unwrap(),
        loaded.computed_sum().to_string()
    );
    #[cfg(unix)]
    for name in names(&path) {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(
            path.join(&name).metadata().unwrap().permissions().mode() & 0o777,
            0o644,
            "{name}"
        );
    }
}

#[test]
fn nothing_is_appended_to_a_broken_directory() {
    let (_folder, path) = temporary();
    let mut directory = Directory::empty(&path);
    directory
        .append(
            &[NewFile {
                name: "init",
                text: "SELECT 1;\n",
            }],
            now(),
        )
        .unwrap();
    fs_err::write(path.join("20261123120000_init.sql"), "SELECT 2;\n").unwrap();
    let before = names(&path);
    let mut loaded = Directory::load(&path).unwrap();
    let error = loaded
        .append(
            &[NewFile {
                name: "more",
                text: "SELECT 3;\n",
            }],
            now(),
        )
        .unwrap_err();
    assert!(
        matches!(&error, DirectoryError::Broken { first, .. } if first.code() == "D005"),
        "{error}"
    );
    assert_eq!(names(&path), before);
}

#[test]
fn names_that_are_no_file_names_are_refused() {
    let (_folder, path) = temporary();
    for (name, help) in [
        (
            "../up",
            "use letters without accents, digits, `_` and `-`, as in `up`",
        ),
        (
            "add users",
            "use letters without accents, digits, `_` and `-`, as in `add_users`",
        ),
        ("…", "use letters without accents, digits, `_` and `-`"),
    ] {
        let error = Directory::empty(&path)
            .append(&[NewFile { name, text: "" }], now())
            .unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("`{name}` is not a name for a migration")
        );
        assert_eq!(error.help().as_deref(), Some(help));
    }
    assert!(!path.exists());
}

#[test]
fn of_two_that_planned_on_the_same_state_one_is_refused() {
    let (_folder, path) = temporary();
    Directory::empty(&path)
        .append(
            &[NewFile {
                name: "init",
                text: "SELECT 1;\n",
            }],
            now(),
        )
        .unwrap();
    let write = |name: &'static str| {
        let mut directory = Directory::load(&path).unwrap();
        move || {
            directory.append(
                &[NewFile {
                    name,
                    text: "SELECT 2;\n",
                }],
                now(),
            )
        }
    };
    let (one, other) = (write("one"), write("other"));
    let results = std::thread::scope(|scope| {
        let threads = [scope.spawn(one), scope.spawn(other)];
        threads.map(|thread| thread.join().unwrap())
    });
    let refused = results
        .iter()
        .filter_map(|result| result.as_ref().err())
        .collect::<Vec<_>>();
    assert!(
        matches!(refused.as_slice(), [DirectoryError::Changed { .. }]),
        "{results:?}"
    );
    let loaded = Directory::load(&path).unwrap();
    assert_eq!((loaded.files.len(), loaded.verify()), (2, vec![]));
}

const FULL_DISK: &str = "CARGO_MIGRATE_TEST_FULL_DISK";

#[test]
fn a_full_disk_leaves_nothing_behind() {
    if let Ok(path) = std::env::var(FULL_DISK) {
        let mut directory = Directory::load(Utf8Path::new(&path)).unwrap();
        let small = NewFile {
            name: "small",
            text: "SELECT 2;\n",
        };
        // The file itself fits, the sum does not.
        let error = directory.append(&[small], now()).unwrap_err();
        assert!(
            matches!(&error, DirectoryError::Write { path, .. } if path.ends_with(SUM_FILE)),
            "{error}"
        );
        let large = "SELECT 2;\n".repeat(1000);
        let error = directory
            .append(
                &[
                    small,
                    NewFile {
                        name: "large",
                        text: &large,
                    },
                ],
                now(),
            )
            .unwrap_err();
        assert!(
            matches!(&error, DirectoryError::Write { path, .. } if path.as_str().ends_with("_large.sql")),
            "{error}"
        );
        return;
    }
    let (_folder, path) = temporary();
    let texts = (0..30)
        .map(|number| format!("SELECT {number};\n"))
        .collect::<Vec<_>>();
    let many = texts
        .iter()
        .map(|text| NewFile { name: "a", text })
        .collect::<Vec<_>>();
    Directory::empty(&path).append(&many, now()).unwrap();
    let before = names(&path);
    // A limit on the size of files (in half kilobytes) fails writes as a full disk does.
    let child = Command::new("sh")
        .args(["-c", "trap '' XFSZ; ulimit -f 2; exec \"$0\" \"$@\""])
        .arg(std::env::current_exe().unwrap())
        .args([
            "--exact",
            "directory::append::a_full_disk_leaves_nothing_behind",
        ])
        .env(FULL_DISK, &path)
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&child.stdout);
    assert!(
        child.status.success() && told.contains("1 passed"),
        "{told}{}",
        String::from_utf8_lossy(&child.stderr)
    );
    assert_eq!(names(&path), before);
    assert_eq!(Directory::load(&path).unwrap().verify(), []);
}
