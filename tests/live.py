"""A live server in a thread of the test's own process, and a client of it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import uvicorn
from fastapi import FastAPI


@contextmanager
def served(app: FastAPI) -> Iterator[httpx.Client]:
    """Serve an application on a free port until the block is left; gives a client of it."""
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="critical"))
    with server.config.bind_socket() as bound:
        # Connections wait in its queue until the server takes them.
        bound.listen(16)
        work = threading.Thread(target=server.run, args=([bound],))
        work.start()
        try:
            with httpx.Client(base_url=f"http://127.0.0.1:{bound.getsockname()[1]}", timeout=60) as client:
                yield client
        finally:
            server.should_exit = True
            work.join()
