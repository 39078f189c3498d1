"""The web chat: a page for phone and desktop, a script tag that embeds it, and the web app's health pages."""
