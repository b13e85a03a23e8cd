"""The hunts, one Cypher file each."""
