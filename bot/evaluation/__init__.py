"""Evaluation: how well the assistant understands and finds, on sets written apart from what it learnt from."""
