//! The page in a real Chromium: loaded from a file, within another page that plays the reader.

use std::process::{Command, Stdio};

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
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| fs_err::write(folder.path().join(name), text).unwrap();
    write("page.html", page);
    write(
        "reader.html",
        &format!(
            "<!DOCTYPE html><meta charset=utf-8><pre id=said>nothing</pre>
             <iframe id=frame src=page.html style='width:1200px;height:800px;border:0'></iframe>
             <script>
             const errors = [];
             const frameElement = document.getElementById('frame');
             frameElement.addEventListener('load', async () => {{
               const frame = frameElement.contentWindow, page = frame.document;
               frame.addEventListener('error', (event) => errors.push(event.message));
               const $ = (id) => page.getElementById(id);
               const later = (time = 500) => new Promise((done) => setTimeout(done, time));
               const key = (name, on = page.body) => on.dispatchEvent(new frame.KeyboardEvent('keydown', {{ key: name, bubbles: true, cancelable: true }}));
               const click = (on) => on.dispatchEvent(new frame.MouseEvent('click', {{ bubbles: true, cancelable: true }}));
               const type = (text) => {{ $('search').value = text; $('search').dispatchEvent(new frame.Event('input', {{ bubbles: true }})); }};
               const listed = () => [...page.querySelectorAll('#list button')].map((it) => it.textContent);
               const box = (name) => [...page.querySelectorAll('.box')].find((it) => it.getAttribute('aria-label').includes(' ' + name + ','));
               let said;
               try {{ await later(); said = await (async () => {{ {script} }})(); }} catch (error) {{ said = {{ failed: String(error) }}; }}
               document.getElementById('said').textContent = btoa(encodeURIComponent(JSON.stringify({{ errors, said }})));
             }});
             </script>"
        ),
    );
    let output = Command::new(chromium)
        .args([
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--allow-file-access-from-files",
        ])
        .args([
            "--window-size=1300,900",
            "--virtual-time-budget=20000",
            "--dump-dom",
        ])
        .arg(format!(
            "--user-data-dir={}",
            folder.path().join("profile").display()
        ))
        .arg(format!(
            "file://{}",
            folder.path().join("reader.html").display()
        ))
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let said = text
        .split("<pre id=\"said\">")
        .nth(1)
        .and_then(|it| it.split("</pre>").next());
    let said = said.unwrap_or_else(|| panic!("no page: {text}"));
    let said: Value = serde_json::from_str(&decoded(said)).unwrap();
    assert_eq!(
        said["errors"],
        serde_json::json!([]),
        "the page's script has errors"
    );
    Some(said["said"].clone())
}

/// What `btoa(encodeURIComponent(text))` made of a text.
fn decoded(text: &str) -> String {
    use base64::Engine as _;
    let bytes = base64::engine::general_purpose::STANDARD.decode(text);
    let encoded = bytes.unwrap_or_else(|error| panic!("{error}: {text}"));
    let mut plain = Vec::new();
    let mut bytes = encoded.into_iter();
    while let Some(byte) = bytes.next() {
        if byte == b'%' {
            let digits: Vec<u8> = bytes.by_ref().take(2).collect();
            let digits = String::from_utf8(digits).unwrap();
            plain.push(u8::from_str_radix(&digits, 16).unwrap());
        } else {
            plain.push(byte);
        }
    }
    String::from_utf8(plain).unwrap()
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
            "WHERE (status = 'new'::order_status)",
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
    // Virtual time does not pass while a script runs: what it takes is measured in work done.
    let said = play(
        &page,
        "const shown = () => [...page.querySelectorAll('.box')].filter((it) => !it.classList.contains('away')).length;
         const far = shown(), distant = $('picture').classList.contains('distant');
         for (let i = 0; i < 40; i++) { $('picture').dispatchEvent(new frame.WheelEvent('wheel', { deltaY: -100, clientX: 600, clientY: 400, bubbles: true, cancelable: true })); await later(20); }
         await later(); const near = shown(), close = $('picture').classList.contains('distant');
         type('table_123'); await later(); key('Enter', $('search')); await later(2000);
         return { boxes: page.querySelectorAll('.box').length, far, distant, near, close, panel: $('panel').querySelector('h2').textContent };",
    );
    let Some(said) = said else { return };
    assert_eq!(said["boxes"], 400);
    assert_eq!(said["far"], 400, "all are seen at first: {said:#}");
    assert_eq!(said["distant"], true, "as names only");
    assert!(
        said["near"].as_u64().unwrap() < 100,
        "what is out of sight is not drawn: {said:#}"
    );
    assert_eq!(said["close"], false);
    assert_eq!(said["panel"], "table_123");
}
