"""Rules on the failover itself, from the health check to the record."""
