//! Addresses: the site's public one, and the networks of trusted proxies.

use std::net::IpAddr;
use std::str::FromStr;

/// How people reach the site: scheme and authority, no path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicUrl {
    https: bool,
    authority: String,
}

impl PublicUrl {
    /// The site is reached over TLS.
    pub fn is_https(&self) -> bool {
        self.https
    }

    /// `scheme://authority`, as browsers send it in `Origin`.
    pub fn origin(&self) -> String {
        format!("{}://{}", if self.https { "https" } else { "http" }, self.authority)
    }
}

impl FromStr for PublicUrl {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (https, rest) = match (text.strip_prefix("https://"), text.strip_prefix("http://")) {
            (Some(rest), _) => (true, rest),
            (None, Some(rest)) => (false, rest),
            (None, None) => {
                return Err(format!("`public_url` is `{text}`: begin with https:// (or http://)."));
            }
        };
        let authority = rest.strip_suffix('/').unwrap_or(rest);
        if authority.is_empty() || authority.contains(['/', '?', '#', '@', ' ']) {
            return Err(format!(
                "`public_url` is `{text}`: give scheme and host without a path, such as https://label.example."
            ));
        }
        Ok(Self { https, authority: authority.to_ascii_lowercase() })
    }
}

/// An address or a range of addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
    base: IpAddr,
    prefix: u8,
}

impl Network {
    /// The address lies in the network. An IPv4 address mapped into IPv6 counts as the IPv4 address it is.
    pub fn holds(&self, address: IpAddr) -> bool {
        match (self.base, address.to_canonical()) {
            (IpAddr::V4(base), IpAddr::V4(address)) => {
                let mask = u32::MAX.checked_shl(32 - u32::from(self.prefix)).unwrap_or(0);
                base.to_bits() & mask == address.to_bits() & mask
            }
            (IpAddr::V6(base), IpAddr::V6(address)) => {
                let mask = u128::MAX.checked_shl(128 - u32::from(self.prefix)).unwrap_or(0);
                base.to_bits() & mask == address.to_bits() & mask
            }
            _ => false,
        }
    }

    /// Every address lies in it.
    pub fn is_everybody(&self) -> bool {
        self.prefix == 0
    }
}

impl FromStr for Network {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong =
            || format!("`trusted_proxy` holds `{text}`: give an address (10.0.0.2) or a network (10.0.0.0/24).");
        let (base, prefix) = text.trim().split_once('/').map_or((text.trim(), None), |(base, p)| (base, Some(p)));
        let base: IpAddr = base.parse::<IpAddr>().map_err(|_unparsed| wrong())?.to_canonical();
        let most = if base.is_ipv4() { 32 } else { 128 };
        let prefix = match prefix {
            Some(prefix) => prefix.parse::<u8>().ok().filter(|prefix| *prefix <= most).ok_or_else(wrong)?,
            None => most,
        };
        Ok(Self { base, prefix })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn networks_hold_their_addresses() {
        let holds = |network: &str, address: &str| {
            network.parse::<Network>().unwrap().holds(address.parse::<IpAddr>().unwrap())
        };
        assert!(holds("10.0.0.0/24", "10.0.0.77"));
        assert!(!holds("10.0.0.0/24", "10.0.1.77"));
        assert!(holds("10.0.0.2", "::ffff:10.0.0.2"));
        assert!(holds("fd00::/8", "fd12::1"));
        assert!(!holds("fd00::/8", "10.0.0.2"));
        assert!(holds("0.0.0.0/0", "203.0.113.9"));
    }

    #[test]
    fn a_public_url_is_an_origin() {
        assert_eq!("https://Label.Example/".parse::<PublicUrl>().unwrap().origin(), "https://label.example");
        assert_eq!("http://10.1.2.3:8080".parse::<PublicUrl>().unwrap().origin(), "http://10.1.2.3:8080");
    }
}
