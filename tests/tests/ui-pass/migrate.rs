//! Directories are embedded byte by byte, at compile time.

use schema_core::directory::{Directory, TxMode};
use schema_core::migrate::Migrator;

static INTACT: Migrator = schema_core::migrate!("../migrations/intact");
const WITH_PREFIX: Migrator =
    schema_core::migrate!("../migrations/intact", prefixes = ["renewa"], crate = schema_core);

fn modes(directory: &Directory) -> Vec<TxMode> {
    directory.files.iter().map(|file| file.tx_mode()).collect()
}

fn main() {
    let directory = INTACT.directory();
    assert_eq!(directory.verify(), []);
    let texts: Vec<_> = directory.files.iter().map(|file| (&*file.file_name, &*file.text)).collect();
    assert_eq!(
        texts,
        [
            ("1_a.sql", "\u{feff}SELECT 1;\r\n"),
            ("2_b.sql", "-- renewa:txmode none\n\nSELECT '\\n\"#\";';\n"),
        ]
    );
    assert_eq!(modes(&directory), [TxMode::File, TxMode::File]);
    let directory = WITH_PREFIX.directory();
    assert_eq!(directory.verify(), []);
    assert_eq!(modes(&directory), [TxMode::File, TxMode::None]);
}
