//! A team at work: one crate in a git repository, its branches and clones, and what they are told.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::Command;
use std::sync::LazyLock;

use camino::{Utf8Path, Utf8PathBuf};
use integration_tests::project::{TestProject, cargo_migrate, forget_package};
use integration_tests::repository::{Ran, isolate};
use regex::Regex;
use schema_core::directory::Directory;

/// A change to the structs, in a place of its own (`a`, `b` or `c`), so that git can merge it.
#[derive(Clone, Copy, Debug)]
pub(super) enum Edit {
    /// `users` gets a column.
    Column(&'static str, &'static str),
    /// There is another table.
    Table(&'static str, &'static str),
    /// The table `users` is called otherwise.
    UsersAre(&'static str),
}

/// The migration that everybody has.
pub(super) const BASE: &str = "20250101000000_create_users.sql";

/// A name for every situation, and what happens in it.
pub(super) type Situations = &'static [(&'static str, fn(&Team))];

/// A crate with a table in a repository: `main` has the migration [`BASE`], and `work`, checked
/// out, nothing yet.
pub(super) struct Team {
    project: TestProject,
    /// Where commands run: the repository, or a clone or worktree of it.
    here: RefCell<Utf8PathBuf>,
    /// What people wrote into migrations, and nobody may lose.
    by_hand: RefCell<Vec<String>>,
}

const USERS: &str = r#"use schema_core::prelude::*;

#[table(name = "users")]
pub struct User {
    #[column(primary_key, identity)]
    pub id: i64,
    pub email: String,
    // Place a:
    //
    //
    // Place b:
    //
    //
    // Place c:
    //
    //
}
"#;

/// Goes through situations, each in a repository as it was at first, and tells all that fail.
pub(super) fn all(package: &str, situations: Situations) {
    let mut team = Team::new(package);
    let only = std::env::var("TEAM_SITUATION").ok();
    let chosen = situations.iter().filter(|(name, _)| {
        only.as_ref()
            .is_none_or(|only| name.contains(only.as_str()))
    });
    let mut failed = Vec::new();
    for (name, situation) in chosen {
        team.again();
        if catch_unwind(AssertUnwindSafe(|| situation(&team))).is_err() {
            failed.push(*name);
        }
    }
    assert!(failed.is_empty(), "these failed: {failed:#?}");
}

impl Team {
    fn new(package: &str) -> Self {
        let files = [
            (".gitignore", "/target\n"),
            (
                "src/lib.rs",
                "pub mod a;\npub mod b;\npub mod c;\npub mod users;\n",
            ),
            ("src/users.rs", USERS),
            ("src/a.rs", ""),
            ("src/b.rs", ""),
            ("src/c.rs", ""),
        ];
        let project = TestProject::package(package, "", &files);
        let team = Self {
            here: RefCell::new(project.root().to_owned()),
            project,
            by_hand: RefCell::default(),
        };
        team.git("init -q -b main");
        team.migrate("generate create_users").ends(0, &[]);
        team.dated("20250101");
        team.commit("base");
        team.git("checkout -q -b work");
        team.sh(&format!("rm -rf {0} && cp -R . {0}", team.template()), 0);
        team
    }

    fn template(&self) -> String {
        format!("{}-template", self.project.root())
    }

    /// As it was at first.
    fn again(&mut self) {
        self.here.replace(self.project.root().to_owned());
        self.by_hand.take();
        let (root, template) = (self.project.root(), self.template());
        let fresh = format!("find {root} -mindepth 1 -delete; cp -R {template}/. {root}");
        self.sh(&fresh, 0);
    }

    /// Where commands run.
    pub(super) fn folder(&self) -> Utf8PathBuf {
        self.here.borrow().clone()
    }

    /// Lets all that follows happen in another folder: a clone, a worktree.
    pub(super) fn enter(&self, folder: impl Into<Utf8PathBuf>) {
        self.here.replace(folder.into());
    }

    fn isolated(&self, mut command: Command) -> Command {
        isolate(&mut command);
        forget_package(&mut command);
        let ours = cargo_migrate().parent().expect("is in a folder");
        let path = std::env::var("PATH").expect("is set");
        command
            .current_dir(&*self.here.borrow())
            .env("PATH", format!("{ours}:{path}"));
        command
    }

    /// A line for the shell, in which `cargo migrate` is the binary under test.
    #[track_caller]
    pub(super) fn try_sh(&self, line: &str) -> Ran {
        let mut command = self.isolated(self.project.command("sh"));
        Ran::of(command.args(["-c", line]))
    }

    /// The same, where the exit code is known.
    #[track_caller]
    pub(super) fn sh(&self, line: &str, code: i32) -> Ran {
        let ran = self.try_sh(line);
        assert_eq!(ran.code, code, "{line}: {}{}", ran.out, ran.err);
        ran
    }

    /// git, with arguments that have no spaces in them.
    #[track_caller]
    pub(super) fn git(&self, arguments: &str) -> String {
        let ran = self.try_git(arguments);
        assert_eq!(ran.code, 0, "git {arguments}: {}{}", ran.out, ran.err);
        ran.out.trim().to_owned()
    }

    /// The same, where it may fail.
    #[track_caller]
    pub(super) fn try_git(&self, arguments: &str) -> Ran {
        let mut command = self.isolated(self.project.command("git"));
        Ran::of(command.args(arguments.split(' ')))
    }

    /// git, which is to stop at a conflict.
    #[track_caller]
    pub(super) fn conflict(&self, arguments: &str) {
        let ran = self.try_git(arguments);
        assert_eq!(ran.code, 1, "git {arguments}: {}{}", ran.out, ran.err);
        assert!(ran.out.contains("CONFLICT"), "{}{}", ran.out, ran.err);
    }

    /// Commits everything.
    #[track_caller]
    pub(super) fn commit(&self, message: &str) {
        self.git("add -A");
        self.git(&format!("commit -q --allow-empty -m {message}"));
    }

    /// `cargo migrate`.
    #[track_caller]
    pub(super) fn migrate(&self, arguments: &str) -> Ran {
        let mut command = self.isolated(self.project.command(cargo_migrate()));
        Ran::of(command.args(arguments.split(' ')))
    }

    /// A branch from here, checked out.
    #[track_caller]
    pub(super) fn branch(&self, name: &str) -> &Self {
        self.git(&format!("checkout -q -b {name}"));
        self
    }

    /// Another branch, checked out.
    #[track_caller]
    pub(super) fn on(&self, name: &str) -> &Self {
        self.git(&format!("checkout -q {name}"));
        self
    }

    /// A path in the crate.
    pub(super) fn path(&self, path: &str) -> Utf8PathBuf {
        self.here.borrow().join(path)
    }

    /// Reads a file.
    #[track_caller]
    pub(super) fn read(&self, path: &str) -> String {
        fs_err::read_to_string(self.path(path)).unwrap()
    }

    /// Writes a file.
    #[track_caller]
    pub(super) fn write(&self, path: &str, text: &str) {
        fs_err::write(self.path(path), text).unwrap();
    }

    /// Makes of a file's text another.
    #[track_caller]
    pub(super) fn change(&self, path: &str, change: impl Fn(&str) -> String) {
        let text = self.read(path);
        let now = change(&text);
        assert_ne!(text, now, "{path} is to change");
        self.write(path, &now);
    }

    /// Makes of a migration's text another.
    #[track_caller]
    pub(super) fn change_migration(&self, name: &str, change: impl Fn(&str) -> String) {
        self.change(&format!("migrations/{name}"), change);
    }

    /// Changes the structs.
    #[track_caller]
    pub(super) fn edit(&self, edit: Edit) {
        match edit {
            Edit::Column(place, name) => self.change("src/users.rs", |text| {
                let place = format!("// Place {place}:\n");
                text.replace(&place, &format!("{place}    pub {name}: Option<i32>,\n"))
            }),
            Edit::Table(place, name) => self.write(
                &format!("src/{place}.rs"),
                &format!(
                    "use schema_core::prelude::*;\n\n#[table(name = \"{name}\")]\npub struct Row {{\n    \
                     #[column(primary_key, identity)]\n    pub id: i64,\n    pub title: String,\n}}\n"
                ),
            ),
            Edit::UsersAre(name) => {
                self.change("src/users.rs", |text| text.replace("\"users\"", &format!("\"{name}\"")));
            }
        }
    }

    /// Changes the structs, generates the migration of a day (`YYYYMMDD`), and commits both.
    #[track_caller]
    pub(super) fn step(&self, day: &str, edit: Edit) -> String {
        let name = self.uncommitted(day, edit);
        self.commit(day);
        name
    }

    /// The same without the commit.
    #[track_caller]
    pub(super) fn uncommitted(&self, day: &str, edit: Edit) -> String {
        self.edit(edit);
        let arguments = match edit {
            Edit::Column(_, name) => format!("generate add_{name}"),
            Edit::Table(_, name) => format!("generate create_{name}"),
            Edit::UsersAre(name) => format!("generate {name} --no-shim --rename users={name}"),
        };
        self.migrate(&arguments).ends(0, &[]);
        self.dated(day)
    }

    /// Takes in a migration that a person wrote, of a day, and commits it.
    #[track_caller]
    pub(super) fn data(&self, day: &str, name: &str, sql: &str) -> String {
        self.write("data.txt", sql);
        self.migrate(&format!("new {name} --from data.txt"))
            .ends(0, &[]);
        fs_err::remove_file(self.path("data.txt")).unwrap();
        let name = self.dated(day);
        self.by_hand.borrow_mut().push(sql.to_owned());
        self.commit(day);
        name
    }

    /// Gives the newest migration, which was just made, the version of another day.
    #[track_caller]
    pub(super) fn dated(&self, day: &str) -> String {
        let newest = self.names().pop().expect("was just made");
        let (_, rest) = newest.split_once('_').expect("has a name");
        let name = format!("{day}000000_{rest}");
        let folder = self.path("migrations");
        fs_err::rename(folder.join(&newest), folder.join(&name)).unwrap();
        self.migrate("hash").ends(0, &[]);
        name
    }

    /// Writes the sum anew for the files that are there, as nothing of ours would.
    pub(super) fn rehash(&self) {
        let directory = Directory::load(&self.path("migrations")).unwrap();
        self.write(
            "migrations/atlas.sum",
            &directory.computed_sum().to_string(),
        );
    }

    /// The migrations by name, in order.
    pub(super) fn names(&self) -> Vec<String> {
        self.files().into_keys().collect()
    }

    /// What the names say after the version, in order.
    pub(super) fn order(&self) -> Vec<String> {
        let name = |file: String| file[15..].trim_end_matches(".sql").to_owned();
        self.names().into_iter().map(name).collect()
    }

    fn files(&self) -> BTreeMap<String, Vec<u8>> {
        let folder = self.path("migrations");
        let paths = folder
            .read_dir_utf8()
            .unwrap()
            .map(|it| it.unwrap().into_path());
        paths
            .filter(|path| path.extension() == Some("sql"))
            .map(|path| {
                (
                    path.file_name().unwrap().to_owned(),
                    fs_err::read(path).unwrap(),
                )
            })
            .collect()
    }

    /// A command tells of what is wrong; so does `check --all`.
    #[track_caller]
    pub(super) fn told(&self, command: &str, code: i32, says: &[&str]) -> &Self {
        self.migrate(command).ends(code, says);
        let all = self.migrate("check --all");
        assert_ne!(
            all.code, 0,
            "check --all is content: {}{}",
            all.out, all.err
        );
        let codes = says.iter().filter(|word| is_code(word));
        for word in codes {
            let text = [all.out.as_str(), &all.err].concat();
            assert!(
                text.contains(word),
                "check --all does not say {word}: {text}"
            );
        }
        self
    }

    /// Follows what the commands say, as it stands, until they are content: this is what it took.
    #[track_caller]
    pub(super) fn mended_by(&self, expected: &[&str]) {
        self.mended_against("main", expected);
    }

    /// The same where the base branch is called otherwise.
    #[track_caller]
    pub(super) fn mended_against(&self, base: &str, expected: &[&str]) {
        let mut done = Vec::new();
        let mut next = self.advice();
        while let Some(line) = next {
            assert!(done.len() < 8, "this leads nowhere: {done:#?}");
            let ran = self.try_sh(&line);
            let text = [ran.out.as_str(), &ran.err].concat();
            done.push(line);
            if let Some(then) = text.lines().find_map(|line| line.split_once("then: ")) {
                self.try_sh(then.1);
            }
            let stopped =
                done.last().is_some_and(|it| it.starts_with("git ")) && text.contains("CONFLICT");
            next = if ran.code == 0 || stopped {
                self.advice()
            } else {
                // Nothing is done where something is refused, and the refusal says what to do.
                assert_eq!(ran.code, 11, "{text}\nafter {done:#?}");
                Some(named(&text))
            };
        }
        assert_eq!(done, expected);
        self.good_against(base);
    }

    /// The first command in what the first discontented one says.
    fn advice(&self) -> Option<String> {
        let mut checks = ["validate", "lint", "check"].into_iter();
        checks.find_map(|check| {
            let ran = self.migrate(check);
            let text = [ran.out.as_str(), &ran.err].concat();
            // What a migration does to a database is not the matter here.
            let is_content =
                ran.code == 0 || (check == "lint" && ran.code == 10 && !is_about_history(&text));
            (!is_content).then(|| named(&text))
        })
    }

    /// All is well: the chain, the order, the structs; git has nothing unfinished; and nothing of what
    /// others have, or people wrote, is lost.
    #[track_caller]
    pub(super) fn good(&self) {
        self.good_against("main");
    }

    /// The same where the base branch is called otherwise.
    #[track_caller]
    pub(super) fn good_against(&self, base: &str) {
        self.migrate("validate").ends(0, &[]);
        let lint = self.migrate("lint");
        assert!([0, 10].contains(&lint.code), "{}{}", lint.out, lint.err);
        assert!(!is_about_history(&lint.out), "{}", lint.out);
        self.migrate("check").ends(0, &[]);
        assert_eq!(self.git("ls-files -u"), "", "conflicts");
        let here = self.files();
        let listed = self.git(&format!("ls-tree --name-only {base} migrations/"));
        for path in listed.lines().map(Utf8Path::new) {
            if path.extension() != Some("sql") {
                continue;
            }
            let there = self.try_git(&format!("show {base}:./{path}")).out;
            let name = path.file_name().unwrap();
            let bytes = here.get(name).unwrap_or_else(|| panic!("{name} is lost"));
            assert_eq!(String::from_utf8_lossy(bytes), there, "{name}");
        }
        for text in self.by_hand.borrow().iter() {
            let kept = here.values().any(|bytes| bytes == text.as_bytes());
            assert!(kept, "lost: {text}");
        }
    }
}

/// The first command that a message names; what is called NAME in it is for a person to choose.
#[track_caller]
fn named(text: &str) -> String {
    static COMMAND: LazyLock<Regex> =
        LazyLock::new(|| Regex::new("`((?:cargo migrate|git) [^`]+)`").unwrap());
    let found = COMMAND.captures(text);
    let found = found.unwrap_or_else(|| panic!("this names no command: {text}"));
    found[1].replace("NAME", "mended")
}

/// Whether findings of lint are about the chain or the order.
fn is_about_history(text: &str) -> bool {
    static CODE: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\[[DH]\d{3}\]").unwrap());
    CODE.is_match(text)
}

/// Whether a word is the code of a finding.
fn is_code(word: &str) -> bool {
    word.len() == 4 && word.starts_with(['D', 'H'])
}
