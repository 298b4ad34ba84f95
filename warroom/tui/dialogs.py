HelpScreen = None
