"""The rulebook: a team's own rules as plain files, checked as a whole, in force as an immutable revision.

`load` reads a directory of YAML files, `convert` makes the domain's values and the text that the database keeps,
`schema` says what may stand in the files. Nothing here decides anything about an incident.
"""
