"""The one-command local platform: engine, queues, HTTP front, events and a movable clock.

Nothing here is deployed. Everything that *is* deployed runs here unchanged: the Chalice app object
with its routes and event handlers, and the table and queues of ``infra/resources.json``.
"""
