"""Cases in which the two verifiers once disagreed. Each bends a package in place; False where it has nothing to bend."""
import sealing


def strange_certificate_beside_a_token(package):
    """What lies beside a token and is no certificate proves nothing; it does not make the token invalid."""
    if "data/log/tokens/8-0.tsr" not in package:
        return False
    package["data/log/tokens/8-0-1.der"] = b"no certificate"
    sealing.bag_again(package, True)
    return True


ALL = [strange_certificate_beside_a_token]
