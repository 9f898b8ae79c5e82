"""The one DynamoDB table: key formats, the item base, atomic writes, paging, guards."""
