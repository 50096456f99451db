"""What operators order: stop all generation, let it go on, more money or quota for one day. Every order is a row."""
