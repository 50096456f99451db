"""What a person should know about budgets, each said once."""
