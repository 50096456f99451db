"""Watch pages: what was uploaded, as a viewer would meet it. A stand-in for YouTube, not affiliated."""
