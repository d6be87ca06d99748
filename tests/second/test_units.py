"""verify.py by itself: Ed25519 against RFC 8032 and wycheproof, the JCS profile, Merkle roots, its command line."""
import ast
import base64
import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.dont_write_bytecode = True
import sealing  # noqa: E402
sys.path.insert(0, os.path.join(sealing.ROOT, "tests", "tsa"))
import der  # noqa: E402
import pki  # noqa: E402
import token_maker  # noqa: E402
from sealing import verifier  # noqa: E402

PROGRAM = os.path.join(sealing.ROOT, "evidence", "package", "verify.py")
ORDER_8_Y = int.from_bytes(bytes.fromhex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"), "little")
SMALL_ORDER_Y = (0, 1, verifier.P - 1, ORDER_8_Y, verifier.P - ORDER_8_Y)
RFC_8032 = [  # section 7.1: seed, public key, message, signature
    ("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60", "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
     "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"),
    ("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb", "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
     "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"),
    ("c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7", "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
     "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"),
]


def vectors(*parts):
    """The path of shared vectors, looked for beside the project and above it; None where they are absent."""
    above = os.path.dirname(sealing.ROOT)
    for base in (above, os.path.dirname(above)):
        path = os.path.join(base, "shared", "vectors", *parts)
        if os.path.exists(path):
            return path
    return None


class Ed25519(unittest.TestCase):
    def test_rfc_8032(self):
        for seed, key, message, signature in RFC_8032:
            seed, key, message, signature = map(bytes.fromhex, (seed, key, message, signature))
            self.assertEqual(sealing.sign(seed, message), signature)
            self.assertTrue(verifier.verify_signature(key, message, signature))
            for at in (0, 31, 32, 63):
                bent = bytearray(signature)
                bent[at] ^= 1
                self.assertFalse(verifier.verify_signature(key, message, bytes(bent)))
            self.assertFalse(verifier.verify_signature(key, message + b"x", signature))

    def test_s_beyond_the_order_is_refused(self):
        _, key, message, signature = map(bytes.fromhex, RFC_8032[1])
        s = int.from_bytes(signature[32:], "little") + verifier.L
        self.assertFalse(verifier.verify_signature(key, message, signature[:32] + s.to_bytes(32, "little")))

    def test_points_of_small_order_are_refused(self):
        """With A of small order, R = s B holds for many messages: whoever picks such a key signs everything."""
        for y in SMALL_ORDER_Y:
            key = y.to_bytes(32, "little")
            self.assertFalse(verifier.verify_signature(key, b"m", (1).to_bytes(32, "little") + bytes(32)), y)
        _, key, _, _ = map(bytes.fromhex, RFC_8032[0])
        self.assertFalse(verifier.verify_signature(key, b"m", (1).to_bytes(32, "little") + bytes(32)))

    def test_small_order_means_order_eight_at_most(self):
        for y in SMALL_ORDER_Y:
            self.assertTrue(verifier.has_small_order(verifier.decode_point(y.to_bytes(32, "little"))))
        for point in (verifier.BASE, verifier.decode_point(bytes.fromhex(RFC_8032[0][1]))):
            self.assertFalse(verifier.has_small_order(point))

    def test_keys_that_are_no_canonical_points(self):
        for text in (verifier.P.to_bytes(32, "little"), (verifier.P + 1).to_bytes(32, "little"), (1 | 1 << 255).to_bytes(32, "little"),
                     (2).to_bytes(32, "little"), b"\xff" * 32):
            self.assertIsNone(verifier.decode_point(text))

    def test_wycheproof(self):
        path = vectors("ed25519.json")
        if path is None:
            self.skipTest("the shared vectors are not here")
        with open(path, encoding="utf-8") as file:
            groups = json.load(file)["testGroups"]
        count = 0
        for group in groups:
            key = bytes.fromhex(group["publicKey"]["pk"])
            for case in group["tests"]:
                holds = verifier.verify_signature(key, bytes.fromhex(case["msg"]), bytes.fromhex(case["sig"]))
                self.assertEqual(holds, case["result"] == "valid", case)
                count += 1
        self.assertGreater(count, 100)


class Encoding(unittest.TestCase):
    def test_what_is_canonical(self):
        for line in (b"{}", b'{"a":1,"b":[true,false,"x"]}', '{"a":"é€😀"}'.encode(), b'{"a":"\\b\\t\\n\\f\\r\\"\\\\\\u0000\\u001f/\x7f"}',
                     b'{"a":9007199254740991,"b":-9007199254740991}', b'{"a":' + b"[" * 7 + b"]" * 7 + b"}", b'{"a":"' + b"x" * 65527 + b'"}'):
            self.assertEqual(verifier.canonical(verifier.parse_line(line)), line)

    def test_what_is_refused(self):
        for line in (b"", b"[]", b"1", b'{"b":1,"a":1}', b'{"a": 1}', b'{"a":1}\r', b'{"a":1,"a":1}', b'{"a":null}', b'{"a":1.0}', b'{"a":1e2}', b'{"a":-0}',
                     b'{"a":01}', b'{"a":9007199254740992}', b'{"A":1}', b'{"":1}', b'{"a":"\\u0041"}', b'{"a":"\\/"}', b'{"a":"\\u001F"}', b'{"a":"\\ud800"}',
                     b'{"a":"\xff"}', b'{"a":"\xc0\x80"}', b'{"a":NaN}', b'{"a":' + b"[" * 8 + b"]" * 8 + b"}", b"[" * 60000, b'{"a":' + b"9" * 5000 + b"}",
                     b'{"a":"' + b"x" * 65528 + b'"}', b'\xef\xbb\xbf{"a":1}', b'{"a":"\t"}'):
            with self.assertRaises(verifier.Malformed, msg=line[:40]):
                verifier.parse_line(line)

    def test_jcs_vectors_lie_outside_the_profile(self):
        path = vectors("jcs", "output")
        if path is None:
            self.skipTest("the shared vectors are not here")
        for name in ("arrays.json", "french.json", "structures.json", "unicode.json", "values.json", "weird.json"):
            with open(os.path.join(path, name), "rb") as file:
                line = file.read().rstrip(b"\n")
            with self.assertRaises(verifier.Malformed, msg=name):  # null, fractions, keys outside the profile
                verifier.parse_line(line)
            if name in ("arrays.json", "french.json", "structures.json", "unicode.json"):
                self.assertEqual(verifier.canonical(json.loads(line)), line)

    def test_base64(self):
        key = base64.b64encode(bytes(32)).decode()
        self.assertEqual(verifier.from_base64(key, 32), bytes(32))
        for text in (key[:-1], key + "=", key[:-2] + "B=", " " + key, key[:4] + "\n" + key[4:], "A" * 44, "_" * 43 + "=", "é" * 44, 7, [], None):
            self.assertIsNone(verifier.from_base64(text, 32), text)

    def test_merkle_root(self):
        def node(left, right):
            return hashlib.sha256(b"\1" + left + right).digest()
        a, b, c = (hashlib.sha256(b"\0" + letter).digest() for letter in (b"a", b"b", b"c"))
        self.assertEqual(verifier.merkle_root([a]), a)
        self.assertEqual(verifier.merkle_root([a, b, c]), node(node(a, b), c))
        self.assertNotEqual(verifier.merkle_root([a, b, c]), verifier.merkle_root([a, c, b]))

    def test_paths(self):
        for path in ("keys.txt", "media/screen/000000.m4s", ".a", "a..b", "x" * 200):
            self.assertTrue(verifier.TYPES["path"](path))
        for path in ("", "/a", "a/", "a//b", ".", "..", "a/../b", "a b", "百", "x" * 201, "a\n"):
            self.assertFalse(verifier.TYPES["path"](path), path)

    def test_policy(self):
        key = bytes(range(32))
        box = "box %s %s name of it\n" % (hashlib.sha256(key).hexdigest(), base64.b64encode(key).decode())
        policy = verifier.parse_policy("netsampler-policy v1\n# a\n\n" + box + "clock-limit-us 7\n")
        self.assertEqual((list(policy["boxes"]), policy["clock-limit-us"]), ([key], 7))
        for text in ("", "netsampler-policy v2\n" + box, "netsampler-policy v1\n", "netsampler-policy v1\n" + box + "boxes x\n",
                     "netsampler-policy v1\n" + box.replace("box ", "box 0", 1), "netsampler-policy v1\n" + box + "clock-limit-us -1\n"):
            with self.assertRaises(verifier.Malformed, msg=text):
                verifier.parse_policy(text)


class Tokens(unittest.TestCase):
    """The tokens of tests/evidence/timestamp, by the table that netsampler's own check is tested with."""
    FOLDER = os.path.join(sealing.ROOT, "tests", "evidence", "timestamp")
    FAULTS = {"": "", "tsa-untrusted": "tsa-untrusted", "token-imprint": "token-unbound", "token-nonce": ""}  # a verifier knows no nonce

    def read(self, name):
        with open(os.path.join(self.FOLDER, name), "rb") as file:
            return file.read()

    def test_each_is_accepted_or_refused(self):
        anchors, stamped = json.loads(self.read("tokens/anchors.json")), frozenset([self.read("tokens/stamped.txt")])
        cases = re.findall(r'\{"(\w+)", "(\w+)", "([a-z0-9-]*)"\}', self.read("token_test.cc").decode())
        self.assertGreater(len(cases), 35)
        for name, family, code in cases:
            judged = verifier.judge_token(self.read("tokens/%s.tsr" % name), stamped, frozenset([anchors[family]]), ())
            self.assertEqual(judged[0], self.FAULTS.get(code, "token-invalid"), (name, family, judged))

    def test_what_it_says(self):
        anchors, stamped = json.loads(self.read("tokens/anchors.json")), frozenset([self.read("tokens/stamped.txt")])
        fault, _, gen_us, slack_us, anchor, certificates = verifier.judge_token(self.read("tokens/accuracy.tsr"), stamped, frozenset([anchors["own"]]), ())
        self.assertEqual((fault, gen_us, slack_us, anchor, len(certificates)), ("", 1795330800250000, 2005000, anchors["own"], 2))

    def test_what_its_chain_needs_beside_it(self):
        """A chain of three of which the token carries the last: the middle one is needed, a stranger is not; without the middle one it ends nowhere."""
        with tempfile.TemporaryDirectory() as folder:
            made, dates = pki.Pki(os.path.join(folder, "pki"), "p256"), {"start": "20200101000000Z", "end": "20560101000000Z"}
            made.issue("ca", "/O=test/CN=root", pki.CA_EXTENSIONS, **dates)
            made.issue("middle", "/O=test/CN=middle", pki.CA_EXTENSIONS, issuer="ca", **dates)
            made.issue("tsa", "/O=test/CN=tsa", pki.TSA_EXTENSIONS, issuer="middle", **dates)
            made.issue("stranger", "/O=test/CN=stranger", pki.CA_EXTENSIONS, issuer="ca", **dates)
            root, middle, signer, stranger = (made.der(name) for name in ("ca", "middle", "tsa", "stranger"))
            token = token_maker.response(token_maker.Recipe(made, "tsa", [signer], der.algorithm(token_maker.DIGESTS["sha256"]), hashlib.sha256(b"stamped").digest(),
                                                            der.integer(7), "20261122070000Z"))
            sha256 = verifier.hex_sha256
            judged = [verifier.judge_token(token, frozenset([b"stamped"]), frozenset([sha256(root)]), more) for more in ((root, stranger, middle), (root, stranger))]
            self.assertEqual((judged[0][0], set(judged[0][5])), ("", {sha256(signer), sha256(middle)}), judged[0])
            self.assertEqual((judged[1][0], set(judged[1][5])), ("tsa-untrusted", {sha256(signer)}), judged[1])


class Program(unittest.TestCase):
    def run_it(self, *arguments):
        return subprocess.run([sys.executable, "-I", PROGRAM, *arguments], capture_output=True, text=True, timeout=60)

    def test_errors_are_one_line_and_no_verdict(self):
        with tempfile.TemporaryDirectory() as empty:
            policy = os.path.join(empty, "policy.txt")
            with open(policy, "w", encoding="utf-8") as file:
                file.write("x\n")
            for code, arguments in ((65, [empty]), (65, [empty + "/absent"]), (64, ["--colour", empty]), (64, [empty, empty]), (65, ["--policy", policy, empty]),
                                    (65, ["--policy", empty + "/absent", empty]), (64, ["--policy"])):
                done = self.run_it(*arguments)
                self.assertEqual((done.returncode, done.stdout, len(done.stderr.splitlines())), (code, "", 1), (arguments, done.stderr))

    def test_a_chain_that_is_none_is_broken(self):
        with tempfile.TemporaryDirectory() as root:
            with open(os.path.join(root, "chain.jsonl"), "w", encoding="utf-8") as file:
                file.write("{}\n")
            done = self.run_it("--json", root)
            self.assertEqual(done.returncode, 2, done.stderr)
            self.assertEqual(json.loads(done.stdout)["verdict"], "BROKEN")

    def test_links_are_contradictions(self):
        with tempfile.TemporaryDirectory() as root:
            with open(os.path.join(root, "chain.jsonl"), "w", encoding="utf-8") as file:
                file.write("{}\n")
            os.symlink("/etc/hostname", os.path.join(root, "keys.txt"))
            self.assertIn("not-a-file", [f["code"] for f in json.loads(self.run_it("--json", root).stdout)["findings"]])

    def test_directories_deeper_than_sixteen_are_contradictions(self):
        for depth, refused in ((16, False), (17, True), (30, True)):
            with tempfile.TemporaryDirectory() as root:
                with open(os.path.join(root, "chain.jsonl"), "w", encoding="utf-8") as file:
                    file.write("{}\n")
                deepest = os.path.join(root, *["d"] * depth)
                os.makedirs(deepest)
                with open(os.path.join(deepest, "x"), "w", encoding="utf-8") as file:
                    file.write("x")
                found = json.loads(self.run_it("--json", root).stdout)["findings"]
                self.assertEqual([f["where"] for f in found if f["code"] == "not-a-file"], ["/".join(["d"] * 17)] if refused else [])
                self.assertEqual("unnamed-file" in [f["code"] for f in found], not refused)

    def test_it_is_one_file_of_the_standard_library(self):
        with open(PROGRAM, encoding="utf-8") as file:
            text = file.read()
        ast.parse(text, feature_version=(3, 8))
        lines = text.splitlines()
        self.assertLessEqual(len(lines), 700)
        self.assertLessEqual(max(map(len, lines)), 165)
        imported = {name.strip(",") for line in lines if line.startswith(("import ", "from ")) for name in line.split()[1:]}
        self.assertLessEqual(imported, set(sys.stdlib_module_names))


if __name__ == "__main__":
    unittest.main()
