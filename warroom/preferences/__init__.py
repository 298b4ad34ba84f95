"""What a person has chosen for their own screen and commands: the settings file (R17). It belongs to nobody else's
room: rules that a team shares are the rulebook's."""
