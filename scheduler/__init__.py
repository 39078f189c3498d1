"""The clock: sweeps that run now and then. It only rings; what matters is rows with a due time."""
