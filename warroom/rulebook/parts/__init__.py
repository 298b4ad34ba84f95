"""The sections of a rulebook, by topic: their shape in the files, and how they become values of the domain."""
