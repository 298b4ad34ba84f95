"""What a screen shows, taken away as a file: Markdown, CSV, JSON, a picture, or plain text (R15)."""
