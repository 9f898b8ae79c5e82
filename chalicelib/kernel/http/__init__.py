"""The edge: strict requests in, problem details out, and the API document from the same types."""
