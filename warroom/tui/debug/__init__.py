"""What somebody has to know who is to find out why a screen is not as it should be: on the screen, and as text."""
