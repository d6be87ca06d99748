"""Certificates of test authorities, made with the openssl command; dates and extensions as told."""
import datetime
import hashlib
import os
import subprocess

IDENTITY = "distid:1234567812345678"
CA_EXTENSIONS = "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\nsubjectKeyIdentifier=hash\n"
TSA_EXTENSIONS = ("basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\n"
                  "extendedKeyUsage=critical,timeStamping\nsubjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n")
CONFIG = """[req]
distinguished_name=dn
[dn]
[ca]
default_ca=own
[own]
database={dir}/index.txt
serial={dir}/ca.srl
new_certs_dir={dir}
default_md={md}
policy=any
default_crl_days=7
unique_subject=no
email_in_dn=no
[any]
organizationName=optional
commonName=supplied
"""


def run(*arguments):
    done = subprocess.run(["openssl", *arguments], capture_output=True, text=True, timeout=60)
    if done.returncode != 0:
        raise RuntimeError("openssl " + arguments[0] + ": " + done.stderr.strip()[-400:])


def moment(when):
    return when.strftime("%Y%m%d%H%M%SZ")


def years_from_now(years):
    return moment(datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=365 * years))


class Pki:
    """A directory of keys and certificates of one kind of key: rsa, rsa1024, p256 or sm2."""

    def __init__(self, directory, kind):
        self.directory, self.kind = directory, kind
        self.md = "sm3" if kind == "sm2" else "sha256"
        os.makedirs(directory, exist_ok=True)
        with open(self.path("index.txt"), "a", encoding="utf-8"):
            pass
        with open(self.path("openssl.cnf"), "w", encoding="utf-8") as out:
            out.write(CONFIG.format(dir=directory, md=self.md))

    def path(self, name):
        return os.path.join(self.directory, name)

    def make_key(self, name, kind=None):
        options = {"rsa": ["RSA", "-pkeyopt", "rsa_keygen_bits:2048"], "rsa1024": ["RSA", "-pkeyopt", "rsa_keygen_bits:1024"],
                   "p256": ["EC", "-pkeyopt", "ec_paramgen_curve:P-256"], "sm2": ["SM2"]}[kind or self.kind]
        run("genpkey", "-algorithm", *options, "-out", self.path(name + ".key"))

    def issue(self, name, subject, extensions, issuer=None, start=None, end=None, key_kind=None):
        """NAME.key, NAME.pem; without an issuer signed by itself. Gives the certificate's DER."""
        self.make_key(name, key_kind)
        with open(self.path(name + ".ext"), "w", encoding="utf-8") as out:
            out.write(extensions)
        identity = ["-sigopt", IDENTITY] if self.kind == "sm2" else []
        check = ["-vfyopt", IDENTITY] if self.kind == "sm2" else []
        config = ["-config", self.path("openssl.cnf")]
        run("req", "-new", *config, "-utf8", "-subj", subject, "-key", self.path(name + ".key"), "-" + self.md, *identity,
            "-out", self.path(name + ".csr"))
        signer = ["-cert", self.path(issuer + ".pem"), "-keyfile", self.path(issuer + ".key")] if issuer else \
            ["-selfsign", "-keyfile", self.path(name + ".key")]
        run("ca", "-batch", "-notext", "-create_serial", *config, *signer, *identity, *check, "-md", self.md,
            "-in", self.path(name + ".csr"), "-out", self.path(name + ".pem"), "-extfile", self.path(name + ".ext"),
            "-startdate", start or years_from_now(-1), "-enddate", end or years_from_now(10))
        return self.der(name)

    def der(self, name):
        run("x509", "-in", self.path(name + ".pem"), "-outform", "DER", "-out", self.path(name + ".der"))
        with open(self.path(name + ".der"), "rb") as file:
            return file.read()


def sha256_hex(data):
    return hashlib.sha256(data).hexdigest()
