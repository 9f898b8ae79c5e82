"""What operators do on a deployed stage with their own AWS credentials.

``python -m infra.operations``: operators' tokens, the first owner, dead letters.
"""
