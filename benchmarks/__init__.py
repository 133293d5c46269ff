"""What is measured, against what. Each module is run as ``python -m benchmarks.<name>``; see README.md."""
