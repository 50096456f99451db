"""What every feature stands on: clock, ids, errors, settings, database, media store, crypto."""
