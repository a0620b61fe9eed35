//! One random change to a directory, of the kinds that people, editors and git make.

use super::oracle::{Files, State};

/// A source of numbers that gives the same ones for the same seed (splitmix64).
#[derive(Debug)]
pub(super) struct Random(u64);

impl Random {
    /// Numbers for one purpose; others get others.
    pub(super) fn new(seed: u64, purpose: &str) -> Self {
        let mix = |seed: u64, byte: u8| seed.wrapping_mul(31).wrapping_add(u64::from(byte));
        Self(purpose.bytes().fold(seed, mix))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number below `end`; 0 where there is none.
    pub(super) fn below(&mut self, end: usize) -> usize {
        let end = u64::try_from(end).expect("64 bits").max(1);
        usize::try_from(self.next() % end).expect("fits")
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())]
    }

    /// A place between two characters of a text.
    fn place(&mut self, text: &str) -> usize {
        let mut place = self.below(text.len() + 1);
        while !text.is_char_boundary(place) {
            place -= 1;
        }
        place
    }
}

/// A change to a text.
type OfText = fn(&mut String, &mut Random);

/// A change to a directory.
type OfFiles = fn(&mut Files, &mut Random);

/// What happens to a text, be it a migration or the sum.
const OF_TEXT: [(&str, OfText); 18] = [
    ("edit a character", edit_character),
    ("edit a line", edit_line),
    ("insert a character", insert_character),
    ("insert a line", insert_line),
    ("repeat a line", repeat_line),
    ("delete a character", delete_character),
    ("delete a line", delete_line),
    ("delete a part", delete_part),
    ("swap two lines", swap_lines),
    ("truncate", truncate),
    ("empty", |text, _| text.clear()),
    ("to CRLF", |text, _| *text = lf(text).replace('\n', "\r\n")),
    ("to LF", |text, _| *text = lf(text)),
    ("one line end", one_line_end),
    ("a BOM more or less", |text, _| {
        match text.strip_prefix(BOM) {
            Some(rest) => *text = rest.to_owned(),
            None => text.insert_str(0, BOM),
        }
    }),
    ("no final line end", |text, _| {
        text.truncate(text.trim_end_matches(['\r', '\n']).len());
    }),
    ("a final line end more", |text, random| {
        text.push_str(random.pick(&["\n", "\r\n"]));
    }),
    ("leave itself out of the sum", |text, random| {
        text.insert_str(
            0,
            random.pick(&["-- atlas:sum ignore\n", "-- atlas:sum ignore\r\n"]),
        );
    }),
];

/// What happens to the files of a directory.
const OF_FILES: [(&str, OfFiles); 8] = [
    ("add a file", add),
    ("copy a file", copy),
    ("delete a file", |files, random| drop(take(files, random))),
    ("rename a file", rename),
    ("give a file another version", reversion),
    ("take a file out by its ending", |files, random| {
        if let Some((name, body)) = take(files, random) {
            let other = name.replace(".sql", random.pick(&[".SQL", ".sql.orig", ".sql~", ""]));
            files.insert(other, body);
        }
    }),
    ("swap two bodies", swap_bodies),
    ("merge two files", |files, random| {
        if let Some((_, body)) = take(files, random)
            && let Some(name) = any(files, random)
        {
            files.entry(name).or_default().push_str(&body);
        }
    }),
];

const BOM: &str = "\u{feff}";

/// A copy of a directory with one thing changed, and what that was.
pub(super) fn mutated(state: &State, random: &mut Random) -> (String, State) {
    let mut state = state.clone();
    let what = match random.below(10) {
        0..5 => {
            let (what, change) = random.pick(&OF_TEXT);
            match any(&state.files, random) {
                Some(name) => {
                    let text = state.files.get_mut(&name).expect("is there");
                    change(text, random);
                    format!("{what}: {name}")
                }
                None => "nothing".to_owned(),
            }
        }
        5..8 => {
            let (what, change) = random.pick(&OF_FILES);
            change(&mut state.files, random);
            state.files.retain(|name, _| is_migration(name));
            what.to_owned()
        }
        _ => {
            let which = random.below(OF_TEXT.len() + 1);
            if let (Some((what, change)), Some(text)) = (OF_TEXT.get(which), &mut state.sum) {
                change(text, random);
                format!("{what}: the sum")
            } else {
                state.sum = None;
                "delete the sum".to_owned()
            }
        }
    };
    (what, state)
}

/// What the glob `*.sql` matches.
fn is_migration(name: &str) -> bool {
    name.strip_suffix(".sql").is_some()
}

fn any(files: &Files, random: &mut Random) -> Option<String> {
    let names: Vec<&String> = files.keys().collect();
    (!names.is_empty()).then(|| random.pick(&names).clone())
}

fn take(files: &mut Files, random: &mut Random) -> Option<(String, String)> {
    let name = any(files, random)?;
    files.remove_entry(&name)
}

fn character(random: &mut Random) -> char {
    random.pick(&[
        'a', 'Z', '0', ' ', '\n', '\r', '\t', ';', '\'', '-', '+', '=', 'é', '語', BOM_CHAR,
    ])
}

const BOM_CHAR: char = '\u{feff}';

fn edit_character(text: &mut String, random: &mut Random) {
    let at = random.place(text);
    if let Some(was) = text[at..].chars().next() {
        let new = character(random).to_string();
        text.replace_range(at..at + was.len_utf8(), &new);
    }
}

fn insert_character(text: &mut String, random: &mut Random) {
    let at = random.place(text);
    text.insert(at, character(random));
}

fn delete_character(text: &mut String, random: &mut Random) {
    let at = random.place(text);
    if at < text.len() {
        text.remove(at);
    }
}

fn delete_part(text: &mut String, random: &mut Random) {
    let (one, other) = (random.place(text), random.place(text));
    text.replace_range(one.min(other)..one.max(other), "");
}

fn truncate(text: &mut String, random: &mut Random) {
    let at = random.place(text);
    text.truncate(at);
}

/// Does something to the lines of a text, each with its end.
fn with_lines(text: &mut String, change: impl FnOnce(&mut Vec<&str>)) {
    let whole = text.clone();
    let mut lines = whole.split_inclusive('\n').collect();
    change(&mut lines);
    *text = lines.concat();
}

fn edit_line(text: &mut String, random: &mut Random) {
    with_lines(text, |lines| {
        let at = random.below(lines.len());
        if let Some(line) = lines.get_mut(at) {
            *line = random.pick(&["SELECT 1;\n", "-- changed\n", "\n", ">>>>>>> theirs\n"]);
        }
    });
}

fn insert_line(text: &mut String, random: &mut Random) {
    with_lines(text, |lines| {
        let at = random.below(lines.len() + 1);
        let new = [
            "SELECT 1;\n",
            "\n",
            "<<<<<<< HEAD\n",
            "x.sql h1:AAAA\n",
            "-- atlas:txmode none\n",
        ];
        lines.insert(at, random.pick(&new));
    });
}

fn repeat_line(text: &mut String, random: &mut Random) {
    with_lines(text, |lines| {
        let at = random.below(lines.len());
        if let Some(line) = lines.get(at).copied() {
            lines.insert(at, line);
        }
    });
}

fn delete_line(text: &mut String, random: &mut Random) {
    with_lines(text, |lines| {
        if !lines.is_empty() {
            lines.remove(random.below(lines.len()));
        }
    });
}

fn swap_lines(text: &mut String, random: &mut Random) {
    with_lines(text, |lines| {
        let (one, other) = (random.below(lines.len()), random.below(lines.len()));
        if !lines.is_empty() {
            lines.swap(one, other);
        }
    });
}

fn lf(text: &str) -> String {
    text.replace("\r\n", "\n")
}

fn one_line_end(text: &mut String, random: &mut Random) {
    let ends: Vec<usize> = text.match_indices('\n').map(|(at, _)| at).collect();
    if ends.is_empty() {
        return;
    }
    let at = random.pick(&ends);
    if text[..at].ends_with('\r') {
        text.remove(at - 1);
    } else {
        text.insert(at, '\r');
    }
}

/// A version before, between or behind those that are there, or the same as one of them.
fn version(files: &Files, random: &mut Random) -> String {
    let near = any(files, random).unwrap_or_default();
    let (near, _) = near.split_once(['_', '.']).unwrap_or((&near, ""));
    match random.below(4) {
        0 => "0000".to_owned(),
        1 => format!("{near}0"),
        2 => near.to_owned(),
        _ => "99990101000000".to_owned(),
    }
}

fn add(files: &mut Files, random: &mut Random) {
    let ending = random.pick(&[
        "_added.sql",
        ".sql",
        "_added.up.sql",
        "_added.down.sql",
        ".txt",
    ]);
    let name = format!("{}{ending}", version(files, random));
    let body = random.pick(&["", "SELECT 1;\n", "-- atlas:sum ignore\nSELECT 1;\n"]);
    files.insert(name, body.to_owned());
}

fn copy(files: &mut Files, random: &mut Random) {
    if let Some(from) = any(files, random) {
        let name = format!("{}_copy.sql", version(files, random));
        files.insert(name, files[&from].clone());
    }
}

fn rename(files: &mut Files, random: &mut Random) {
    if let Some((name, body)) = take(files, random) {
        let (version, _) = name.split_once(['_', '.']).unwrap_or((&name, ""));
        let rest = random.pick(&["", "_renamed", "_0", "_zz", "A", "_UPPER"]);
        files.insert(format!("{version}{rest}.sql"), body);
    }
}

fn reversion(files: &mut Files, random: &mut Random) {
    let version = version(files, random);
    if let Some((name, body)) = take(files, random) {
        let (_, rest) = name.split_once('_').unwrap_or((&name, "again.sql"));
        files.insert(format!("{version}_{rest}"), body);
    }
}

fn swap_bodies(files: &mut Files, random: &mut Random) {
    if let (Some(one), Some(other)) = (any(files, random), any(files, random)) {
        let body = files[&one].clone();
        let body = files.insert(other, body).expect("was there");
        files.insert(one, body);
    }
}
