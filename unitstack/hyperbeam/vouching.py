"""Messages that a person signed as HTTP fields, made items: the node signs for that person, as a messenger does for a
process. Processes that trust the node take such a message as that person's."""

from collections.abc import Mapping
from hashlib import sha256

from unitstack.errors import InvalidItem, Refused
from unitstack.hyperbeam.encoding import BODY, body_values
from unitstack.hyperbeam.signatures import Commitment, has_digest
from unitstack.wire.ids import ProcessId
from unitstack.wire.messages import Draft
from unitstack.wire.tags import Tag

VARIANT = "ao.N.1"
AS_ITEM = "send it as an item (signing-format ans104)"

# How a message travels is not what it says; who it is from is the node's to say.
_APART = {
    *("target", "data", BODY, "anchor", "type", "variant", "data-protocol", "path", "method"),
    *("ao-types", "signing-format", "inline-body-key", "codec-device", "require-codec", "slot"),
    *("from-process", "from-module", "pushed-for", "host", "user-agent", "connection"),
}
_APART_PREFIXES = ("content-", "accept", "signature", "sec-", "device", "push-")


def vouched_draft(
    process: ProcessId, commitment: Commitment, fields: Mapping[str, str], body: bytes
) -> Draft:
    """What the node is to sign. One signature always gives the same draft, so that what is sent again is known to be a
    duplicate. Raises InvalidItem, and Refused for what the signature does not cover."""
    target = fields.get("target") if "target" in commitment.covered else None
    if target != process:
        # A signature that names no process would hold for every process.
        reason = f"its signed field target is {target and target[:60]!r}, not {process}"
        raise Refused(f"the message is not signed for this process: {reason}")
    own = (
        Tag("Data-Protocol", "ao"),
        Tag("Variant", VARIANT),
        Tag("Type", "Message"),
        Tag("From-Process", commitment.signer),
    )
    data = signed_data(commitment, fields, body)
    anchor = sha256(commitment.signature).digest()
    return Draft(process, (*signed_tags(commitment, fields), *own), data, anchor)


def signed_tags(commitment: Commitment, fields: Mapping[str, str]) -> tuple[Tag, ...]:
    """What the signer says, by names as processes know them: `action` is Action."""
    return tuple(
        Tag("-".join(word.capitalize() for word in name.split("-")), value)
        for name, value in fields.items()
        if name in commitment.covered
        and name not in _APART
        and not name.startswith(_APART_PREFIXES)
    )


def signed_data(commitment: Commitment, fields: Mapping[str, str], body: bytes) -> bytes:
    """The message's data, in whichever field or part of the body it is. Raises InvalidItem."""
    digest = fields.get("content-digest", "")
    if body and not ("content-digest" in commitment.covered and has_digest(body, digest)):
        raise InvalidItem("the body is not what was signed: no signed content-digest is its own")
    # ao-core-libs 0.0.9 signs the digest of a body, and then sends none.
    if not body and digest and "data" not in fields and not has_digest(b"", digest):
        raise InvalidItem(f"the body that was signed did not come along; {AS_ITEM}")
    signed = {name: value for name, value in fields.items() if name in commitment.covered}
    values = body_values(signed, body)
    if "data" in values or BODY in values:
        return values.get("data", values.get(BODY, b""))
    return signed.get("data", "").encode()
