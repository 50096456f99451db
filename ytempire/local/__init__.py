"""What one machine brings along: PostgreSQL and Valkey from wheels, migrations, and ytempire's own processes."""
