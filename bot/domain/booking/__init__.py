"""Booking: which openings there are, who may take a place at a counter, when it is given back, when to remind.

Pure rules, standard library only. No I/O, no clock of its own, no wording. Moments are aware; city time is
`CITY_TIME`.
"""
