"""What the tabs beside the curves show."""
