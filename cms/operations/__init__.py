"""How a running Darkroom is watched: probes, metrics, logs, error reports."""
