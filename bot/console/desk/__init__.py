"""The official's day: today's list and queue, the screen of the waiting room, the week, one appointment."""
