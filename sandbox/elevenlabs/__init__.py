"""Stand-in for api.elevenlabs.io: speech with timestamps by the local voice, history, models, voices."""
