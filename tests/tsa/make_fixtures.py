"""Writes the tokens of tests/evidence/timestamp/tokens: run once by hand (keys are drawn anew), the results are kept in the repository."""
import hashlib
import json
import os
import sys
import tempfile
from dataclasses import replace

import der
import pki
from authority import Authority
from token_maker import DIGESTS, GM_SIGNED_DATA, Recipe, response

STAMPED = b"netsampler.test/log\n7\nq1l9Yb0ZxNTjh2F5gkQFyVJ3o0C1n3Jd1k9JmHn6p0s=\n"
NONCE = 0x4102030405060708
NOW = "20261122070000Z"
OLD = {"start": "20140101000000Z", "end": "20160101000000Z"}
TWO_PURPOSES = pki.TSA_EXTENSIONS.replace("timeStamping", "timeStamping,emailProtection")
NOT_CRITICAL = pki.TSA_EXTENSIONS.replace("extendedKeyUsage=critical,", "extendedKeyUsage=")
NO_EKU = pki.TSA_EXTENSIONS.replace("extendedKeyUsage=critical,timeStamping\n", "")


class Fixtures:
    def __init__(self, target, scratch):
        self.target, self.scratch, self.anchors = target, scratch, {}

    def pki(self, name, kind, ca="/O=netsampler test/CN=CA", start="20100101000000Z", end="20600101000000Z"):
        made = pki.Pki(os.path.join(self.scratch, name), kind)
        made.issue("ca", ca, pki.CA_EXTENSIONS, start=start, end=end)
        self.anchors[name] = pki.sha256_hex(made.der("ca"))
        return made

    def write(self, name, data):
        with open(os.path.join(self.target, name), "wb") as out:
            out.write(data)

    def token(self, name, recipe, **changes):
        self.write(name + ".tsr", response(replace(recipe, **changes)))


def recipe_for(made, signer="tsa", imprint="sha256", **more):
    return Recipe(made, signer, [made.der(signer), made.der("ca")], der.algorithm(DIGESTS[imprint]),
                  hashlib.new(imprint, STAMPED).digest(), der.integer(NONCE), NOW, **more)


def issue(made, name, extensions=pki.TSA_EXTENSIONS, **more):
    dates = {"start": "20200101000000Z", "end": "20560101000000Z"}
    dates.update(more)
    made.issue(name, "/O=netsampler test/CN=" + name, extensions, issuer="ca", **dates)


def of_openssl(out, name, kind):
    """What the openssl command itself answers: an independent maker."""
    authority = Authority(os.path.join(out.scratch, name), kind, None)
    query = der.sequence(der.integer(1), der.sequence(der.algorithm(DIGESTS["sha256"]), der.octets(hashlib.sha256(STAMPED).digest())),
                         der.integer(NONCE), der.value(0x01, b"\xff"))
    out.write(name + ".tsr", authority.answer(query))
    out.anchors[name] = pki.sha256_hex(authority.pki.der("ca"))
    out.write("refused.tsr", authority.answer(query.replace(der.oid(DIGESTS["sha256"]), der.oid(DIGESTS["sha512"]))))


def plain_tokens(out, made):
    good = recipe_for(made)
    out.token("good", good)
    out.token("accuracy", good, gen_time="20261122070000.25Z", accuracy=der.sequence(der.integer(1), der.value(0x80, b"\x05")))
    out.token("wrong_imprint", good, imprint=hashlib.sha256(b"other").digest())
    out.token("wrong_nonce", good, nonce=der.integer(NONCE + 1))
    out.token("no_nonce", good, nonce=b"")
    out.token("sha1_imprint", good, imprint_algorithm=der.algorithm(DIGESTS["sha1"]), imprint=hashlib.sha1(STAMPED).digest())
    out.token("sha1_signature", good, digest="sha1", signature_oid="1.2.840.10045.4.1")
    out.token("ess_v1", good, ess="v1")
    out.token("ess_none", good, ess="none")
    out.token("ess_other", good, ess_certificate=made.der("ca"))
    out.token("ess_absent", good, ess_certificate=b"no certificate at all")
    out.token("no_certificates", good, certificates=[])
    out.token("attribute_twice", good, twice=True)
    out.token("two_signers", good, signers=2)
    out.token("content_type", good, content_type_signed="1.2.840.113549.1.7.1")
    wrong = response(good)
    out.write("wrong_signature.tsr", wrong[:-1] + bytes([wrong[-1] ^ 1]))


def purposes(out, made):
    for name, extensions in (("no_eku", NO_EKU), ("two_purposes", TWO_PURPOSES), ("not_critical", NOT_CRITICAL)):
        issue(made, name, extensions)
        out.token(name, recipe_for(made, name))


def dates(out, made):
    issue(made, "old", **OLD)
    old = recipe_for(made, "old")
    out.token("old_in_time", old, gen_time="20150601000000Z")
    out.token("old_too_late", old, gen_time="20160601000000Z")
    out.token("old_too_early", old, gen_time="20130601000000Z")
    short = out.pki("short_ca", "p256", start=OLD["start"], end=OLD["end"])
    issue(short, "tsa", start=OLD["start"], end="20300101000000Z")
    out.token("ca_in_time", recipe_for(short), gen_time="20150601000000Z")
    out.token("ca_too_late", recipe_for(short), gen_time="20180601000000Z")


def foreign(out, made):
    other = out.pki("foreign", "p256", ca="/O=somebody else/CN=CA")
    issue(other, "tsa")
    twin = out.pki("same_name", "p256")  # the true CA's name, another key
    issue(twin, "tsa", pki.TSA_EXTENSIONS.replace("=keyid", "=none"))
    good = recipe_for(made)
    out.token("foreign_beside", good, certificates=[other.der("ca"), made.der("tsa"), other.der("tsa"), made.der("ca")])
    out.token("foreign_with_true_ca", recipe_for(other), certificates=[other.der("tsa"), other.der("ca"), made.der("ca")])
    out.token("same_name_with_true_ca", recipe_for(twin), certificates=[twin.der("tsa"), made.der("ca")])
    out.token("foreign_key", replace(recipe_for(other), certificates=[made.der("tsa"), made.der("ca")], ess_certificate=made.der("tsa")))


def chinese(out):
    sm2 = out.pki("sm2", "sm2")
    issue(sm2, "tsa")
    good = recipe_for(sm2, imprint="sm3", digest="sm3")
    out.token("sm2", good)
    out.token("sm2_gm", good, outer=GM_SIGNED_DATA, signature_oid="1.2.156.10197.1.301.1")
    out.token("sm2_sha256_imprint", recipe_for(sm2, digest="sm3"))
    out.token("sm2_other_identity", good, identity="distid:8765432187654321")
    out.token("unknown_outer", good, outer="1.2.156.10197.6.1.4.2.3")
    broken = response(good)
    out.write("sm2_wrong_signature.tsr", broken[:-1] + bytes([broken[-1] ^ 1]))


def weak(out):
    made = out.pki("weak", "rsa")
    issue(made, "tsa", key_kind="rsa1024")
    out.token("weak", recipe_for(made))


def main():
    target = sys.argv[1]
    os.makedirs(target, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        out = Fixtures(target, scratch)
        made = out.pki("own", "p256")
        issue(made, "tsa")
        for part in (plain_tokens, purposes, dates, foreign):
            part(out, made)
        chinese(out)
        weak(out)
        of_openssl(out, "openssl_p256", "p256")
        of_openssl(out, "openssl_rsa", "rsa")
        out.write("stamped.txt", STAMPED)
        out.write("anchors.json", json.dumps(out.anchors, indent=1, sort_keys=True).encode() + b"\n")
        out.write("own_ca.der", made.der("ca"))


if __name__ == "__main__":
    main()
