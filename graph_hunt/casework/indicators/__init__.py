"""The indicator repository: what threat intelligence names, and where it was met."""
