"""Makes time-stamp responses piece by piece, also ones that no honest tool would: SM2 tokens, wrong identifiers, wrong purposes."""
import hashlib
import os
import subprocess
import tempfile
from dataclasses import dataclass, field

import der
from pki import IDENTITY

SIGNED_DATA = "1.2.840.113549.1.7.2"
GM_SIGNED_DATA = "1.2.156.10197.6.1.4.2.2"
TST_INFO = "1.2.840.113549.1.9.16.1.4"
DIGESTS = {"sha1": "1.3.14.3.2.26", "sha256": "2.16.840.1.101.3.4.2.1", "sha512": "2.16.840.1.101.3.4.2.3", "sm3": "1.2.156.10197.1.401"}
SIGNATURES = {"rsa": "1.2.840.113549.1.1.1", "p256": "1.2.840.10045.4.3.2", "sm2": "1.2.156.10197.1.501"}


@dataclass
class Recipe:
    pki: object                      # where the keys lie
    signer: str = "tsa"              # name of its certificate there
    certificates: list = field(default_factory=list)  # DER, in this order
    imprint_algorithm: bytes = b""   # DER AlgorithmIdentifier
    imprint: bytes = b""
    nonce: bytes = b""               # DER INTEGER, or empty
    gen_time: str = "20261122070000Z"
    policy: str = "1.3.6.1.4.1.4146.2.3"
    digest: str = "sha256"
    signature_oid: str = ""          # empty: the usual one of the key
    ess: str = "v2"                  # v2, v1, none
    ess_certificate: bytes = b""     # empty: the signer's
    identity: str = IDENTITY
    outer: str = SIGNED_DATA
    content_type_signed: str = TST_INFO
    twice: bool = False              # the message digest stands twice among the attributes
    signers: int = 1
    accuracy: bytes = b""


def digest(name, data):
    return hashlib.new(name, data).digest()


def sign(recipe, message):
    with tempfile.TemporaryDirectory() as directory:
        path = os.path.join(directory, "message")
        with open(path, "wb") as out:
            out.write(message)
        identity = ["-pkeyopt", recipe.identity] if recipe.pki.kind == "sm2" else []
        done = subprocess.run(["openssl", "pkeyutl", "-sign", "-rawin", "-digest", recipe.digest, *identity, "-in", path,
                               "-inkey", recipe.pki.path(recipe.signer + ".key")], capture_output=True, timeout=60)
        if done.returncode != 0:
            raise RuntimeError("openssl pkeyutl: " + done.stderr.decode(errors="replace"))
        return done.stdout


def tst_info(recipe):
    return der.sequence(der.integer(1), der.oid(recipe.policy),
                        der.sequence(recipe.imprint_algorithm, der.octets(recipe.imprint)), der.integer(1001),
                        der.time(recipe.gen_time), recipe.accuracy, recipe.nonce)


def ess_attribute(recipe, own):
    certificate = recipe.ess_certificate or own
    if recipe.ess == "v1":
        body = der.sequence(der.sequence(der.sequence(der.octets(digest("sha1", certificate)))))
        return [der.sequence(der.oid("1.2.840.113549.1.9.16.2.12"), der.set_of(body))]
    if recipe.ess == "none":
        return []
    named = b"" if recipe.digest != "sm3" else der.algorithm(DIGESTS["sm3"])
    kind = "sm3" if named else "sha256"
    body = der.sequence(der.sequence(der.sequence(named, der.octets(digest(kind, certificate)))))
    return [der.sequence(der.oid("1.2.840.113549.1.9.16.2.47"), der.set_of(body))]


def attributes(recipe, content, own):
    message_digest = der.sequence(der.oid("1.2.840.113549.1.9.4"), der.set_of(der.octets(digest(recipe.digest, content))))
    found = [der.sequence(der.oid("1.2.840.113549.1.9.3"), der.set_of(der.oid(recipe.content_type_signed))), message_digest]
    return b"".join(sorted(found + ([message_digest] if recipe.twice else []) + ess_attribute(recipe, own)))


def issuer_and_serial(certificate):
    body = der.children(der.children(der.read(certificate)[1])[0][1])
    parts = body[1:] if body[0][0] == 0xA0 else body
    return der.sequence(parts[2][2], parts[0][2])  # issuer, serial


def signer_info(recipe, content, own):
    signed = attributes(recipe, content, own)
    return der.sequence(der.integer(1), issuer_and_serial(own), der.algorithm(DIGESTS[recipe.digest]), der.value(0xA0, signed),
                        der.algorithm(recipe.signature_oid or SIGNATURES[recipe.pki.kind]),
                        der.octets(sign(recipe, der.value(0x31, signed))))


def token(recipe):
    content, own = tst_info(recipe), recipe.pki.der(recipe.signer)
    signer = signer_info(recipe, content, own)
    data = der.sequence(der.integer(3), der.set_of(der.algorithm(DIGESTS[recipe.digest])),
                        der.sequence(der.oid(TST_INFO), der.value(0xA0, der.octets(content))),
                        der.value(0xA0, *recipe.certificates), der.value(0x31, signer * recipe.signers))
    return der.sequence(der.oid(recipe.outer), der.value(0xA0, data))


def response(recipe):
    return der.sequence(der.sequence(der.integer(0)), token(recipe))
