//! GitHub's REST API: issues, labels and comments.

use std::sync::OnceLock;
use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value, json};
use ureq::http::{HeaderMap, Method, Request};
use ureq::tls::{Certificate, RootCerts, TlsConfig};

use crate::context::Context;
use crate::environment;
use crate::failure::Failure;

/// Where GitHub is, if nothing says otherwise.
const DEFAULT_URL: &str = "https://api.github.com";

/// How often a request is made before it counts as failed.
const ATTEMPTS: u32 = 3;

/// The pause after the first failure; twice as long after the next.
const PAUSE: Duration = Duration::from_millis(250);

/// The longest pause that a server may ask for.
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

/// The most that a request may take.
const TIMEOUT: Duration = Duration::from_secs(15);

/// Pages of comments or labels that are read: 100 on each.
const MOST_PAGES: u32 = 50;

/// A repository on GitHub.
#[derive(Debug)]
pub(crate) struct GitHub {
    agent: OnceLock<ureq::Agent>,
    /// The API, without a slash at the end.
    url: String,
    /// `owner/name`.
    repository: String,
    token: Option<String>,
}

/// An issue, or a pull request: both have numbers of one sequence.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct Issue {
    /// `open` or `closed`.
    pub(crate) state: String,
    /// There if it is a pull request.
    pub(crate) pull_request: Option<Value>,
}

#[derive(Deserialize)]
struct Label {
    name: String,
}

#[derive(Deserialize)]
struct Comment {
    id: u64,
    body: Option<String>,
}

/// Why GitHub does not answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum GitHubError {
    /// Nothing says which repository.
    #[error("nothing says which repository on GitHub this is")]
    NoRepository,
    /// The repository is not `owner/name`.
    #[error("`{repository}` is no repository on GitHub: it has to be owner/name")]
    BadRepository { repository: String },
    /// No connection, or no answer in time.
    #[error("{url} cannot be reached: {reason}")]
    Unreachable { url: String, reason: String },
    /// Too many requests.
    #[error("GitHub takes no more requests for now (rate limit)")]
    RateLimit,
    /// The token is not valid.
    #[error("GitHub does not accept the token")]
    Token,
    /// The token may not do this.
    #[error("GitHub refuses {what}: {message}")]
    Forbidden { what: String, message: String },
    /// There is no such thing, or it is not shown.
    #[error("GitHub knows no {what} in {repository}")]
    NotFound { what: String, repository: String },
    /// The server is at fault.
    #[error("GitHub answers {status} for {what}")]
    Status { status: u16, what: String },
    /// It answers with something else.
    #[error("GitHub's answer for {what} cannot be read: {reason}")]
    Answer { what: String, reason: String },
}

impl GitHubError {
    /// What to do next.
    pub(crate) fn help(&self) -> &'static str {
        match self {
            Self::NoRepository | Self::BadRepository { .. } => {
                "set GITHUB_REPOSITORY to owner/name, as GitHub's workflows do"
            }
            Self::Unreachable { .. } | Self::Status { .. } | Self::Answer { .. } => {
                "run it again when GitHub answers; for a server of your own set GITHUB_API_URL or `github-api-url`"
            }
            Self::RateLimit => {
                "set GITHUB_TOKEN, which allows for more requests, or run it again later"
            }
            Self::Token => "set GITHUB_TOKEN to a token that is valid",
            Self::Forbidden { .. } => {
                "give the token what it needs: `permissions: issues: read, pull-requests: read` (write for --comment)"
            }
            Self::NotFound { .. } => {
                "check the number; GitHub also says this for a private repository that the token cannot see"
            }
        }
    }
}

impl GitHub {
    /// The repository that the environment names.
    pub(crate) fn new(context: &Context) -> Result<Result<Self, GitHubError>, Failure> {
        let url = match &context.config.github_api_url {
            Some(url) => Some(url.clone()),
            None => environment::github_api_url()?,
        };
        let repository = environment::github_repository()?;
        let token = environment::github_token()?;
        Ok(Self::with(url, repository, token))
    }

    /// Whether requests are made in somebody's name.
    pub(crate) fn has_token(&self) -> bool {
        self.token.is_some()
    }

    fn with(
        url: Option<String>,
        repository: Option<String>,
        token: Option<String>,
    ) -> Result<Self, GitHubError> {
        let repository = repository.ok_or(GitHubError::NoRepository)?;
        let is_word = |word: &str| {
            let mut characters = word.chars();
            !word.is_empty()
                && characters.all(|it| it.is_ascii_alphanumeric() || "-_.".contains(it))
        };
        let parts = repository.split_once('/');
        if !parts.is_some_and(|(owner, name)| is_word(owner) && is_word(name)) {
            return Err(GitHubError::BadRepository { repository });
        }
        let url = url.unwrap_or_else(|| DEFAULT_URL.to_owned());
        Ok(Self {
            agent: OnceLock::new(),
            url: url.trim_end_matches('/').to_owned(),
            repository,
            token,
        })
    }

    /// An issue by its number.
    pub(crate) fn issue(&self, number: u64) -> Result<Issue, GitHubError> {
        let what = format!("issue #{number}");
        self.read(&what, &format!("issues/{number}"))
    }

    /// The labels of a pull request.
    pub(crate) fn labels(&self, pull_request: u64) -> Result<Vec<String>, GitHubError> {
        let what = format!("pull request #{pull_request}");
        // An issue of this number has labels too, and approves nothing.
        let _: Value = self.read(&what, &format!("pulls/{pull_request}"))?;
        let labels: Vec<Label> = self.pages(&what, &format!("issues/{pull_request}/labels"))?;
        Ok(labels.into_iter().map(|label| label.name).collect())
    }

    /// Writes a comment on a pull request, or updates the one that starts with this marker.
    pub(crate) fn comment(
        &self,
        pull_request: u64,
        marker: &str,
        text: &str,
    ) -> Result<Commented, GitHubError> {
        let what = format!("the comments of pull request #{pull_request}");
        let list = format!("issues/{pull_request}/comments");
        let comments: Vec<Comment> = self.pages(&what, &list)?;
        let is_ours = |comment: &Comment| {
            let body = comment.body.as_deref();
            body.is_some_and(|body| body.starts_with(marker))
        };
        let body = json!({ "body": text });
        match comments.into_iter().find(is_ours) {
            Some(comment) if comment.body.as_deref() == Some(text) => Ok(Commented::Unchanged),
            Some(comment) => {
                let path = format!("issues/comments/{}", comment.id);
                self.send(&what, &Method::PATCH, &path, Some(&body))?;
                Ok(Commented::Updated)
            }
            None => {
                self.send(&what, &Method::POST, &list, Some(&body))?;
                Ok(Commented::Created)
            }
        }
    }

    fn read<T: serde::de::DeserializeOwned>(
        &self,
        what: &str,
        path: &str,
    ) -> Result<T, GitHubError> {
        let text = self.send(what, &Method::GET, path, None)?;
        serde_json::from_str(&text).map_err(|error| GitHubError::Answer {
            what: what.to_owned(),
            reason: error.to_string(),
        })
    }

    fn pages<T: serde::de::DeserializeOwned>(
        &self,
        what: &str,
        path: &str,
    ) -> Result<Vec<T>, GitHubError> {
        const PER_PAGE: usize = 100;
        let mut all = Vec::new();
        for page in 1..=MOST_PAGES {
            let path = format!("{path}?per_page={PER_PAGE}&page={page}");
            let items: Vec<T> = self.read(what, &path)?;
            let is_last = items.len() < PER_PAGE;
            all.extend(items);
            if is_last {
                break;
            }
        }
        Ok(all)
    }

    /// One request, made again where that may help.
    fn send(
        &self,
        what: &str,
        method: &Method,
        path: &str,
        body: Option<&Value>,
    ) -> Result<String, GitHubError> {
        let url = format!("{}/repos/{}/{path}", self.url, self.repository);
        let mut pause = PAUSE;
        let mut attempt = 1;
        loop {
            let result = self.once(method, &url, body);
            let (error, asked) = match result {
                Ok((200..=299, _, text)) => return Ok(text),
                Ok((status, headers, text)) => (
                    self.refused(what, status, &headers, &text),
                    retry_after(&headers),
                ),
                Err(error) => (
                    GitHubError::Unreachable {
                        url: self.url.clone(),
                        reason: error.to_string(),
                    },
                    None,
                ),
            };
            // A comment that may have been written is not written again.
            let may_help = match &error {
                GitHubError::Unreachable { .. } | GitHubError::Status { .. } => {
                    *method != Method::POST
                }
                GitHubError::RateLimit => asked.is_some(),
                _ => false,
            };
            let wait = asked.unwrap_or(pause);
            if !may_help || attempt == ATTEMPTS || wait > LONGEST_PAUSE {
                return Err(error);
            }
            std::thread::sleep(wait);
            pause *= 2;
            attempt += 1;
        }
    }

    fn once(
        &self,
        method: &Method,
        url: &str,
        body: Option<&Value>,
    ) -> Result<(u16, HeaderMap, String), ureq::Error> {
        let mut request = Request::builder()
            .method(method)
            .uri(url)
            .header("accept", "application/vnd.github+json")
            .header("x-github-api-version", "2022-11-28");
        if let Some(token) = &self.token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        // Most runs ask nothing, and need no certificates.
        let agent = self.agent.get_or_init(agent);
        let mut response = match body {
            Some(body) => {
                let request = request.header("content-type", "application/json");
                agent.run(request.body(body.to_string())?)?
            }
            None => agent.run(request.body(())?)?,
        };
        let text = response.body_mut().read_to_string()?;
        Ok((response.status().as_u16(), response.headers().clone(), text))
    }

    fn refused(&self, what: &str, status: u16, headers: &HeaderMap, text: &str) -> GitHubError {
        let what = what.to_owned();
        let is_used_up = headers
            .get("x-ratelimit-remaining")
            .is_some_and(|left| left == "0");
        match status {
            401 => GitHubError::Token,
            429 => GitHubError::RateLimit,
            403 if is_used_up || headers.contains_key("retry-after") => GitHubError::RateLimit,
            403 => GitHubError::Forbidden {
                what,
                message: message(text),
            },
            404 | 410 => GitHubError::NotFound {
                what,
                repository: self.repository.clone(),
            },
            status => GitHubError::Status { status, what },
        }
    }
}

/// What became of a comment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Commented {
    /// There was none.
    Created,
    /// The one that was there says something else now.
    Updated,
    /// The one that was there says it already.
    Unchanged,
}

/// The system's certificates, as for the database, so that a server behind a company's own
/// authority is reached too; Mozilla's where the system has none.
fn agent() -> ureq::Agent {
    let found = rustls_native_certs::load_native_certs();
    let certificates: Vec<Certificate<'static>> = found
        .certs
        .iter()
        .map(|certificate| Certificate::from_der(certificate.as_ref()).to_owned())
        .collect();
    let roots = if certificates.is_empty() {
        RootCerts::WebPki
    } else {
        RootCerts::new_with_certs(&certificates)
    };
    ureq::Agent::config_builder()
        .timeout_global(Some(TIMEOUT))
        .http_status_as_error(false)
        // An issue that was moved is found by the redirect, with the same token.
        .redirect_auth_headers(ureq::config::RedirectAuthHeaders::SameHost)
        .user_agent(concat!("cargo-migrate/", env!("CARGO_PKG_VERSION")))
        .tls_config(TlsConfig::builder().root_certs(roots).build())
        .build()
        .new_agent()
}

/// The pause that the server asks for.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let seconds = headers.get("retry-after")?.to_str().ok()?;
    seconds.trim().parse().ok().map(Duration::from_secs)
}

/// What GitHub says in the body of a refusal.
fn message(text: &str) -> String {
    let body: Value = serde_json::from_str(text).unwrap_or_default();
    let message = body["message"].as_str().unwrap_or("it does not say why");
    message.chars().take(200).collect()
}
