//! Who wants no article sent to them any more. An address is known by a keyed hash alone. Its key lies in the
//! same database: whoever has both reads no address there, but can ask for one that they think of. The hash
//! alone, as on the list that is kept apart or in a mail's link, says nothing.

use data_encoding::BASE64URL_NOPAD;

use crate::clock::UnixSeconds;
use crate::erasures::Erased;
use crate::feedback::with_list;
use crate::forms::MailAddress;
use crate::problem::Problem;
use crate::signing_key::SigningKey;
use crate::state::Server;
use crate::store::{AddressHash, OutboxStore, StoreError};

/// Bytes of the signature in a token.
const SIGNATURE: usize = 16;
/// What the signing key signs there.
const PURPOSE: &str = "unsubscribe";

/// Has no article go to this address any more. It goes onto the list that is kept apart from the database
/// first, so that it stays so where a backup is put back.
///
/// # Errors
/// A list that cannot be written, or a failing store: then ask again.
pub async fn suppress(server: &Server, address: &AddressHash) -> Result<(), Problem> {
    // Again is not to make the list longer.
    if server.store.is_suppressed(address).await? {
        return Ok(());
    }
    let listed = *address;
    with_list(server, move |list| list.add_unsubscribed(&listed)).await?;
    Ok(server.store.suppress(address, server.clock.now()).await?)
}

/// The same for all that are on the list and not in the store.
///
/// # Errors
/// A failing store.
pub async fn suppress_again<S>(
    store: &S,
    erased: &Erased,
    now: UnixSeconds,
) -> Result<(), StoreError>
where
    S: OutboxStore + ?Sized,
{
    for address in erased.unsubscribed() {
        if !store.is_suppressed(address).await? {
            store.suppress(address, now).await?;
        }
    }
    Ok(())
}

/// Stands for whoever has this address: see [`MailAddress::mailbox`].
pub fn hash(signing_key: &SigningKey, address: &MailAddress) -> AddressHash {
    signing_key.mac("mail address", &[address.mailbox().as_bytes()])
}

/// What ends mails to the address with this hash, whoever holds it: it stands in every such mail. It says
/// no address, and nobody else can make one.
pub fn token(signing_key: &SigningKey, address: &AddressHash) -> String {
    let signature = signing_key.mac(PURPOSE, &[address]);
    BASE64URL_NOPAD.encode(&[&address[..], &signature[..SIGNATURE]].concat())
}

/// Whose token it is; none where it is none of ours.
pub fn read_token(signing_key: &SigningKey, token: &str) -> Option<AddressHash> {
    let bytes = BASE64URL_NOPAD.decode(token.as_bytes()).ok()?;
    let (address, signature) = bytes.split_first_chunk()?;
    let signature: &[u8; SIGNATURE] = signature.try_into().ok()?;
    signing_key.verifies(PURPOSE, &[address], signature).then_some(*address)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_leads_to_its_address_and_to_no_other() {
        let hash = |key, text| hash(&[key; 32].into(), &MailAddress::parse(text).unwrap());
        let address = hash(7, "Hoa@example.vn");
        assert_eq!(address, hash(7, "hoa+tin@example.vn"));
        assert_ne!(address, hash(8, "hoa@example.vn"));
        let token = token(&[7; 32].into(), &address);
        assert_eq!(read_token(&[7; 32].into(), &token), Some(address));
        assert_eq!(read_token(&[8; 32].into(), &token), None, "another installation's");
        for broken in
            ["", "A", &token[..43], &token[..60], &format!("{token}AAAA"), &token.to_lowercase()]
        {
            assert_eq!(read_token(&[7; 32].into(), broken), None, "{broken}");
        }
    }
}
