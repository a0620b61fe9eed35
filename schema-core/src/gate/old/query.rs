//! Queries as sqlx records them: `.sqlx/query-*.json`, of sqlx 0.7 to 0.9.

use camino::{Utf8Path, Utf8PathBuf};
use serde::Deserialize;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

/// A query of the previous release, and what sqlx was told about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordedQuery {
    /// The file.
    pub file: Utf8PathBuf,
    /// The query.
    pub text: String,
    /// Its results.
    pub columns: Vec<RecordedColumn>,
    /// The types of its parameters, as sqlx calls them.
    pub parameters: Vec<String>,
}

/// A column of the result of a query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordedColumn {
    /// Its name.
    pub name: String,
    /// Its type, as sqlx calls it.
    pub type_name: String,
    /// Whether it may be null, if sqlx knew.
    pub nullable: Option<bool>,
}

/// Why a recorded query cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum QueryFileError {
    /// The file is not JSON.
    #[error("{file} is not JSON")]
    Json {
        /// The file.
        file: Utf8PathBuf,
        /// What is wrong with it.
        #[source]
        source: serde_json::Error,
    },
    /// The file has other fields than those that sqlx 0.7 to 0.9 write.
    #[error("{file} is not a query as sqlx 0.7 to 0.9 record it")]
    Shape {
        /// The file.
        file: Utf8PathBuf,
        /// What is wrong with it.
        #[source]
        source: serde_json::Error,
    },
    /// The file tells other numbers of columns in two places.
    #[error("{file} describes {columns} columns, but says of {nullable} whether they may be null")]
    Columns {
        /// The file.
        file: Utf8PathBuf,
        /// Columns that it describes.
        columns: usize,
        /// Columns of which it says whether they may be null.
        nullable: usize,
    },
    /// The query is for another database.
    #[error("{file} is a query for {database}, not for PostgreSQL")]
    Database {
        /// The file.
        file: Utf8PathBuf,
        /// The database.
        database: String,
    },
    /// The text was edited after it was recorded.
    #[error("the hash in {file} is not that of its query")]
    Hash {
        /// The file.
        file: Utf8PathBuf,
    },
}

impl QueryFileError {
    /// What to do about it.
    pub fn remedy(&self) -> &'static str {
        match self {
            Self::Json { .. } | Self::Hash { .. } | Self::Columns { .. } => {
                "run `cargo sqlx prepare` on the base branch and commit the folder .sqlx as it is"
            }
            Self::Shape { .. } => {
                "record the queries with `cargo sqlx prepare` of sqlx-cli 0.7 to 0.9"
            }
            Self::Database { .. } => {
                "keep the queries for another database in a crate of their own"
            }
        }
    }
}

impl RecordedQuery {
    /// Reads the text of a file.
    pub fn parse(file: &Utf8Path, text: &str) -> Result<Self, QueryFileError> {
        let file = file.to_owned();
        let json: Value = match serde_json::from_str(text) {
            Ok(json) => json,
            Err(source) => return Err(QueryFileError::Json { file, source }),
        };
        // Said first: what is for another database has another form too.
        if let Some(database) = json.get("db_name").and_then(Value::as_str)
            && database != "PostgreSQL"
        {
            let database = database.to_owned();
            return Err(QueryFileError::Database { file, database });
        }
        let found: File = match serde_json::from_value(json) {
            Ok(found) => found,
            Err(source) => return Err(QueryFileError::Shape { file, source }),
        };
        let hash = Sha256::digest(found.query.as_bytes());
        if format!("{hash:x}") != found.hash {
            return Err(QueryFileError::Hash { file });
        }
        let Describe {
            columns,
            parameters,
            nullable,
        } = found.describe;
        if columns.len() != nullable.len() {
            let (columns, nullable) = (columns.len(), nullable.len());
            return Err(QueryFileError::Columns {
                file,
                columns,
                nullable,
            });
        }
        let columns = columns.into_iter().zip(nullable);
        let columns = columns.map(|(column, nullable)| RecordedColumn {
            name: column.name,
            type_name: type_name(&column.type_info),
            nullable,
        });
        let parameters = match &parameters {
            Some(Parameters::Left(types)) => types.iter().map(type_name).collect(),
            None => Vec::new(),
        };
        Ok(Self {
            file,
            text: found.query,
            columns: columns.collect(),
            parameters,
        })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(rename = "db_name")]
    _database: String,
    query: String,
    describe: Describe,
    hash: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Describe {
    columns: Vec<Column>,
    parameters: Option<Parameters>,
    nullable: Vec<Option<bool>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Column {
    #[serde(rename = "ordinal")]
    _ordinal: usize,
    name: String,
    type_info: Value,
    /// The table, from sqlx 0.9 on: only PostgreSQL's own answer is used.
    #[serde(rename = "origin")]
    _origin: Option<Value>,
}

#[derive(Deserialize)]
enum Parameters {
    Left(Vec<Value>),
}

/// `"Int8"`, or the name in `{"Custom": {"name": …, "kind": …}}`.
fn type_name(info: &Value) -> String {
    if let Some(name) = info.as_str() {
        return name.to_owned();
    }
    let inner = info.as_object().and_then(|object| object.values().next());
    let name = inner
        .and_then(|inner| inner.get("name"))
        .and_then(Value::as_str);
    name.map_or_else(|| info.to_string(), str::to_owned)
}
