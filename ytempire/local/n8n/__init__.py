"""n8n on this machine: installed from packages, set up without a person, started closed in and quiet."""
