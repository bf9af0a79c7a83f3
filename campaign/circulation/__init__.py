"""A text goes round among organisations before the world sees it: invitations, answers, suggestions, reminders, and the day of publication."""
