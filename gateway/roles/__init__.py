"""The roles of a running gateway: one small program each, run in processes of their own.

``python -m gateway.roles.<role> SETTINGS NUMBER OF`` is what the supervisor starts. Each program imports only what it
needs: a door process knows neither the database nor the job engine.
"""
