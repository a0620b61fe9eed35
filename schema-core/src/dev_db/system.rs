//! What to type on this system to get a PostgreSQL server or an extension.

/// How software is installed here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Packages {
    Apt,
    Dnf,
    Apk,
    Pacman,
    Zypper,
    Brew,
    Unknown,
}

impl Packages {
    /// Of the system that this runs on.
    pub(super) fn here() -> Self {
        if cfg!(target_os = "macos") {
            Self::Brew
        } else {
            Self::of_release(&fs_err::read_to_string("/etc/os-release").unwrap_or_default())
        }
    }

    /// By the words of `/etc/os-release`.
    fn of_release(text: &str) -> Self {
        let mut words = text
            .lines()
            .filter_map(|line| line.strip_prefix("ID=").or(line.strip_prefix("ID_LIKE=")))
            .flat_map(|value| value.trim_matches('"').split_whitespace());
        words
            .find_map(|word| match word {
                "debian" | "ubuntu" => Some(Self::Apt),
                "fedora" | "rhel" | "centos" => Some(Self::Dnf),
                "alpine" => Some(Self::Apk),
                "arch" => Some(Self::Pacman),
                "suse" | "opensuse" => Some(Self::Zypper),
                _ => None,
            })
            .unwrap_or(Self::Unknown)
    }

    /// The command that installs a server.
    pub(super) fn server(self, major: Option<u32>) -> String {
        let number = major.map(|major| major.to_string()).unwrap_or_default();
        let dashed = major.map(|major| format!("-{major}")).unwrap_or_default();
        match self {
            Self::Apt => format!("apt install postgresql{dashed}"),
            Self::Dnf => format!("dnf install postgresql{number}-server"),
            Self::Apk => format!("apk add postgresql{number}"),
            Self::Pacman => "pacman -S postgresql".to_owned(),
            Self::Zypper => format!("zypper install postgresql{number}-server"),
            Self::Brew => format!("brew install postgresql@{}", major.unwrap_or(17)),
            Self::Unknown => format!("install the PostgreSQL {number} server").replace("  ", " "),
        }
    }

    /// The command that installs an extension for a server of this major version, where known.
    pub(super) fn extension(self, name: &str, major: u32) -> Option<String> {
        if CONTRIB.contains(&name) {
            return Some(match self {
                Self::Apt => format!("apt install postgresql-{major}"),
                Self::Dnf => "dnf install postgresql-contrib".to_owned(),
                Self::Apk => format!("apk add postgresql{major}-contrib"),
                Self::Pacman => "pacman -S postgresql".to_owned(),
                Self::Zypper => format!("zypper install postgresql{major}-contrib"),
                Self::Brew => format!("brew install postgresql@{major}"),
                Self::Unknown => return None,
            });
        }
        let (_, apt, brew) = EXTERNAL.iter().find(|(extension, ..)| *extension == name)?;
        match self {
            Self::Apt => Some(format!("apt install postgresql-{major}-{apt}")),
            Self::Brew => Some(format!("brew install {brew}")).filter(|_| !brew.is_empty()),
            Self::Dnf | Self::Apk | Self::Pacman | Self::Zypper | Self::Unknown => None,
        }
    }
}

/// Extensions that belong to PostgreSQL.
const CONTRIB: [&str; 36] = [
    "amcheck",
    "bloom",
    "btree_gin",
    "btree_gist",
    "citext",
    "cube",
    "dblink",
    "dict_int",
    "dict_xsyn",
    "earthdistance",
    "file_fdw",
    "fuzzystrmatch",
    "hstore",
    "intagg",
    "intarray",
    "isn",
    "lo",
    "ltree",
    "pageinspect",
    "pg_buffercache",
    "pg_freespacemap",
    "pg_prewarm",
    "pg_stat_statements",
    "pg_trgm",
    "pg_visibility",
    "pg_walinspect",
    "pgcrypto",
    "pgrowlocks",
    "pgstattuple",
    "postgres_fdw",
    "seg",
    "sslinfo",
    "tablefunc",
    "tcn",
    "unaccent",
    "uuid-ossp",
];

/// Extensions of others: name, the end of the Debian package's name, the Homebrew formula.
const EXTERNAL: [(&str, &str, &str); 11] = [
    ("age", "age", ""),
    ("h3", "h3", ""),
    ("hll", "hll", ""),
    ("hypopg", "hypopg", "hypopg"),
    ("ip4r", "ip4r", ""),
    ("pg_cron", "cron", ""),
    ("pg_partman", "partman", ""),
    ("pgaudit", "pgaudit", ""),
    ("postgis", "postgis-3", "postgis"),
    ("rum", "rum", ""),
    ("vector", "pgvector", "pgvector"),
];

#[cfg(test)]
mod tests {
    use super::Packages;

    #[test]
    fn each_system_gets_its_own_command() {
        let check = |release: &str, server: &str, vector: Option<&str>| {
            let packages = Packages::of_release(release);
            assert_eq!(packages.server(Some(16)), server);
            assert_eq!(packages.extension("vector", 16).as_deref(), vector);
        };
        check(
            "NAME=\"Debian\"\nID=debian\n",
            "apt install postgresql-16",
            Some("apt install postgresql-16-pgvector"),
        );
        check(
            "ID=linuxmint\nID_LIKE=\"ubuntu debian\"\n",
            "apt install postgresql-16",
            Some("apt install postgresql-16-pgvector"),
        );
        check(
            "ID=\"rocky\"\nID_LIKE=\"rhel centos fedora\"\n",
            "dnf install postgresql16-server",
            None,
        );
        check("ID=alpine\n", "apk add postgresql16", None);
        check("ID=nixos\n", "install the PostgreSQL 16 server", None);
        assert_eq!(Packages::Apt.server(None), "apt install postgresql");
        assert_eq!(Packages::Apt.extension("no_such", 16), None);
    }
}
