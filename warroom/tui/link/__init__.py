"""What goes over the line to the terminal: only the cells that changed, by the shortest sequences that every terminal
understands.

`pens` knows styles and the shortest way from one to the next, `cells` cuts text into what stands in one place, `grid`
holds a screenful of that, `differ` finds and writes the differences of two of them, `stage` keeps what the terminal
shows, `probe` says whether Textual is built as the stage expects, `output` puts the stage between the two, and `speed`
sets Textual's pace, before Textual is loaded.
"""
