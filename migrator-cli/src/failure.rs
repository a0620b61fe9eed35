//! Why a command could not do its job: what happened, why, and what to do next.

use std::error::Error;
use std::fmt;

use schema_core::diagnostic::Finding;

use crate::exit_code::Exit;

/// A failed command.
#[derive(Clone, Debug)]
pub(crate) struct Failure {
    /// The exit code.
    pub(crate) exit: Exit,
    /// The code of the error, where it has one.
    pub(crate) code: Option<&'static str>,
    /// What happened; empty where another program has said everything.
    pub(crate) message: String,
    /// Why: one line a cause.
    pub(crate) causes: Vec<String>,
    /// What to do next.
    pub(crate) help: Option<String>,
    /// What was found, when the failure is about many things.
    pub(crate) findings: Vec<Finding>,
}

impl Failure {
    /// A failure without further causes.
    pub(crate) fn new(exit: Exit, message: impl Into<String>) -> Self {
        Self {
            exit,
            code: None,
            message: message.into(),
            causes: Vec::new(),
            help: None,
            findings: Vec::new(),
        }
    }

    /// A failure from an error and its sources.
    pub(crate) fn from_error(exit: Exit, error: &dyn Error) -> Self {
        let mut failure = Self::new(exit, error.to_string());
        let mut source = error.source();
        while let Some(cause) = source {
            let text = cause.to_string();
            // Many errors repeat their source's text in their own.
            if !failure.message.contains(&text) && !failure.causes.contains(&text) {
                failure.causes.push(text);
            }
            source = cause.source();
        }
        failure
    }

    /// Findings, with a summary above them.
    pub(crate) fn findings(exit: Exit, message: impl Into<String>, findings: Vec<Finding>) -> Self {
        Self {
            findings,
            ..Self::new(exit, message)
        }
    }

    /// Another program (cargo) has told the user already.
    pub(crate) fn silent(exit: Exit) -> Self {
        Self::new(exit, "")
    }

    /// Adds the code.
    #[must_use]
    pub(crate) fn with_code(mut self, code: &'static str) -> Self {
        self.code = Some(code);
        self
    }

    /// Adds a cause.
    #[must_use]
    pub(crate) fn because(mut self, cause: impl Into<String>) -> Self {
        self.causes.push(cause.into());
        self
    }

    /// Adds what to do next.
    #[must_use]
    pub(crate) fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Adds the ways out, one a line.
    #[must_use]
    pub(crate) fn with_remedies(self, remedies: &[String]) -> Self {
        self.with_optional_help((!remedies.is_empty()).then(|| remedies.join("\n")))
    }

    /// Adds what to do next where the error knows it.
    #[must_use]
    pub(crate) fn with_optional_help(mut self, help: Option<String>) -> Self {
        self.help = help.or(self.help);
        self
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}
