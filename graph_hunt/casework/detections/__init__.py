"""Detections: hunts and rules that run by themselves, and the alerts that they raise."""
