"""The endpoints: read the request, make one call, show the record."""
