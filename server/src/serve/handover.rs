//! Listening sockets from one process to the next, and the word that the next one is ready.
//!
//! The server starts its successor with one end of a pair of sockets as its standard input. Over it go the listening
//! sockets one way, and one byte the other. Where the successor ends before, that is the end of the pair.

use std::env;
use std::io::{self, IoSlice, IoSliceMut, Write as _};
use std::mem::MaybeUninit;
use std::net::TcpListener;
use std::os::fd::{AsFd as _, OwnedFd};
use std::os::unix::net::UnixStream;

use rustix::net::{
    RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, SendAncillaryBuffer,
    SendAncillaryMessage, SendFlags, recvmsg, sendmsg,
};
use rustix::process::getppid;

/// Names the process that has started this one as its successor.
pub(super) const PREDECESSOR: &str = "ARTICLE_SERVER_PREDECESSOR";
/// What the successor says when it serves.
pub(super) const READY: u8 = b'!';

/// What a listening socket is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Readers,
    Metrics,
}

impl Role {
    const ALL: [Self; 2] = [Self::Readers, Self::Metrics];

    fn letter(self) -> u8 {
        match self {
            Self::Readers => b'r',
            Self::Metrics => b'm',
        }
    }

    fn of(letter: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.letter() == letter)
    }
}

/// Listening sockets that were handed over.
type Listeners = Vec<(Role, TcpListener)>;

/// Listening sockets that can be handed over. While they are here they are open.
pub(super) struct Handles(Vec<(Role, OwnedFd)>);

impl Handles {
    pub(super) fn new(handles: Vec<(Role, OwnedFd)>) -> Self {
        Self(handles)
    }

    /// Hands them to whoever holds the other end; they stay here, too.
    pub(super) fn send(&self, stream: &UnixStream) -> io::Result<()> {
        let letters: Vec<u8> = self.0.iter().map(|(role, _)| role.letter()).collect();
        let sockets: Vec<_> = self.0.iter().map(|(_, socket)| socket.as_fd()).collect();
        let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(Role::ALL.len()))];
        let mut control = SendAncillaryBuffer::new(&mut space);
        if !control.push(SendAncillaryMessage::ScmRights(&sockets)) {
            return Err(io::Error::other("there are more sockets than kinds of them"));
        }
        sendmsg(stream, &[IoSlice::new(&letters)], &mut control, SendFlags::NOSIGNAL)?;
        Ok(())
    }
}

/// Takes what [`Handles::send`] has sent.
fn receive(stream: &UnixStream) -> io::Result<Listeners> {
    let mut letters = [0; Role::ALL.len()];
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(Role::ALL.len()))];
    let mut control = RecvAncillaryBuffer::new(&mut space);
    let mut pieces = [IoSliceMut::new(&mut letters)];
    let length = recvmsg(stream, &mut pieces, &mut control, RecvFlags::CMSG_CLOEXEC)?.bytes;
    let sockets = control.drain().filter_map(|message| match message {
        RecvAncillaryMessage::ScmRights(sockets) => Some(sockets),
        _ => None,
    });
    let sockets: Vec<OwnedFd> = sockets.flatten().collect();
    let roles: Option<Vec<_>> = letters[..length].iter().copied().map(Role::of).collect();
    match roles {
        Some(roles) if !roles.is_empty() && roles.len() == sockets.len() => {
            Ok(roles.into_iter().zip(sockets.into_iter().map(TcpListener::from)).collect())
        }
        _ => Err(io::Error::other("the server before this one has handed over something else")),
    }
}

/// The server that has started this one, and goes on until this one is ready.
pub(super) struct Predecessor(UnixStream);

impl Predecessor {
    /// The one that there is, and the sockets that it hands over.
    pub(super) fn of_this_process() -> io::Result<Option<(Self, Listeners)>> {
        let named = env::var(PREDECESSOR).ok().and_then(|named| named.parse().ok());
        let started_by = getppid().map(|process| process.as_raw_nonzero().get());
        if named.is_none() || named != started_by {
            return Ok(None);
        }
        let stream = UnixStream::from(io::stdin().as_fd().try_clone_to_owned()?);
        let listeners = receive(&stream)?;
        Ok(Some((Self(stream), listeners)))
    }

    /// Tells it that this one serves.
    pub(super) fn tell_ready(mut self) -> io::Result<()> {
        self.0.write_all(&[READY])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listener() -> TcpListener {
        TcpListener::bind("127.0.0.1:0").unwrap()
    }

    #[test]
    fn sockets_arrive_as_what_they_were_sent() {
        let (ours, theirs) = UnixStream::pair().unwrap();
        let sent = [(Role::Readers, listener()), (Role::Metrics, listener())];
        let addresses: Vec<_> =
            sent.iter().map(|(role, it)| (*role, it.local_addr().unwrap())).collect();
        Handles::new(sent.map(|(role, it)| (role, it.into())).into()).send(&ours).unwrap();
        let received = receive(&theirs).unwrap();
        let received: Vec<_> =
            received.iter().map(|(role, it)| (*role, it.local_addr().unwrap())).collect();
        assert_eq!(received, addresses);
    }

    #[test]
    fn what_is_no_hand_over_is_refused() {
        for bytes in [&b"r"[..], b"x", b""] {
            let (mut ours, theirs) = UnixStream::pair().unwrap();
            ours.write_all(bytes).unwrap();
            drop(ours);
            assert!(receive(&theirs).is_err(), "{bytes:?}");
        }
    }
}
