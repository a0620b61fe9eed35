//! The crates whose types the source may use: what the Cargo.toml enables.

use cargo_metadata::{Metadata, MetadataCommand};

use crate::context::Context;
use crate::environment;
use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::structs::spell::Crates;

/// All that there are.
const ALL: &[&str] = &[
    "uuid",
    "chrono",
    "time",
    "jiff",
    "serde_json",
    "rust_decimal",
    "ipnetwork",
];

/// Those that are named, else those for which schema-core has the feature and which the package
/// depends on, and what `cargo add` has to be told for those that are named and not there.
pub(crate) fn crates(
    context: &Context,
    package: Option<&str>,
    named: &[String],
) -> Result<(Crates, Vec<&'static str>), Failure> {
    let metadata = metadata(context)?;
    let package = metadata.as_ref().and_then(|metadata| {
        let packages = metadata.workspace_packages();
        let manifest = context.root.join("Cargo.toml");
        let wanted = |it: &&&cargo_metadata::Package| match package {
            Some(name) => it.name.as_str() == name,
            None => it.manifest_path.as_str() == manifest.as_str(),
        };
        let found = packages.iter().find(wanted).copied();
        found.or_else(|| packages.first().copied().filter(|_| packages.len() == 1))
    });
    let enabled: Vec<&'static str> = ALL
        .iter()
        .copied()
        .filter(|name| {
            package.is_some_and(|package| {
                let dependencies = &package.dependencies;
                let feature = dependencies
                    .iter()
                    .any(|it| it.name == "schema-core" && it.features.iter().any(|it| it == name));
                feature && dependencies.iter().any(|it| it.name == *name)
            })
        })
        .collect();
    if named.is_empty() {
        return Ok((Crates::named(enabled).0, Vec::new()));
    }
    let chosen = named.iter().map(String::as_str).filter(|it| *it != "none");
    let (crates, unknown) = Crates::named(chosen);
    if let Some(unknown) = unknown.first() {
        return Err(
            Failure::new(Exit::Usage, format!("no types of `{unknown}` are known"))
                .with_help(format!("there are {}, and `none`", ALL.join(", "))),
        );
    }
    let missing = ALL
        .iter()
        .copied()
        .filter(|name| named.iter().any(|it| it == name) && !enabled.contains(name));
    Ok((crates, missing.collect()))
}

/// What cargo says of the project; nothing where there is none.
fn metadata(context: &Context) -> Result<Option<Metadata>, Failure> {
    let manifest = context.root.join("Cargo.toml");
    if !manifest.is_file() {
        return Ok(None);
    }
    let mut command = MetadataCommand::new();
    command
        .cargo_path(environment::cargo())
        .manifest_path(&manifest)
        .no_deps();
    command
        .exec()
        .map(Some)
        .map_err(|error| Failure::from_error(Exit::Project, &error))
}
