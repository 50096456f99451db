"""Where facts come from: the creator's texts and files, and feeds."""
