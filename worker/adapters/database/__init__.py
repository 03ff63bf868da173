"""The one home of SQLAlchemy: one database that remembers, on SQLite or PostgreSQL."""
