"""The labs as a folder that any web server can serve: Python runs in the browser. `python3 run.py site` builds it."""
