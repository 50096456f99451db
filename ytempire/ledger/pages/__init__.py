"""What the costs pages show: a user's day, its days by category, its videos; the platform's for operators.

None of them adds up the ledger: they read balances and sums that are kept while money moves.
"""
