"""The directory's pages: departments, services, counters, opening hours, closings, special days, files."""
