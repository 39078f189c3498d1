"""The audit trail in words: who did what to what, when, and what became of it."""
