"""Who works on something that is kept: this process, and whether another that did is no more."""

import os
import secrets
import socket


def holder() -> str:
    """Name this process, as no other is ever named."""
    return f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"


def gone(holder: str) -> bool:
    """Tell whether the process that held something, on this machine, is no more."""
    host, _, rest = holder.partition(":")
    if host != socket.gethostname():
        return False
    number = int(rest.partition(":")[0])
    if number == os.getpid():
        return True
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False
