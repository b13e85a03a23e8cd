"""A process that writes to a state store, says each number once it is acknowledged, and waits to be killed."""

import sys
from pathlib import Path

from graph_hunt.casework.state import State, record

if __name__ == "__main__":
    state = State.open(Path(sys.argv[1]))
    number = 0
    while True:
        with state.begin() as connection:
            record(connection, who="ann", action="count", subject="number", after=number)
        sys.stdout.write(f"{number}\n")
        sys.stdout.flush()
        number += 1
