"""How a script comes to be: reading texts, asking a model, checking what it says, choosing cards."""
