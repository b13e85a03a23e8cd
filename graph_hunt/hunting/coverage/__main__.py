"""Print the page of what of ATT&CK has a hunt: `python -m graph_hunt.hunting.coverage > docs/attack.md`."""

import sys

from graph_hunt.hunting.coverage.page import page

if __name__ == "__main__":
    sys.stdout.write(page())
