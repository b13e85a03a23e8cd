"""The GraphQL API: pivots, hunts, findings, blast radius."""
