"""ffmpeg: renders, mixes, joins, probes and inspects."""
