//! A name that leads to two servers, as Docker's does: DNS, of which a proxy asks no more than addresses.

use std::net::{Ipv4Addr, SocketAddr};

use tokio::net::UdpSocket;
use tokio::task::JoinHandle;

const HEADER: usize = 12;
/// What follows a question's name: its type and its class.
const KIND: usize = 4;
/// The answer of whoever knows, without an error, to one question.
const ANSWERED: [u8; 4] = [0x85, 0x80, 0, 1];
/// The type of addresses of IPv4, and the class of the internet.
const ADDRESS: [u8; KIND] = [0, 1, 0, 1];
/// The name that is asked for, as it stands in the question.
const NAME: [u8; 2] = [0xc0, 0x0c];
/// For how long it may be kept: a second.
const KEPT: [u8; 4] = [0, 0, 0, 1];

/// Whoever knows the name. Dropping it stops it.
pub(super) struct Names {
    pub(super) at: SocketAddr,
    task: JoinHandle<()>,
}

impl Names {
    /// Every name leads to these.
    pub(super) fn leading_to(addresses: [Ipv4Addr; 2]) -> Self {
        let socket = std::net::UdpSocket::bind("127.0.0.1:0").unwrap();
        socket.set_nonblocking(true).unwrap();
        let at = socket.local_addr().unwrap();
        let socket = UdpSocket::from_std(socket).unwrap();
        let task = tokio::spawn(async move {
            let mut asked = [0; 512];
            while let Ok((length, from)) = socket.recv_from(&mut asked).await {
                if let Some(answer) = answer(&asked[..length], addresses) {
                    // Whoever is gone needs none.
                    let _ = socket.send_to(&answer, from).await;
                }
            }
        });
        Self { at, task }
    }
}

impl Drop for Names {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// None to what is no question.
fn answer(asked: &[u8], addresses: [Ipv4Addr; 2]) -> Option<Vec<u8>> {
    let name = asked.get(HEADER..)?.iter().position(|&byte| byte == 0)? + 1;
    let question = asked.get(HEADER..HEADER + name + KIND)?;
    // Of IPv6 there are none.
    let is_meant = question.ends_with(&ADDRESS);
    let addresses = addresses.iter().filter(|_| is_meant).collect::<Vec<_>>();
    let count = u8::try_from(addresses.len()).ok()?;
    let mut answer = [&asked[..2], &ANSWERED, &[0, count, 0, 0, 0, 0], question].concat();
    for address in addresses {
        answer.extend([&NAME[..], &ADDRESS, &KEPT, &[0, 4], &address.octets()].concat());
    }
    Some(answer)
}
