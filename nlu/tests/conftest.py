"""Quietens the libraries before any test imports them."""

from nlu import quiet  # noqa: F401
