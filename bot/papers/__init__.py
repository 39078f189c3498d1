"""Papers: what a holder takes along from a booking: a calendar file, the code as a picture, a page of its own."""
