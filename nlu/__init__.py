"""The Rasa project: understanding, in its own Python 3.10 environment. The app speaks to it over HTTP only."""
