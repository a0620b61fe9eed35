//! Questions to the person at the terminal. Every one of them has a flag.

use std::io::IsTerminal;

use dialoguer::theme::ColorfulTheme;
use dialoguer::{Confirm, Input, Select};

use crate::exit_code::Exit;
use crate::failure::Failure;

/// Whether somebody is there to answer.
pub(crate) fn is_interactive() -> bool {
    std::io::stdin().is_terminal() && std::io::stderr().is_terminal()
}

/// One of several answers, by its index.
pub(crate) fn select(question: &str, answers: &[String]) -> Result<usize, Failure> {
    Select::with_theme(&ColorfulTheme::default())
        .with_prompt(question)
        .items(answers)
        .default(0)
        .interact()
        .map_err(|error| Failure::from_error(Exit::Usage, &error))
}

/// Yes or no; no is what Enter says.
pub(crate) fn confirm(question: &str) -> Result<bool, Failure> {
    Confirm::with_theme(&ColorfulTheme::default())
        .with_prompt(question)
        .default(false)
        .interact()
        .map_err(|error| Failure::from_error(Exit::Usage, &error))
}

/// A line of text that `read` understands; asked again until it does.
pub(crate) fn line(
    question: &str,
    read: impl Fn(&str) -> Result<String, String>,
) -> Result<String, Failure> {
    let answer: String = Input::with_theme(&ColorfulTheme::default())
        .with_prompt(question)
        .validate_with(|text: &String| read(text).map(drop))
        .interact_text()
        .map_err(|error| Failure::from_error(Exit::Usage, &error))?;
    read(&answer).map_err(|why| Failure::new(Exit::Usage, why))
}
