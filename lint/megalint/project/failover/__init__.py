"""The failover as it is written: from the health check to the approval and the record."""
