//! Which addresses are of the public internet.
//!
//! By IANA's registries of special-purpose addresses (RFC 6890, as of 2025): what is not globally reachable
//! there is not asked. Of IPv6 only 2000::/3 is given out at all, so that everything else is refused unseen.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::Arc;

use ipnet::{IpNet, Ipv4Net, Ipv6Net};

/// IPv4 networks that are not of the public internet.
const SPECIAL_4: [Ipv4Net; 15] = [
    // This network.
    v4(0, 0, 0, 0, 8),
    // Private.
    v4(10, 0, 0, 0, 8),
    v4(172, 16, 0, 0, 12),
    v4(192, 168, 0, 0, 16),
    // Shared, between a carrier and its customers.
    v4(100, 64, 0, 0, 10),
    // Loopback.
    v4(127, 0, 0, 0, 8),
    // Link-local: clouds tell machines their secrets there.
    v4(169, 254, 0, 0, 16),
    // Of protocols.
    v4(192, 0, 0, 0, 24),
    // Documentation.
    v4(192, 0, 2, 0, 24),
    v4(198, 51, 100, 0, 24),
    v4(203, 0, 113, 0, 24),
    // Relays from IPv6, which are no more.
    v4(192, 88, 99, 0, 24),
    // Measurements.
    v4(198, 18, 0, 0, 15),
    // Multicast, then what is reserved, and broadcast.
    v4(224, 0, 0, 0, 4),
    v4(240, 0, 0, 0, 4),
];

/// All of IPv6 that is given out.
const GIVEN_OUT: Ipv6Net = v6([0x2000, 0, 0], 3);

/// Networks in it that are not of the public internet.
const SPECIAL_6: [Ipv6Net; 4] = [
    // Of protocols; Teredo, measurements and hashes in the place of addresses are among them.
    v6([0x2001, 0, 0], 23),
    // Documentation.
    v6([0x2001, 0xdb8, 0], 32),
    v6([0x3fff, 0, 0], 20),
    // 6to4: any IPv4 address may be inside.
    v6([0x2002, 0, 0], 16),
];

/// Addresses of IPv4 behind a translator (RFC 6052): the last four bytes say which.
const TRANSLATED: Ipv6Net = v6([0x64, 0xff9b, 0], 96);

/// Which addresses may be asked.
#[derive(Clone, Debug)]
pub(super) struct Networks {
    allowed: Arc<[IpNet]>,
}

impl Networks {
    /// Those of the public internet, and these.
    pub(super) fn new(allowed: Vec<IpNet>) -> Self {
        Self { allowed: allowed.into() }
    }

    /// Whether this one may.
    pub(super) fn allow(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.allowed.iter().any(|network| network.contains(&address)) || is_public(address)
    }
}

fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => !SPECIAL_4.iter().any(|network| network.contains(&address)),
        IpAddr::V6(address) if TRANSLATED.contains(&address) => {
            let [.., a, b, c, d] = address.octets();
            is_public(Ipv4Addr::new(a, b, c, d).into())
        }
        IpAddr::V6(address) => {
            GIVEN_OUT.contains(&address)
                && !SPECIAL_6.iter().any(|network| network.contains(&address))
        }
    }
}

const fn v4(a: u8, b: u8, c: u8, d: u8, length: u8) -> Ipv4Net {
    Ipv4Net::new_assert(Ipv4Addr::new(a, b, c, d), length)
}

const fn v6([a, b, c]: [u16; 3], length: u8) -> Ipv6Net {
    Ipv6Net::new_assert(Ipv6Addr::new(a, b, c, 0, 0, 0, 0, 0), length)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allow(networks: &[&str], address: &str) -> bool {
        let networks = networks.iter().map(|network| network.parse().unwrap()).collect();
        Networks::new(networks).allow(address.parse().unwrap())
    }

    #[test]
    fn the_public_internet_may_be_asked() {
        for address in [
            "1.1.1.1",
            "9.255.255.255",
            "11.0.0.0",
            "100.63.255.255",
            "100.128.0.0",
            "172.15.255.255",
            "172.32.0.0",
            "192.167.255.255",
            "198.17.255.255",
            "198.20.0.0",
            "223.255.255.255",
            "2001:4860:4860::8888",
            "2606:4700:4700::1111",
            "2a00:1450::1",
            "::ffff:1.1.1.1",
            "64:ff9b::1.1.1.1",
        ] {
            assert!(allow(&[], address), "{address}");
        }
    }

    #[test]
    fn nothing_else_may() {
        for address in [
            "0.0.0.0",
            "0.255.255.255",
            "10.0.0.1",
            "10.255.255.255",
            "100.64.0.1",
            "100.127.255.255",
            "127.0.0.1",
            "127.255.255.255",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.8",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.0.1",
            "198.18.0.1",
            "198.19.255.255",
            "198.51.100.1",
            "203.0.113.1",
            "224.0.0.1",
            "239.255.255.255",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::127.0.0.1",
            "::ffff:127.0.0.1",
            "::ffff:169.254.169.254",
            "::ffff:10.0.0.1",
            "64:ff9b::127.0.0.1",
            "64:ff9b::10.0.0.1",
            "64:ff9b:1::1.1.1.1",
            "100::1",
            "2001::1",
            "2001:2::1",
            "2001:1ff::1",
            "2001:db8::1",
            "2002:7f00:1::1",
            "3fff::1",
            "3fff:fff::1",
            "5f00::1",
            "fc00::1",
            "fd00:ec2::254",
            "fe80::1",
            "fec0::1",
            "ff02::1",
        ] {
            assert!(!allow(&[], address), "{address}");
        }
    }

    #[test]
    fn what_the_operator_allows_may_be_asked_however_it_is_written() {
        let networks = ["127.0.0.0/8", "fd00::/8"];
        assert!(allow(&networks, "127.0.0.1") && allow(&networks, "::ffff:127.0.0.1"));
        assert!(allow(&networks, "fd12::1"));
        assert!(!allow(&networks, "10.0.0.1") && !allow(&networks, "::1"));
    }
}
