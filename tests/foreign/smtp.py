"""A real SMTP server (aiosmtpd) for the tests. It takes what is sent to it, prints each message as a line of JSON, and
behaves as the recipient's name says:

    later<n>…  451 for the first n tries      never…  550        cut<n>…  hangs up in DATA, n times
    tardy…     answers DATA only after it printed the message and waited

Arguments: `--tls FOLDER` makes a certificate for localhost there (ca.pem) and insists on STARTTLS, `--auth` wants the
user `posta` with the password `segreta:2@`, `--port N` listens there.
"""

import argparse
import asyncio
import datetime
import email
import email.policy
import json
import re
import ssl
import sys
from collections import Counter
from pathlib import Path

from aiosmtpd.smtp import SMTP, AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


def say(**what):
    print(json.dumps(what), flush=True)


class Sink:
    def __init__(self):
        self.tries = Counter()

    async def handle_RCPT(self, server, session, envelope, address, options):
        name = address.split("@")[0]
        if name.startswith("never"):
            return "550 5.1.1 nobody of that name"
        put_off = re.match(r"later(\d+)", name)
        if put_off:
            self.tries[address] += 1
            if self.tries[address] <= int(put_off[1]):
                return "451 4.7.1 come back later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        address = envelope.rcpt_tos[0]
        cut = re.match(r"cut(\d+)", address)
        if cut:
            self.tries[address] += 1
            if self.tries[address] <= int(cut[1]):
                server.transport.abort()
                return "250 nobody hears it"
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        text = message.get_body(("plain",))
        html = message.get_body(("html",))
        say(
            sender=envelope.mail_from,
            to=envelope.rcpt_tos,
            headers={name: str(value) for name, value in message.items()},
            raw=envelope.content.decode("ascii"),
            text=text and text.get_content(),
            html=html and html.get_content(),
            tls=session.ssl is not None,
            user=session.auth_data.login.decode() if session.auth_data else None,
        )
        if address.startswith("tardy"):
            await asyncio.sleep(5)
        return "250 OK"


def check(server, session, envelope, mechanism, data):
    good = data.login == b"posta" and data.password == b"segreta:2@"
    return AuthResult(success=good, handled=good, auth_data=data)


def certificate(folder):
    """An authority of its own (ca.pem), and a certificate of it for localhost."""
    now = datetime.datetime.now(datetime.timezone.utc)

    def name(text):
        return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])

    def certified(key, subject, issuer):
        return (
            x509.CertificateBuilder()
            .subject_name(name(subject))
            .issuer_name(name(issuer))
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(days=1))
            .not_valid_after(now + datetime.timedelta(days=2))
        )

    authority = ec.generate_private_key(ec.SECP256R1())
    root = certified(authority, "authority", "authority").add_extension(
        x509.BasicConstraints(ca=True, path_length=0), critical=True
    )
    key = ec.generate_private_key(ec.SECP256R1())
    leaf = certified(key, "localhost", "authority").add_extension(
        x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False
    )
    pem = serialization.Encoding.PEM
    (folder / "ca.pem").write_bytes(root.sign(authority, hashes.SHA256()).public_bytes(pem))
    (folder / "server.pem").write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + leaf.sign(authority, hashes.SHA256()).public_bytes(pem)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "server.pem")
    return context


async def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--tls", type=Path)
    parser.add_argument("--auth", action="store_true")
    parser.add_argument("--port", type=int, default=0)
    asked = parser.parse_args()
    context = certificate(asked.tls) if asked.tls else None
    sink = Sink()

    def connection():
        return SMTP(
            sink,
            hostname="localhost",
            tls_context=context,
            require_starttls=context is not None,
            authenticator=check if asked.auth else None,
            auth_required=asked.auth,
            auth_require_tls=context is not None,
        )

    loop = asyncio.get_running_loop()
    server = await loop.create_server(connection, "127.0.0.1", asked.port)
    say(port=server.sockets[0].getsockname()[1])
    # Whoever started it ends it by closing its input.
    await loop.run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(main())
