"""Learning intents, without Rasa: what the components wrap and evaluation repeats quickly."""
