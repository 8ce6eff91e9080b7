"""A receiver of webhooks for the tests, on this machine. It checks each signature with the library of Standard Webhooks,
prints each request as a line of JSON, and answers as the path says:

    /<status>          that status           /slow       after it waited
    /to?<address>      a redirect there      /long       200 with a megabyte

Arguments: `--tls FOLDER` makes a certificate for localhost there (ca.pem). What is written to its input is the secret
that it checks with from then on; it ends when its input does.
"""

import argparse
import json
import ssl
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from smtp import certificate
from standardwebhooks import Webhook, WebhookVerificationError

secrets = []


def say(**what):
    print(json.dumps(what), flush=True)


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        headers = {name.lower(): value for name, value in self.headers.items()}
        good = []
        for secret in secrets:
            try:
                Webhook(secret).verify(body, headers)
                good.append(True)
            except WebhookVerificationError:
                good.append(False)
        say(path=self.path, headers=headers, body=json.loads(body), good=good)
        name = self.path.strip("/")
        if name == "slow":
            time.sleep(15)
        if self.path.startswith("/to?"):
            self.send_response(302)
            self.send_header("location", self.path.split("?", 1)[1])
            self.send_header("content-length", "0")
            self.end_headers()
            return
        answer = b"x" * 1_000_000 if name == "long" else b"ricevuto: <b>ok</b>"
        self.send_response(int(name) if name.isdigit() else 200)
        self.send_header("content-length", str(len(answer)))
        self.end_headers()
        try:
            self.wfile.write(answer)
        except OSError:
            pass

    def log_message(self, *_):
        pass


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--tls", type=Path)
    asked = parser.parse_args()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    if asked.tls:
        server.socket = certificate(asked.tls).wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    say(port=server.server_address[1])
    for line in sys.stdin:
        secrets.append(line.strip())
        say(knows=len(secrets))


main()
