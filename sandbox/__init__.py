"""Stand-in vendors: one server that behaves like OpenAI, ElevenLabs and Google, with state, bills and faults.

It knows nothing of the product that calls it. See README.md in this folder.
"""
