//! A server of our own: start, end, and what others may not disturb.

use std::{
    os::unix::fs::MetadataExt as _,
    path::PathBuf,
    process::{Child, Command},
    time::Instant,
};

use schema_core::dev_db::{Cache, DevServer, ItemKind};
use schema_core::ident::Ident;

use super::{Place, TABLES, answer_of, ask, run, servers_below, wait_for_line, wait_until};

#[tokio::test]
async fn scratch_databases_are_empty_and_independent_and_nothing_stays() {
    let place = Place::new();
    let server = place.open().await;
    let one = server.scratch().await.unwrap();
    let two = server.scratch().await.unwrap();
    let three = server.scratch().await.unwrap();
    run(&one, "CREATE TABLE t (a int)").await;
    assert_eq!(ask(&one, TABLES).await, "t");
    assert_eq!(ask(&two, TABLES).await, "none");
    assert_eq!(ask(&three, TABLES).await, "none");
    two.close().await.unwrap();
    let left = "SELECT count(*)::text FROM pg_database WHERE datname LIKE 'scratch%'";
    assert_eq!(ask(&three, left).await, "1");
    one.close().await.unwrap();
    drop(server);
    assert_eq!(
        ask(&three, TABLES).await,
        "none",
        "a scratch keeps its server alive"
    );
    drop(three);
    assert_eq!(place.left(), Vec::<PathBuf>::new());
    assert_eq!(servers_below(place.run.path()), Vec::<String>::new());
}

#[tokio::test]
async fn a_panic_leaves_nothing_behind() {
    let place = Place::new();
    let server = place.open().await;
    let scratch = server.scratch().await.unwrap();
    let task = tokio::spawn(async move {
        let (_server, _scratch) = (server, scratch);
        std::panic::resume_unwind(Box::new("on purpose"));
    });
    assert!(task.await.unwrap_err().is_panic());
    assert_eq!(place.left(), Vec::<PathBuf>::new());
    assert_eq!(servers_below(place.run.path()), Vec::<String>::new());
}

#[tokio::test]
async fn a_warm_start_takes_a_fraction_of_initdb() {
    let place = Place::new();
    let begun = Instant::now();
    drop(place.open().await.scratch().await.unwrap());
    let cold = begun.elapsed();
    let mut warm = Vec::new();
    for _ in 0..5 {
        let begun = Instant::now();
        let scratch = place.open().await.scratch().await.unwrap();
        ask(&scratch, "SELECT 'ready'").await;
        warm.push(begun.elapsed());
    }
    warm.sort();
    println!("cold {cold:?}; warm, from opening to the first answer: {warm:?}");
    assert!(warm[0] < cold / 4, "cold {cold:?}, warm {warm:?}");
}

#[tokio::test]
async fn text_is_utf_8_and_sorted_by_its_bytes() {
    let place = Place::new();
    let scratch = place.open().await.scratch().await.unwrap();
    assert_eq!(ask(&scratch, "SHOW server_encoding").await, "UTF8");
    let sorted = "SELECT string_agg(x, '' ORDER BY x) FROM unnest(ARRAY['b', 'a', 'B', 'é']) x";
    assert_eq!(ask(&scratch, sorted).await, "Babé");
    assert_eq!(ask(&scratch, "SHOW timezone").await, "UTC");
}

#[tokio::test]
async fn a_killed_run_leaves_no_server_and_the_next_one_sweeps_its_directory() {
    let place = Place::new();
    drop(place.open().await.scratch().await.unwrap());
    let mut child = place.child("hold").spawn().unwrap();
    wait_for_line(&mut child, "holding");
    let alive = place.left();
    assert_eq!(alive.len(), 1);
    let inventory = Cache::new(place.cache.path()).inventory(&place.options().run_dirs);
    assert!(inventory.run_dirs[0].in_use && inventory.run_dirs[0].bytes > 1 << 20);

    // Another run does not touch the directory of a living one.
    let server = place.open().await;
    let scratch = server.scratch().await.unwrap();
    assert_eq!(place.left().len(), 2);
    assert!(!servers_below(&alive[0]).is_empty());

    child.kill().unwrap();
    child.wait().unwrap();
    wait_until("the server of a killed run ends", || {
        servers_below(&alive[0]).is_empty()
    });
    assert!(alive[0].exists(), "nobody was there to remove it");
    let inventory = Cache::new(place.cache.path()).inventory(&place.options().run_dirs);
    assert_eq!(
        inventory.run_dirs.iter().filter(|dir| dir.in_use).count(),
        1
    );
    drop(place.open().await.scratch().await.unwrap());
    assert!(!alive[0].exists());
    drop((scratch, server));
    assert_eq!(place.left(), Vec::<PathBuf>::new());
}

#[tokio::test]
async fn a_server_that_outlived_its_run_is_stopped_by_the_next() {
    let place = Place::new();
    drop(place.open().await.scratch().await.unwrap());
    // Where the kernel does not end it: as if our own server had no owner any more.
    let server = place.open().await;
    let scratch = server.scratch().await.unwrap();
    let dir = place.left().remove(0);
    let orphan = place.run.path().join("cmig-orphan");
    // The lock is on the directory itself, and stays with the old one; the server's files move.
    fs_err::create_dir(&orphan).unwrap();
    let owner = fs_err::metadata(&dir).unwrap();
    std::os::unix::fs::chown(&orphan, Some(owner.uid()), Some(owner.gid())).unwrap();
    fs_err::rename(dir.join("data"), orphan.join("data")).unwrap();
    assert!(!servers_below(&orphan).is_empty());
    drop(place.open().await.scratch().await.unwrap());
    assert!(!orphan.exists());
    assert_eq!(servers_below(place.run.path()), Vec::<String>::new());
    drop((scratch, server));
}

#[tokio::test]
async fn several_cold_runs_at_once_do_not_disturb_each_other() {
    let place = Place::new();
    place.options();
    let children: Vec<Child> = (0..4)
        .map(|_| place.child("ask").spawn().unwrap())
        .collect();
    for child in children {
        let output = child.wait_with_output().unwrap();
        let text = String::from_utf8_lossy(&output.stdout);
        assert!(text.contains("answer \"$user\", public 0 none"), "{text}");
    }
    assert_eq!(place.left(), Vec::<PathBuf>::new());
    assert_eq!(place.kept(ItemKind::Template).len(), 1);
}

#[tokio::test]
async fn the_users_environment_does_not_leak_into_the_server() {
    let place = Place::new();
    place.options();
    let mut child = place.child("ask");
    child
        .env(
            "PGOPTIONS",
            "-c search_path=nowhere -c statement_timeout=7s",
        )
        .env("PGHOST", "no.such.host")
        .env("PGHOSTADDR", "192.0.2.1")
        .env("PGPORT", "1")
        .env("PGUSER", "nobody_here")
        .env("PGDATABASE", "nothing")
        .env("PGPASSWORD", "wrong")
        .env("PGSSLMODE", "verify-full")
        .env("PGDATA", "/nowhere")
        .env("PGTZ", "Asia/Tokyo")
        .env("LC_ALL", "xx_XX.UTF-8")
        .env("LC_MESSAGES", "de_DE.UTF-8");
    assert_eq!(answer_of(child), "answer \"$user\", public 0 none");
}

/// Root without the right to become somebody else, as in some containers.
#[tokio::test]
async fn root_without_the_right_to_change_user_uses_a_user_namespace() {
    let works =
        |command: &mut Command| command.output().is_ok_and(|output| output.status.success());
    let limit = ["--bounding-set", "-setuid,-setgid"];
    let possible = works(Command::new("id").arg("-u"))
        && fs_err::metadata("/proc/self").is_ok_and(|me| me.uid() == 0)
        && works(
            Command::new("setpriv")
                .args(limit)
                .args(["unshare", "--user", "true"]),
        );
    if !possible {
        println!("skipped: not root, or no setpriv, or no user namespaces");
        return;
    }
    let place = Place::new();
    place.options();
    let child = place.child("ask");
    let mut limited = Command::new("setpriv");
    limited
        .args(limit)
        .arg(child.get_program())
        .args(child.get_args());
    for (name, value) in child.get_envs() {
        limited.env(name, value.unwrap());
    }
    assert_eq!(answer_of(limited), "answer \"$user\", public 0 none");
    assert_eq!(place.left(), Vec::<PathBuf>::new());
}

#[tokio::test]
async fn roles_are_there_on_every_server_of_our_own() {
    const ROLES: &str = "SELECT coalesce(string_agg(rolname || CASE WHEN rolcanlogin THEN '!' ELSE '' END, ',' \
         ORDER BY rolname), 'none') FROM pg_roles WHERE oid >= 16384";
    let place = Place::new();
    let mut options = place.options();
    let plain = place.open().await;
    let scratch = plain.scratch().await.unwrap();
    assert!(plain.store(&scratch, "state").await.unwrap());
    options.roles = ["app", "Batch Jobs"].map(Ident::from).into();
    let server = DevServer::open(&options).await.unwrap();
    // A state of a server without them is another state: a migration can see the difference.
    assert!(server.restore("state").await.unwrap().is_none());
    let scratch = server.scratch().await.unwrap();
    assert_eq!(ask(&scratch, ROLES).await, "Batch Jobs,app");
    run(&scratch, "CREATE TABLE t (); GRANT SELECT ON t TO app").await;
    assert!(server.store(&scratch, "state").await.unwrap());
    let restored = server.restore("state").await.unwrap().unwrap();
    assert_eq!(ask(&restored, ROLES).await, "Batch Jobs,app");
    let again = DevServer::open(&options).await.unwrap();
    assert_eq!(
        ask(&again.restore("state").await.unwrap().unwrap(), TABLES).await,
        "t"
    );
    // What the configuration does not name any more is not there.
    assert_eq!(
        ask(&place.open().await.scratch().await.unwrap(), ROLES).await,
        "none"
    );
    assert_eq!(
        place.kept(ItemKind::Template).len(),
        1,
        "roles need no template of their own"
    );
}
