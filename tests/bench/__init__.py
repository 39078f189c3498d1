"""The bench: speed and memory of the whole assistant, measured from outside. `python -m tests.bench`."""
