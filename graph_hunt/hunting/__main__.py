"""Print the document of the hunts."""

import sys

from graph_hunt.hunting.document import document

if __name__ == "__main__":
    sys.stdout.write(document())
