"""A certificate authority and a server certificate of the demo's own, made with the openssl command."""
import base64
import hashlib
import os
import ssl
import subprocess
from dataclasses import dataclass

NAMES = "DNS:localhost,DNS:mall.example,DNS:*.mall.example,IP:127.0.0.1"
KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
EXTENSIONS = f"""basicConstraints=critical,CA:FALSE
keyUsage=critical,digitalSignature
extendedKeyUsage=serverAuth
subjectAltName={NAMES}
subjectKeyIdentifier=hash
authorityKeyIdentifier=keyid
"""


class CertificateError(Exception):
    """openssl is absent or refused; the text is one line."""


@dataclass(frozen=True)
class Certificate:
    """Paths of PEM files; `spki` is what Chromium's --ignore-certificate-errors-spki-list wants."""
    ca: str
    chain: str
    key: str
    spki: str


def _openssl(directory, *arguments):
    try:
        done = subprocess.run(["openssl", *arguments], cwd=directory, capture_output=True, timeout=30, check=False)
    except FileNotFoundError as error:
        raise CertificateError("no openssl command: install the package openssl") from error
    if done.returncode != 0:
        last = done.stderr.decode("utf-8", "replace").strip().splitlines()[-1:]
        raise CertificateError(f"openssl {arguments[0]} failed: {' '.join(last)}")
    return done.stdout


def spki_sha256(pem_public_key):
    """Base64 of the SHA-256 of a PEM public key's DER bytes."""
    body = "".join(line for line in pem_public_key.decode("ascii").splitlines() if "-----" not in line)
    return base64.b64encode(hashlib.sha256(base64.b64decode(body)).digest()).decode("ascii")


def make_certificate(directory):
    """Makes a fresh authority and server certificate (30 days) in `directory`, which is private to the owner."""
    os.makedirs(directory, mode=0o700, exist_ok=True)
    _openssl(directory, "req", "-x509", *KEY, "-keyout", "ca.key", "-out", "ca.pem", "-days", "30",
             "-subj", "/O=netsampler demo/CN=netsampler demo mall CA",
             "-addext", "keyUsage=critical,keyCertSign,cRLSign")
    _openssl(directory, "req", *KEY, "-keyout", "server.key", "-out", "server.csr", "-subj", "/CN=mall.example")
    with open(os.path.join(directory, "server.ext"), "w", encoding="ascii") as extensions:
        extensions.write(EXTENSIONS)
    _openssl(directory, "x509", "-req", "-in", "server.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial",
             "-days", "30", "-extfile", "server.ext", "-out", "server.pem")
    return _certificate_in(directory)


def _certificate_in(directory):
    public_key = _openssl(directory, "x509", "-in", "server.pem", "-pubkey", "-noout")
    chain = os.path.join(directory, "chain.pem")
    with open(chain, "w", encoding="ascii") as out:
        for name in ("server.pem", "ca.pem"):
            with open(os.path.join(directory, name), encoding="ascii") as part:
                out.write(part.read())
    return Certificate(ca=os.path.abspath(os.path.join(directory, "ca.pem")), chain=chain,
                       key=os.path.join(directory, "server.key"), spki=spki_sha256(public_key))


def tls_context(certificate):
    """A server context for that certificate: TLS 1.2 or newer."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(certificate.chain, certificate.key)
    return context
