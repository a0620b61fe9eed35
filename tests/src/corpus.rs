//! Public migration directories and schemas, where they are at hand.

use camino::{Utf8Path, Utf8PathBuf};

/// The corpus beside the project, or `None` where there is none.
pub fn locate() -> Option<Utf8PathBuf> {
    let corpus = Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/corpus");
    corpus.is_dir().then_some(corpus)
}

/// The entries of a folder of the corpus, sorted; tells that the test is skipped where it is not
/// there.
pub fn entries(folder: &str) -> Vec<Utf8PathBuf> {
    let Some(corpus) = locate() else {
        println!("skipped: no corpus at ../shared/corpus");
        return Vec::new();
    };
    sorted(&corpus.join(folder))
}

/// The SQL files of a folder, sorted by name, byte for byte.
pub fn sql_files(folder: &Utf8Path) -> Vec<Utf8PathBuf> {
    let mut files = sorted(folder);
    files.retain(|file| file.extension() == Some("sql"));
    files
}

fn sorted(folder: &Utf8Path) -> Vec<Utf8PathBuf> {
    let mut paths: Vec<_> = folder
        .read_dir_utf8()
        .expect("a folder of the corpus can be read")
        .map(|entry| entry.expect("its entries too").into_path())
        .collect();
    paths.sort();
    paths
}
