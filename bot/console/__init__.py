"""The console: the web pages of officials and administrators."""
