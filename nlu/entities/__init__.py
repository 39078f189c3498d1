"""Closed-class entities: names from a lexicon and codes with a shape. No statistics, so no surprises."""
