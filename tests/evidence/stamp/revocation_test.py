"""What netsampler-stamp keeps beside a token, with a real ledger and a real authority that serves CRL, OCSP answer and issuer, and what the
verifier makes of it: the sound run beside each lie."""
import json
import os
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "support"))
from stamped_box import StampedBox  # noqa: E402

STAMP, LEDGER, VERIFY, SOURCE = sys.argv[1:5]


class Kept(StampedBox):
    def box(self, *options):
        """A box whose one authority is started with these options; the authority's process."""
        self.authority = self.start(sys.executable, SOURCE + "/tests/tsa/authority.py", "--dir", self.state + "/tsa", *options)
        process = self.last
        self.write_config([self.authority["url"]])
        self.start(LEDGER, "--state", self.state)
        with open(self.state + "/policy.txt", "a", encoding="utf-8") as out:
            out.write("tsa " + self.authority["ca_sha256"] + " local\n")
        self.call(op="case_open", case="C1", actor="test", body={}, private={})
        self.call(op="log_flush")
        return process

    def stamp(self):
        return subprocess.run([STAMP, "--state", self.state, "--once"], capture_output=True, text=True, timeout=90)

    def kept(self):
        folder = self.state + "/data/log/tokens"
        return sorted(name.rpartition(".")[2] for name in os.listdir(folder)) if os.path.exists(folder) else []

    def codes(self):
        done = subprocess.run([VERIFY, "--policy", self.state + "/policy.txt", "--json", "--case", "C1", self.state + "/data"], capture_output=True,
                              text=True, timeout=60)
        report = json.loads(done.stdout)
        told = {finding["code"] for finding in report["findings"]}
        return told & {"revocation-unknown", "revoked-later", "token-invalid", "token-compromised", "uncovered", "tsa-untrusted", "unstamped"}

    def test_each_kind_of_data_is_kept_and_believed(self):
        for serve, expected in (("crl", ["crl", "tsr"]), ("ocsp", ["ocsp", "tsr"]), ("crl,ocsp", ["ocsp", "tsr"]), ("crl,issuer", ["crl", "crt", "tsr"])):
            with self.subTest(serve):
                self.setUp()
                self.box("--serve", serve)
                done = self.stamp()
                self.assertEqual((done.returncode, done.stderr), (0, ""))
                self.assertEqual(self.kept(), expected)
                self.assertEqual(self.codes(), set())

    def test_without_data_a_note_says_so(self):
        self.box()
        self.assertEqual(self.stamp().returncode, 0)
        self.assertEqual((self.kept(), self.codes()), (["tsr"], {"revocation-unknown"}))

    def test_data_that_prove_nothing_are_left_out_and_the_token_stays(self):
        self.box("--serve", "crl", "--lie", "crl-signature")
        self.assertEqual(self.stamp().returncode, 0)
        self.assertEqual((self.kept(), self.codes()), (["tsr"], {"revocation-unknown"}))

    def test_a_list_of_long_ago_is_kept_and_not_enough(self):
        self.box("--serve", "crl", "--lie", "crl-expired")
        self.assertEqual(self.stamp().returncode, 0)
        self.assertEqual((self.kept(), self.codes()), (["crl", "tsr"], {"revocation-unknown"}))

    def test_a_revoked_signer_is_passed_over(self):
        for serve in ("crl", "ocsp"):
            with self.subTest(serve):
                self.setUp()
                self.box("--serve", serve, "--lie", "revoked")
                done = self.stamp()
                self.assertEqual(done.returncode, 1)
                self.assertIn("token-revoked", done.stderr)
                self.assertEqual(self.kept(), [])

    def test_an_issuer_that_cannot_be_had_costs_the_anchor(self):
        self.box("--serve", "issuer")
        with open(self.state + "/policy.txt", encoding="utf-8") as file:
            self.assertIn(self.authority["ca_sha256"], file.read())
        self.assertEqual((self.stamp().returncode, self.kept()), (0, ["crt", "tsr"]))
        folder = self.state + "/data/log/tokens"
        os.unlink(os.path.join(folder, next(name for name in os.listdir(folder) if name.endswith(".crt"))))
        self.assertIn("tsa-untrusted", self.codes())

    def test_a_renewal_is_a_token_over_the_tokens(self):
        self.box("--serve", "crl")
        self.assertEqual(self.stamp().returncode, 0)
        self.assertEqual(self.stamp().stdout, "")  # nothing waits
        before = self.call(op="log_state")
        self.assertGreater(before["renew_by_us"], 0)
        flushed = self.call(op="log_flush", renew=True)
        self.assertEqual(flushed["size"], before["size"] + 2)  # the response and its list
        self.assertEqual(json.loads(self.stamp().stdout)["checkpoint_size"], flushed["size"])


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0]] + sys.argv[5:])
