"""The parts of the board: they take view values, draw them, and post messages. None knows a store or a service."""
