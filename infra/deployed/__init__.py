"""The deployed stage on this machine: the very template and packages that go to AWS, in an
emulator, with a check that everything is there and works.

``python -m infra.deployed`` (``make deploy-local``). Nothing of it is part of a deployment.
"""
