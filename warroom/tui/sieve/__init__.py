"""What the list of incidents shows and in which order: the filter (`grammar`, `match`, `complete`), the order
(`sorting`) and the columns (`columns`). Pure: the full screen and the command line share it."""
