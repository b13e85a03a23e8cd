"""Hunts, blast radius, ranking and coverage."""
