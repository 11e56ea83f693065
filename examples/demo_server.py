"""Start the server on its embedded default, run demo.py against it, and keep serving until Ctrl-C.

    python examples/demo_server.py [--port 5000] [--data demo-data]

The database and the artifacts stay in the data folder, so that the next call adds to them.
"""

import argparse
import contextlib
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

HERE = Path(__file__).resolve().parent
START_SECONDS = 60


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=5000)
    parser.add_argument("--data", type=Path, default=Path("demo-data"))
    parser.add_argument("--exit", action="store_true", help="stop the server when the training is done")
    options = parser.parse_args()
    if is_taken(options.host, options.port):
        print(f"Port {options.port} is taken; choose another: make demo PORT={options.port + 1}", file=sys.stderr)
        return 1
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))  # so that it ends what it started
    server = start_server(options.host, options.port, options.data)
    try:
        return train_and_serve(server, f"http://{options.host}:{options.port}", options.exit)
    except KeyboardInterrupt:
        return 0
    finally:
        server.terminate()
        server.wait(30)


def is_taken(host: str, port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return True
    return False


def start_server(host: str, port: int, data: Path) -> subprocess.Popen[bytes]:
    data.mkdir(parents=True, exist_ok=True)
    store = ["--backend-store-uri", f"sqlite:///{data.resolve() / 'mlflow.db'}"]
    files = ["--artifacts-destination", str(data.resolve() / "artifacts")]
    return subprocess.Popen(
        [sys.executable, "-m", "mlflow.cli", "server", "--host", host, "--port", str(port), *store, *files]
    )


def train_and_serve(server: subprocess.Popen[bytes], address: str, exits: bool) -> int:
    wait_for(server, address)
    demo = subprocess.run([sys.executable, str(HERE / "demo.py"), "--tracking-uri", address], check=False)
    if demo.returncode != 0 or exits:
        return demo.returncode
    print(f"\nServing at {address}. Ctrl-C stops it.", flush=True)
    return server.wait()


def wait_for(server: subprocess.Popen[bytes], address: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        with contextlib.suppress(urllib.error.URLError, ConnectionError):
            urllib.request.urlopen(f"{address}/health", timeout=2).close()
            return
        time.sleep(0.05)
    raise SystemExit(f"the server did not answer at {address}/health")


if __name__ == "__main__":
    sys.exit(main())
