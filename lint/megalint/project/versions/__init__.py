"""Which version of a launch template code asks for, in every language that can ask."""
