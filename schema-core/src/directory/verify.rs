//! Whether a directory is what its sum file says.

use std::collections::BTreeMap;

use super::load::Directory;
use super::problem::{EditCause, Problem, Reason};
use super::sum::{Chain, ReadSum, SumEntry};

impl Directory {
    /// Everything that is wrong with the directory: the chain first, then the files.
    ///
    /// Of the chain only the first difference is known, because each hash covers all before it.
    pub fn verify(&self) -> Vec<Problem> {
        let mut problems = self.verify_history();
        problems.extend(self.verify_files());
        problems
    }

    /// What is wrong with the chain and the versions, whatever the files say.
    pub(crate) fn verify_history(&self) -> Vec<Problem> {
        let mut problems = self.verify_chain();
        problems.extend(self.verify_versions());
        problems
    }

    /// What is wrong between the files and `atlas.sum`.
    pub(super) fn verify_chain(&self) -> Vec<Problem> {
        let Some(read) = &self.sum else {
            let missing = Problem::SumMissing {
                files: self.files.len(),
            };
            return if self.files.is_empty() {
                Vec::new()
            } else {
                vec![missing]
            };
        };
        if !read.malformed.is_empty() {
            let problems = read
                .malformed
                .iter()
                .map(|(line, text)| Problem::SumMalformed {
                    line: *line,
                    text: text.clone(),
                });
            return problems.collect();
        }
        let mut problems = Vec::new();
        let expected = read.sum.total();
        if read.header != expected {
            problems.push(Problem::SumHeader {
                found: read.header.clone(),
                expected,
            });
        }
        problems.extend(self.first_difference(read));
        problems
    }

    fn first_difference(&self, read: &ReadSum) -> Option<Problem> {
        let computed = self.computed_sum().entries;
        let listed = &read.sum.entries;
        let index = (0..listed.len().max(computed.len()))
            .find(|index| listed.get(*index) != computed.get(*index))?;
        if let Some(left_out) = self.golang_migrate_leaves_out(listed) {
            return Some(Problem::OtherFormat { left_out });
        }
        let line = u32::try_from(index + 2).unwrap_or(u32::MAX);
        let Some(entry) = listed.get(index) else {
            let file = computed[index].name.clone();
            return Some(Problem::Chain {
                file,
                line,
                reason: Reason::Added,
            });
        };
        let (file, reason) = match computed.iter().position(|found| found.name == entry.name) {
            None => (
                entry.name.clone(),
                Reason::Removed {
                    renamed_to: self.renamed_to(entry, listed),
                },
            ),
            Some(found) if found == index => {
                (entry.name.clone(), Reason::Edited(self.edit_cause(entry)))
            }
            Some(_) => (computed[index].name.clone(), Reason::Added),
        };
        Some(Problem::Chain { file, line, reason })
    }

    /// The chain up to the file of this name.
    fn chain_before(&self, name: &str) -> Chain {
        let mut chain = Chain::default();
        for file in self
            .files
            .iter()
            .take_while(|file| file.file_name.as_str() < name)
        {
            chain.add(&file.file_name, file.text.as_bytes());
        }
        chain
    }

    fn renamed_to(&self, entry: &SumEntry, listed: &[SumEntry]) -> Option<String> {
        let moved = self.files.iter().find(|file| {
            let is_new = listed.iter().all(|other| other.name != file.file_name);
            // A file that now sorts before its old place would have been the first difference.
            is_new
                && self
                    .chain_before(&entry.name)
                    .peek(&entry.name, file.text.as_bytes())
                    .as_ref()
                    == Some(&entry.hash)
        });
        moved.map(|file| file.file_name.clone())
    }

    /// Tries the usual accidents: which of them gives the listed hash?
    fn edit_cause(&self, entry: &SumEntry) -> Option<EditCause> {
        const BOM: &str = "\u{feff}";
        let file = self
            .files
            .iter()
            .find(|file| file.file_name == entry.name)?;
        let text = &file.text;
        let with_lf = text.replace("\r\n", "\n");
        let final_end = text
            .strip_suffix('\n')
            .map(|text| text.strip_suffix('\r').unwrap_or(text));
        let variants = [
            (
                EditCause::HashedWithCrlf,
                Some(with_lf.replace('\n', "\r\n")),
            ),
            (EditCause::HashedWithLf, Some(with_lf)),
            (
                EditCause::HashedWithoutBom,
                text.strip_prefix(BOM).map(str::to_owned),
            ),
            (EditCause::HashedWithBom, Some(format!("{BOM}{text}"))),
            (
                EditCause::HashedWithoutFinalLineEnd,
                final_end.map(str::to_owned),
            ),
            (EditCause::HashedWithFinalLineEnd, Some(format!("{text}\n"))),
            (EditCause::HashedEmpty, Some(String::new())),
        ];
        let chain = self.chain_before(&entry.name);
        let fits =
            |text: &String| chain.peek(&entry.name, text.as_bytes()).as_ref() == Some(&entry.hash);
        variants
            .into_iter()
            .find(|(_, variant)| variant.as_ref().is_some_and(fits))
            .map(|(cause, _)| cause)
    }

    /// The first file that is not `.up.sql`, if the sum is right for those alone.
    fn golang_migrate_leaves_out(&self, listed: &[SumEntry]) -> Option<String> {
        let left_out = self
            .files
            .iter()
            .find(|file| !file.file_name.ends_with(".up.sql"))?;
        let mut chain = Chain::default();
        let up = self
            .files
            .iter()
            .filter(|file| file.file_name.ends_with(".up.sql"));
        let entries = up.filter_map(|file| {
            let hash = chain.add(&file.file_name, file.text.as_bytes())?;
            Some(SumEntry {
                name: file.file_name.clone(),
                hash,
            })
        });
        let entries = entries.collect::<Vec<_>>();
        (!entries.is_empty() && entries == listed).then(|| left_out.file_name.clone())
    }

    fn verify_versions(&self) -> Vec<Problem> {
        let mut versions = BTreeMap::new();
        let same = self.files.iter().filter_map(|file| {
            let first = versions.insert(&file.version, &file.file_name)?;
            Some(Problem::SameVersion {
                version: file.version.clone(),
                first: first.clone(),
                second: file.file_name.clone(),
            })
        });
        same.collect()
    }

    fn verify_files(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        for file in &self.files {
            problems.extend(
                file.directive_errors
                    .iter()
                    .map(|error| Problem::Directive {
                        file: file.file_name.clone(),
                        error: error.clone(),
                    }),
            );
            if let Err(error) = file.statements() {
                problems.push(Problem::Split {
                    file: file.file_name.clone(),
                    error,
                });
            }
        }
        problems
    }
}
