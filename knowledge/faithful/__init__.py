"""Whether a retelling of facts is faithful to them: every sentence covered, no fact lost, moved or turned round.

Pure rules and word lists. Where anything is in doubt the retelling is refused.
"""
