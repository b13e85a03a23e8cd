"""The page in a real Chromium, used as a person would, against a live server on both engines."""
