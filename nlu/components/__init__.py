"""Rasa graph components of our own, in the order of `config.yml`."""
