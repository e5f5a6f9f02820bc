"""An authority of our own, and what it vouches for."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


@dataclass
class Authority:
    """`pem` is its certificate; `vouch` makes one for a name, with its key behind it."""

    key: ec.EllipticCurvePrivateKey
    pem: str

    def vouch(self, name: str) -> str:
        key = ec.generate_private_key(ec.SECP256R1())
        made = _certificate("authority", self.key, name, key.public_key(), is_authority=False)
        secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        return (made + secret).decode()


def authority() -> Authority:
    key = ec.generate_private_key(ec.SECP256R1())
    return Authority(key, _certificate("authority", key, "authority", key.public_key(), is_authority=True).decode())


def _certificate(
    issuer: str, key: ec.EllipticCurvePrivateKey, name: str, public: ec.EllipticCurvePublicKey, *, is_authority: bool
) -> bytes:
    at = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(_named(name))
        .issuer_name(_named(issuer))
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - timedelta(days=1))
        .not_valid_after(at + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key()), critical=False)
    )
    return made.sign(key, SHA256()).public_bytes(Encoding.PEM)
