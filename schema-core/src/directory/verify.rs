//! Everything that is wrong with a directory.

use super::chain::{ChainFault, Link, chain_faults, version_faults};
use super::load::Directory;
use super::problem::Problem;

impl Directory {
    /// Everything that is wrong with the directory: the chain first, then the files.
    pub fn verify(&self) -> Vec<Problem> {
        let mut problems = self.verify_history();
        problems.extend(self.verify_files());
        problems
    }

    /// What is wrong with the chain and the versions, whatever the files say.
    pub(crate) fn verify_history(&self) -> Vec<Problem> {
        let mut faults = self.verify_chain();
        faults.extend(version_faults(&self.links()));
        faults.into_iter().map(Problem::Chain).collect()
    }

    /// What is wrong between the files and `atlas.sum`.
    pub(super) fn verify_chain(&self) -> Vec<ChainFault> {
        chain_faults(&self.links(), self.sum.as_ref())
    }

    fn links(&self) -> Vec<Link<'_>> {
        let links = self.files.iter().map(|file| Link {
            name: &file.file_name,
            text: &file.text,
            hash: file.hash.as_ref(),
        });
        links.collect()
    }

    /// What is wrong with the files, each by itself: directives, and statements.
    pub fn verify_files(&self) -> Vec<Problem> {
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
