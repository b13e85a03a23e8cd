"""A server that speaks S3's protocol, for tests: moto's, answering one request at a time so that it keeps its word."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

from tests.paths import ROOT

BUCKET = "evidence"
_OWN = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": "us-east-1"}


@contextmanager
def served() -> Iterator[dict[str, str]]:
    """Run one with an empty bucket; give the environment by which clients find it."""
    command = [sys.executable, "-W", "ignore", "-m", "tests.object_store"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=ROOT, text=True) as server:
        assert server.stdout is not None
        try:
            yield {**_OWN, "AWS_ENDPOINT_URL": json.loads(server.stdout.readline())}
        finally:
            server.kill()


def main() -> None:
    """Serve until killed."""
    os.environ.update(_OWN)
    import boto3
    from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
    from werkzeug.serving import make_server

    # Of several at once that put an object where none is, moto would let two: it looks and writes without a lock.
    server = make_server("127.0.0.1", 0, DomainDispatcherApplication(create_backend_app), threaded=False)
    url = f"http://127.0.0.1:{server.server_port}"
    serving = Thread(target=server.serve_forever)
    serving.start()
    boto3.client("s3", endpoint_url=url).create_bucket(Bucket=BUCKET)
    sys.stdout.write(json.dumps(url) + "\n")
    sys.stdout.flush()
    serving.join()


if __name__ == "__main__":
    main()
