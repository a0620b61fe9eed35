//! What is wrong with a directory, each with its remedy.

use camino::Utf8Path;

use super::chain::ChainFault;
use super::directive::{DirectiveError, DirectiveFault};
use super::split::SplitError;
use crate::diagnostic::{Finding, Place, Severity};

/// Something wrong with a directory. `Display` says what, [`Problem::help`] what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// The history is not what `atlas.sum` says, or cannot be one.
    #[error("{0}")]
    Chain(ChainFault),
    /// A comment that means to be a directive.
    #[error("`{file}`, {error}")]
    Directive {
        /// The file.
        file: String,
        /// What is wrong with it.
        error: DirectiveError,
    },
    /// A file that cannot be split into statements.
    #[error("`{file}`, {error}")]
    Split {
        /// The file.
        file: String,
        /// Why.
        error: SplitError,
    },
}

impl Problem {
    /// A stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Chain(fault) => fault.code(),
            Self::Directive { .. } => "D009",
            Self::Split { .. } => "D010",
        }
    }

    /// Where it shows: a file name and a line; the main place first.
    pub fn places(&self) -> Vec<(String, u32)> {
        match self {
            Self::Chain(fault) => fault.places(),
            Self::Directive { file, error } => vec![(file.clone(), error.line)],
            Self::Split { file, error } => vec![(file.clone(), error.line)],
        }
    }

    /// What to do about it.
    pub fn help(&self) -> String {
        match self {
            Self::Chain(fault) => fault.help(),
            Self::Directive { error, .. } => match &error.fault {
                DirectiveFault::Unsupported { reason, .. } => (*reason).to_owned(),
                _ => "correct the comment, or word it so that it does not begin like a directive"
                    .to_owned(),
            },
            Self::Split { error, .. } => error.fault.help().unwrap_or("correct the SQL").to_owned(),
        }
    }

    /// As a finding, with paths below `directory`.
    pub fn finding(&self, directory: &Utf8Path) -> Finding {
        let places = self.places().into_iter();
        let places = places.map(|(file, line)| Place::line(directory.join(file), line));
        Finding {
            places: places.collect(),
            help: Some(self.help()),
            ..Finding::new(self.code(), Severity::Error, self.to_string())
        }
    }
}
