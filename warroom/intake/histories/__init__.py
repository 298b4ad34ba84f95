"""Readers of published incident histories: one module per format, `read.read_history` in front of them.

`fields` (JSON access that knows where it is), `shown` (times as pages print them), `markup` (HTML to text) and
`timeline` (ids, order and the closing post) hold what the formats share.
"""
