"""``make deploy``: a stage into an account of AWS, step by step, each of which may be repeated.

``plan`` shows what would change, ``apply`` does it, ``migrate`` upgrades the data, ``sites`` puts
the static sites up, ``smoke`` looks from outside, ``rollback`` goes back to a release before.
"""
