"""Calls that another driver pays for: through our relay, or elsewhere, held here before and settled after.

They are calls like any other, under names that say so: `VIDEO:relay:…` and `VIDEO:call:KEY`.
"""
