//! The page in a real Chromium: loaded from a file, within another page that plays the reader.

use std::io::{BufRead as _, BufReader, Read as _};
use std::net::TcpListener;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use schema_core::render::{Diagram, History, Touch, html};
use serde_json::Value;

use super::layout::tables;
use super::{HOSTILE, SHOP, changed, diagram};

/// Where Chromium is; a word about it where it is nowhere. In CI it has to be there.
fn chromium() -> Option<&'static str> {
    let names = [
        "/usr/bin/chromium",
        "/usr/bin/chromium-browser",
        "/usr/bin/google-chrome",
    ];
    let found = names
        .into_iter()
        .find(|path| std::path::Path::new(path).exists());
    if found.is_none() {
        assert!(
            std::env::var_os("CI").is_none(),
            "CI needs a chromium: see .ci/run"
        );
        println!("skipped: no chromium on this machine");
    }
    found
}

/// What a script says that plays a reader of the page: `frame` is its window, `$` finds by id, and
/// `later` waits for a few frames.
fn play(page: &str, script: &str) -> Option<Value> {
    let chromium = chromium()?;
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| fs_err::write(folder.path().join(name), text).unwrap();
    write("page.html", page);
    write(
        "reader.html",
        &format!(
            "<!DOCTYPE html><meta charset=utf-8><iframe id=frame src=page.html style='width:1200px;height:800px;border:0'></iframe>
             <script>
             const errors = [];
             const frameElement = document.getElementById('frame');
             frameElement.addEventListener('load', async () => {{
               const frame = frameElement.contentWindow, page = frame.document;
               frame.addEventListener('error', (event) => errors.push(event.message));
               const $ = (id) => page.getElementById(id);
               const later = (time = 400) => new Promise((done) => setTimeout(done, time));
               const key = (name, on = page.body) => on.dispatchEvent(new frame.KeyboardEvent('keydown', {{ key: name, bubbles: true, cancelable: true }}));
               const click = (on) => on.dispatchEvent(new frame.MouseEvent('click', {{ bubbles: true, cancelable: true }}));
               const type = (text) => {{ $('search').value = text; $('search').dispatchEvent(new frame.Event('input', {{ bubbles: true }})); }};
               const listed = () => [...page.querySelectorAll('#list button')].map((it) => it.textContent);
               const box = (name) => [...page.querySelectorAll('.box')].find((it) => it.getAttribute('aria-label').includes(' ' + name + ','));
               let said;
               try {{ await later(); said = await (async () => {{ {script} }})(); }} catch (error) {{ said = {{ failed: String(error) }}; }}
               fetch('http://127.0.0.1:{port}/', {{ method: 'POST', mode: 'no-cors', body: JSON.stringify({{ errors, said }}) }});
             }});
             </script>"
        ),
    );
    let mut browser = Command::new(chromium)
        .args([
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--allow-file-access-from-files",
        ])
        .args([
            "--window-size=1300,900",
            "--remote-debugging-port=0",
            "--no-first-run",
        ])
        .arg("--disable-features=LocalNetworkAccessChecks")
        .arg(format!(
            "--user-data-dir={}",
            folder.path().join("profile").display()
        ))
        .arg(format!(
            "file://{}",
            folder.path().join("reader.html").display()
        ))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let said = heard(&listener);
    browser.kill().unwrap();
    browser.wait().unwrap();
    let said = said.expect("the page says something within a minute");
    assert_eq!(
        said["errors"],
        serde_json::json!([]),
        "the page's script has errors"
    );
    Some(said["said"].clone())
}

/// The body of the first request that comes.
fn heard(listener: &TcpListener) -> Option<Value> {
    listener.set_nonblocking(true).unwrap();
    let end = Instant::now() + Duration::from_mins(1);
    while Instant::now() < end {
        let Ok((stream, _)) = listener.accept() else {
            std::thread::sleep(Duration::from_millis(20));
            continue;
        };
        stream.set_nonblocking(false).unwrap();
        stream
            .set_read_timeout(Some(Duration::from_secs(10)))
            .unwrap();
        let mut reader = BufReader::new(stream);
        let mut length = 0;
        let mut line = String::new();
        while reader.read_line(&mut line).unwrap_or(0) > 2 {
            if let Some(value) = line.to_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse().unwrap();
            }
            line.clear();
        }
        let mut body = vec![0; length];
        if length == 0 || reader.read_exact(&mut body).is_err() {
            continue;
        }
        return Some(serde_json::from_slice(&body).unwrap());
    }
    None
}

#[tokio::test]
async fn a_click_shows_a_table_and_its_links_lead_on() {
    let mut diagram = diagram(SHOP).await;
    let users = diagram
        .nodes
        .iter_mut()
        .find(|node| node.name.name == *"users")
        .unwrap();
    users.history.push(Touch {
        file: "20260101_users.sql".to_owned(),
        what: vec!["created".to_owned()],
    });
    let said = play(
        &html(&diagram),
        "click(box('orders')); await later();
         const orders = $('panel').innerText, hash = frame.location.hash;
         click([...page.querySelectorAll('#panel .go')].find((it) => it.textContent === 'users')); await later();
         const users = $('panel').innerText;
         key('Escape'); await later();
         return { orders, users, hash, closed: $('panel').hidden, boxes: page.querySelectorAll('.box').length, lines: page.querySelectorAll('.line').length };",
    );
    let Some(said) = said else { return };
    let has = |text: &Value, parts: &[&str]| {
        let text = text
            .as_str()
            .unwrap_or_else(|| panic!("{said:#}"))
            .to_lowercase();
        for part in parts {
            assert!(
                text.contains(&part.to_lowercase()),
                "no `{part}` in:\n{text}"
            );
        }
    };
    has(
        &said["orders"],
        &[
            "status",
            "default 'new'::order_status",
            "paid",
            "orders_pkey",
            "REFERENCES users (id)",
            "orders_user_idx",
            "WHERE status = 'new'::order_status",
            "may be null",
        ],
    );
    has(
        &said["users"],
        &[
            "People.",
            "character varying(80)",
            "own",
            "CREATE POLICY",
            "Referenced by",
            "20260101_users.sql",
            "created",
        ],
    );
    assert_eq!(said["closed"], true);
    assert_eq!(said["boxes"], 3);
    assert_eq!(said["lines"], 2);
    assert!(
        said["hash"].as_str() == Some("#public.orders") || said["hash"] == "",
        "{said}"
    );
}

#[tokio::test]
async fn search_zoom_pan_keys_and_theme_work() {
    let said = play(
        &html(&diagram(SHOP).await),
        "const scale = () => Number($('scale').value.replace('%', '')), place = () => $('world').getAttribute('transform');
         type('EMAIL'); await later();
         const found = listed(), lit = page.querySelectorAll('.box.hit').length, status = $('found').textContent;
         type(''); await later();
         const all = listed().length, begin = scale();
         click($('in')); await later(); const larger = scale();
         $('picture').dispatchEvent(new frame.WheelEvent('wheel', { deltaY: 120, clientX: 300, clientY: 300, bubbles: true, cancelable: true })); await later();
         const wheeled = scale();
         key('0'); await later(); const whole = scale();
         let was = place(); key('ArrowLeft'); await later(); const keyed = place() !== was;
         was = place();
         const at = (type, x, y) => $('picture').dispatchEvent(new frame.PointerEvent(type, { pointerId: 1, button: 0, buttons: 1, clientX: x, clientY: y, bubbles: true }));
         at('pointerdown', 500, 600); at('pointermove', 540, 640); at('pointermove', 560, 650); at('pointerup', 560, 650); await later();
         const dragged = place() !== was;
         const paper = () => frame.getComputedStyle(page.body).backgroundColor;
         const first = paper(); click($('theme')); await later(); const second = paper(); key('d'); await later();
         key('/'); await later(); const searching = page.activeElement === $('search');
         box('users').focus(); key('Enter', box('users')); await later();
         return { found, lit, status, all, begin, larger, wheeled, whole, keyed, dragged, first, second, third: paper(), searching,
           panel: $('panel').querySelector('h2').textContent, tab: box('users').tabIndex, role: box('users').getAttribute('role') };",
    );
    let Some(said) = said else { return };
    assert_eq!(said["lit"], 2, "{said:#}");
    assert_eq!(
        said["found"],
        serde_json::json!(["activeemail", "usersemail"])
    );
    assert_eq!(said["status"], "2 tables and views");
    assert_eq!(said["all"], 4, "three boxes and a type");
    let number = |name: &str| said[name].as_f64().unwrap();
    assert!(number("larger") > number("begin"), "{said:#}");
    assert!(number("wheeled") < number("larger"), "{said:#}");
    assert!((number("whole") - number("begin")).abs() < 2.0, "{said:#}");
    assert_eq!(said["keyed"], true);
    assert_eq!(said["dragged"], true);
    assert_ne!(
        said["first"], said["second"],
        "dark is another colour than light"
    );
    assert_eq!(said["first"], said["third"]);
    assert_eq!(said["searching"], true);
    assert_eq!(said["panel"], "users");
    assert_eq!(said["tab"], 0);
    assert_eq!(said["role"], "button");
}

#[tokio::test]
async fn a_comparison_says_in_words_what_changes() {
    let more =
        "CREATE TABLE coupons (id bigint PRIMARY KEY); ALTER TABLE orders ADD COLUMN note text;
        ALTER TABLE orders ALTER status DROP DEFAULT; ALTER TYPE order_status ADD VALUE 'sent';";
    let said = play(
        &html(&changed(SHOP, more).await),
        "click($('only')); await later();
         const list = [...page.querySelectorAll('#list button')].map((it) => it.title || it.textContent);
         click(box('orders')); await later();
         return { list, panel: $('panel').innerText, label: box('coupons').getAttribute('aria-label'), legend: $('marks').hidden };",
    );
    let Some(said) = said else { return };
    assert_eq!(said["legend"], false);
    assert_eq!(said["label"], "table coupons, 1 column, added");
    let list = said["list"].to_string();
    for part in ["coupons: added", "orders: changed", "~order_status"] {
        assert!(list.contains(part), "no {part} in {list}");
    }
    assert!(!list.contains("users"), "{list}");
    let panel = said["panel"].as_str().unwrap();
    for part in [
        "+ added",
        "note",
        "~ changed",
        "order_status not null default 'new'::order_status",
    ] {
        assert!(panel.contains(part), "no {part} in {panel}");
    }
}

#[tokio::test]
async fn hostile_names_are_shown_and_not_run() {
    let said = play(
        &html(&diagram(HOSTILE).await),
        "click(page.querySelector('.box')); await later();
         return { title: page.title, name: $('panel').querySelector('h2').textContent, note: $('panel').querySelector('.note').textContent,
           panel: $('panel').innerText, scripts: page.scripts.length };",
    );
    let Some(said) = said else { return };
    assert_eq!(said["title"], "shop");
    assert_eq!(said["scripts"], 2);
    assert_eq!(
        said["name"],
        "</script><script>document.title='taken'</script>"
    );
    assert_eq!(said["note"], "</script><!-- \"x\" & {data} {js}");
    let panel = said["panel"].as_str().unwrap();
    for part in ["a \"b\" %%;#{}", "顧客", "<b>", "{data}"] {
        assert!(panel.contains(part), "no {part} in {panel}");
    }
}

#[test]
fn four_hundred_tables_load_and_zoom() {
    let page = html(&Diagram::new("many", &tables(400), None, &History::new()));
    let said = play(
        &page,
        "const loaded = frame.performance.now();
         const frames = []; let last = 0, watching = true;
         const tick = (now) => { if (last) frames.push(now - last); last = now; if (watching) frame.requestAnimationFrame(tick); };
         const shown = () => [...page.querySelectorAll('.box')].filter((it) => !it.classList.contains('away')).length;
         const far = shown(), distant = $('picture').classList.contains('distant');
         frame.requestAnimationFrame(tick);
         for (let i = 0; i < 40; i++) { $('picture').dispatchEvent(new frame.WheelEvent('wheel', { deltaY: -100, clientX: 600, clientY: 400, bubbles: true, cancelable: true })); await later(16); }
         watching = false; frames.sort((a, b) => a - b);
         await later(); const near = shown(), close = $('picture').classList.contains('distant');
         type('table_123'); await later(); key('Enter', $('search')); await later(2000);
         return { boxes: page.querySelectorAll('.box').length, far, distant, near, close, loaded, median: frames[frames.length >> 1], slowest: frames[frames.length - 1], panel: $('panel').querySelector('h2').textContent };",
    );
    let Some(said) = said else { return };
    println!("{} bytes, {said:#}", page.len());
    assert_eq!(said["boxes"], 400);
    let milliseconds = |name: &str| said[name].as_f64().unwrap();
    assert!(milliseconds("loaded") < 15_000.0, "{said:#}");
    assert!(
        milliseconds("median") < 250.0,
        "frames while it is zoomed: {said:#}"
    );
    assert_eq!(said["far"], 400, "all are seen at first: {said:#}");
    assert_eq!(said["distant"], true, "as names only");
    assert!(
        said["near"].as_u64().unwrap() < 100,
        "what is out of sight is not drawn: {said:#}"
    );
    assert_eq!(said["close"], false);
    assert_eq!(said["panel"], "table_123");
}
