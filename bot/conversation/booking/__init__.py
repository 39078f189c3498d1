"""Booking in the conversation: the form that collects what an appointment needs, and what is done with one."""
