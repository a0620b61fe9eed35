//! `migrate.toml`, or `[package.metadata.migrate]`.

use std::collections::BTreeMap;

use camino::{Utf8Path, Utf8PathBuf};
use regex::Regex;
use schema_core::catalog::{Filter, Pattern};
use schema_core::lint::Naming;
use serde::Deserialize;

use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::tracker::IssueSource;

/// Name of the file, beside the Cargo.toml of the crate or the workspace.
pub(crate) const FILE_NAME: &str = "migrate.toml";

/// The configuration of a project; flags win over it. Secrets are not in it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub(crate) struct Config {
    /// The migration directory, relative to the folder of the configuration.
    pub(crate) dir: Utf8PathBuf,
    /// Major version of PostgreSQL for the dev database.
    pub(crate) postgres_version: Option<u32>,
    /// Whether doc comments become `COMMENT ON`.
    pub(crate) doc_comments: bool,
    /// Further prefixes of directives, beside `migrate:` and `atlas:`.
    pub(crate) directive_prefixes: Vec<String>,
    /// The database to deploy to, without a password, where no flag and no variable names one.
    pub(crate) database_url: Option<String>,
    /// Schema of the history table.
    pub(crate) revisions_schema: Option<String>,
    /// Packages that hold tables; all of the workspace that use `schema-core` when empty.
    pub(crate) packages: Vec<String>,
    /// Features to build with.
    pub(crate) features: Vec<String>,
    /// The branch that migrations are merged into, such as `main`.
    pub(crate) base_branch: Option<String>,
    /// The label on a pull request with which a review lets a contract step pass.
    pub(crate) approval_label: String,
    /// Where the issues of shims are: `github`, `file:PATH` or `none`.
    pub(crate) issues: Option<IssueSource>,
    /// GitHub's REST API, where it is not <https://api.github.com> or what the environment says.
    pub(crate) github_api_url: Option<String>,
    /// The role that the app connects as.
    pub(crate) app_role: Option<String>,
    /// Roles that migrations name; made on a dev server of our own.
    pub(crate) roles: Vec<String>,
    /// Whether owners, grants and default privileges are the migrations' business.
    pub(crate) privileges: bool,
    /// Which rules of the linter hold.
    pub(crate) lint: LintConfig,
    /// What of a schema counts.
    pub(crate) schema: SchemaConfig,
}

/// What of a schema counts.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub(crate) struct SchemaConfig {
    /// Not these objects: `name`, `schema.name`, `schema.*`, `kind:view`.
    #[serde(deserialize_with = "patterns")]
    pub(crate) exclude: Vec<Pattern>,
    /// Whether the source says all owners and privileges.
    pub(crate) privileges: bool,
}

impl SchemaConfig {
    /// What counts.
    pub(crate) fn filter(&self) -> Filter {
        Filter {
            excluded: self.exclude.clone(),
            ..Filter::default()
        }
    }
}

fn patterns<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Vec<Pattern>, D::Error> {
    let texts = Vec::<String>::deserialize(deserializer)?;
    let patterns = texts.iter().map(|text| text.parse());
    patterns
        .collect::<Result<_, _>>()
        .map_err(serde::de::Error::custom)
}

/// Which rules of the linter hold.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub(crate) struct LintConfig {
    /// Codes or names of rules that are off.
    pub(crate) disabled: Vec<String>,
    /// Patterns that names must have, by kind of object: `table`, `column`, `index`, `constraint`.
    pub(crate) naming: BTreeMap<String, String>,
}

impl LintConfig {
    /// The patterns; one that is none, and a kind of object that has none, are errors.
    pub(crate) fn naming(&self) -> Result<Naming, Failure> {
        let mut naming = Naming::default();
        for (kind, pattern) in &self.naming {
            let wrong = |message: String| Failure::new(Exit::Project, message);
            let place = match kind.as_str() {
                "table" => &mut naming.tables,
                "column" => &mut naming.columns,
                "index" => &mut naming.indexes,
                "constraint" => &mut naming.constraints,
                _ => {
                    return Err(wrong(format!("`lint.naming.{kind}` is no kind of name"))
                        .with_help("there are `table`, `column`, `index` and `constraint`"));
                }
            };
            let compiled = Regex::new(pattern).map_err(|error| {
                wrong(format!("`lint.naming.{kind}` is no regular expression"))
                    .because(error.to_string())
            })?;
            *place = Some(compiled);
        }
        Ok(naming)
    }
}

impl Default for Config {
    fn default() -> Self {
        Self {
            dir: "migrations".into(),
            postgres_version: None,
            doc_comments: true,
            directive_prefixes: Vec::new(),
            database_url: None,
            revisions_schema: None,
            packages: Vec::new(),
            features: Vec::new(),
            base_branch: None,
            approval_label: "migration-approved".to_owned(),
            issues: None,
            github_api_url: None,
            app_role: None,
            roles: Vec::new(),
            privileges: false,
            lint: LintConfig::default(),
            schema: SchemaConfig::default(),
        }
    }
}

#[derive(Deserialize)]
struct Manifest {
    package: Option<MetadataHolder>,
    workspace: Option<MetadataHolder>,
}

#[derive(Deserialize)]
struct MetadataHolder {
    metadata: Option<Metadata>,
}

#[derive(Deserialize)]
struct Metadata {
    migrate: Option<Config>,
}

/// The configuration of the folder, if it has one: from `migrate.toml`, else from its Cargo.toml.
fn load_here(folder: &Utf8Path) -> Result<Option<Config>, Failure> {
    let file = folder.join(FILE_NAME);
    if let Some(text) = read(&file)? {
        return parse(&file, &text).map(Some);
    }
    let manifest = folder.join("Cargo.toml");
    let Some(text) = read(&manifest)?.filter(|text| text.contains("metadata.migrate")) else {
        return Ok(None);
    };
    let Manifest { package, workspace } = parse(&manifest, &text)?;
    Ok(package
        .or(workspace)
        .and_then(|holder| holder.metadata)
        .and_then(|metadata| metadata.migrate))
}

/// The configuration that holds for a folder: its own or that of the nearest folder above it, up
/// to the root of the cargo workspace. Gives the folder that it was found in as well, to which
/// paths in it are relative; without one that is the folder nearest to `folder` with a Cargo.toml.
pub(crate) fn load(folder: &Utf8Path) -> Result<(Utf8PathBuf, Config), Failure> {
    let mut nearest = None;
    for ancestor in folder.ancestors() {
        if let Some(config) = load_here(ancestor)? {
            return Ok((ancestor.to_owned(), config));
        }
        if ancestor.join("Cargo.toml").is_file() {
            nearest.get_or_insert_with(|| ancestor.to_owned());
        }
    }
    Ok((
        nearest.unwrap_or_else(|| folder.to_owned()),
        Config::default(),
    ))
}

fn read(path: &Utf8Path) -> Result<Option<String>, Failure> {
    match fs_err::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Failure::from_error(Exit::Project, &error)),
    }
}

fn parse<T: serde::de::DeserializeOwned>(path: &Utf8Path, text: &str) -> Result<T, Failure> {
    toml::from_str(text).map_err(|error| {
        Failure::new(
            Exit::Project,
            format!("{path} cannot be read as configuration"),
        )
        .because(error.to_string())
    })
}
