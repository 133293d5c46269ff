"""The engines under comparison. Each module is a process of its own, so that its memory is its own:

    python -m benchmarks.engines.<name> <photograph>

It warms up on a small picture, then makes the ladder once and prints what that took as one line of JSON.
"""
