"""What a video cost: a line for each hold, and how it stands."""
