"""What pages read, straight from SQL: a page asks one of these functions, it asks the database."""
