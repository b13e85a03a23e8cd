"""Serves a workspace in a process of its own, and says at which port once connections can be made."""

import os
import sys
from pathlib import Path

import uvicorn

from graph_hunt.api.app import create_app
from graph_hunt.settings import settle

app = create_app(settle(os.environ, workspace=Path(sys.argv[1])))
server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="critical"))
with server.config.bind_socket() as socket:
    # Connections wait in its queue until the server takes them.
    socket.listen(16)
    sys.stdout.write(f"{socket.getsockname()[1]}\n")
    sys.stdout.flush()
    server.run([socket])
