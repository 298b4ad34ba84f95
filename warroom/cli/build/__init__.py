"""From what the service tells to the shapes of `--json`, a module for each topic of `shapes`.

Pure functions: no database, no terminal; `now` comes in.
"""
