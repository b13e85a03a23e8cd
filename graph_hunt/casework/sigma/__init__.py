"""Sigma: a SOC's own rules run over all that is loaded, and hunts written as rules for others."""
