"""Everything that can be done at the screen, in one table: key bindings, the bar of keys, help, the command palette,
what the mouse can hit, `warroom keys` and its page in the documentation are all made from it.

`table` is the whole; `names` says how keys are written; `keymap` puts a person's own keys in their place and refuses
what cannot work; `why` says why something is not possible now; `bind` alone knows Textual.
"""
