"""Cases, indicators, detections and reports."""
