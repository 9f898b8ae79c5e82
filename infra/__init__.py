"""How Clubkeeper is hosted: the cloud resources it needs, and a local stand-in for all of them."""
