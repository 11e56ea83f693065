"""Git servers on 127.0.0.1: HTTPS with a certificate authority of its own, and sshd with keys of its own."""

import base64
import getpass
import http.server
import os
import shutil
import socket
import ssl
import subprocess
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest
import trustme

from tests.fixtures.processes import Child, free_port

USER, PASSWORD = "reader", "open sesame"
_CGI_HEADERS = {"Content-Encoding": "HTTP_CONTENT_ENCODING", "Git-Protocol": "GIT_PROTOCOL"}


class HttpsGit(NamedTuple):
    """A server that asks for USER and PASSWORD.

    Attributes:
        url: of the folder with the repositories.
        authority: the file with the certificate to trust.
    """

    url: str
    authority: Path


class SshGit(NamedTuple):
    """A server that knows one key.

    Attributes:
        url: of its file system's root.
        command: for GIT_SSH_COMMAND; it knows the host and has the key.
        stranger: the same, knowing another host key.
    """

    url: str
    command: str
    stranger: str


@contextmanager
def https_git(root: Path) -> Iterator[HttpsGit]:
    """Serve the repositories of a folder by `git http-backend`."""
    backend = Path(_git("--exec-path"), "git-http-backend")
    if not backend.exists():
        pytest.skip(f"git has no http-backend here: there is no '{backend}'")
    authority = trustme.CA()
    with tempfile.TemporaryDirectory() as folder:
        trusted = Path(folder, "authority.pem")
        authority.cert_pem.write_to_path(str(trusted))
        with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _handler(root, backend)) as server:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            authority.issue_cert("127.0.0.1").configure_cert(context)
            server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
            server.daemon_threads = True
            thread = threading.Thread(target=server.serve_forever)
            thread.start()
            try:
                yield HttpsGit(f"https://127.0.0.1:{server.server_port}", trusted)
            finally:
                server.shutdown()
                thread.join()


def _handler(root: Path, backend: Path) -> type[http.server.BaseHTTPRequestHandler]:
    expected = "Basic " + base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.headers.get("Authorization") != expected:
                self.send_response(401)
                self.send_header("WWW-Authenticate", 'Basic realm="repositories"')
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            environment = {**os.environ, **self._cgi(len(body))}
            done = subprocess.run([str(backend)], input=body, env=environment, capture_output=True, check=True)
            head, _, answer = done.stdout.partition(b"\r\n\r\n")
            fields = dict(line.split(": ", 1) for line in head.decode().splitlines())
            self.send_response(int(fields.pop("Status", "200").split()[0]))
            for name, value in {**fields, "Content-Length": str(len(answer))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer)

        def do_POST(self) -> None:
            self.do_GET()

        def _cgi(self, length: int) -> Mapping[str, str]:
            path, _, query = self.path.partition("?")
            return {
                "GIT_PROJECT_ROOT": str(root),
                "GIT_HTTP_EXPORT_ALL": "1",
                "PATH_INFO": path,
                "QUERY_STRING": query,
                "REQUEST_METHOD": self.command,
                "CONTENT_TYPE": self.headers.get("Content-Type", ""),
                "CONTENT_LENGTH": str(length),
                "REMOTE_USER": USER,
                **{name: self.headers[header] for header, name in _CGI_HEADERS.items() if header in self.headers},
            }

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    return Handler


@contextmanager
def ssh_git() -> Iterator[SshGit]:
    """Serve this machine's files by sshd to whoever has one new key."""
    sshd = shutil.which("sshd", path=f"{os.environ['PATH']}:/usr/sbin")
    if sshd is None or shutil.which("ssh-keygen") is None:
        pytest.skip("sshd is not there: apt-get install openssh-server")
    if os.getuid() == 0:
        Path("/run/sshd").mkdir(exist_ok=True)  # where it gives up its privileges
    with tempfile.TemporaryDirectory() as name:
        folder, port = Path(name), free_port()
        for key in ("host", "other", "user"):
            command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(folder / key)]
            subprocess.run(command, check=True)
        settings = {
            "Port": port,
            "ListenAddress": "127.0.0.1",
            "HostKey": folder / "host",
            "AuthorizedKeysFile": folder / "user.pub",
            "PidFile": folder / "pid",
            "PasswordAuthentication": "no",
            "PermitRootLogin": "prohibit-password",
            "StrictModes": "no",
            "UsePAM": "no",
        }
        (folder / "sshd_config").write_text("".join(f"{key} {value}\n" for key, value in settings.items()))
        commands = [_ssh(folder, port, known) for known in ("host", "other")]
        child = Child([sshd, "-D", "-e", "-f", str(folder / "sshd_config")], folder / "log")
        try:
            child.wait_until(lambda: _answers(port))
            yield SshGit(f"ssh://{getpass.getuser()}@127.0.0.1:{port}", *commands)
        finally:
            child.stop()


def _ssh(folder: Path, port: int, known: str) -> str:
    """The ssh command of somebody who knows a host key."""
    key = (folder / f"{known}.pub").read_text()
    (folder / f"known-{known}").write_text(f"[127.0.0.1]:{port} {key}")
    options = ("IdentitiesOnly=yes", f"UserKnownHostsFile={folder / f'known-{known}'}", "StrictHostKeyChecking=yes")
    return f"ssh -F /dev/null -i {folder / 'user'} " + " ".join(f"-o {option}" for option in options)


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _git(*arguments: str) -> str:
    return subprocess.run(["git", *arguments], check=True, capture_output=True, text=True).stdout.strip()
