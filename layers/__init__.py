"""The dependency layer of the Lambda functions: pinned wheels in, one reproducible zip out.

``python -m layers.build --target lambda|host OUT.zip``. The lock, ``requirements-lambda.txt``,
is the only thing that decides what goes in; ``python -m layers.lock`` makes it anew.
"""
