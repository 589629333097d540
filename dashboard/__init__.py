"""The Django project: how Tuneboard runs. Nothing here knows what a job is."""

__version__ = "0.1.0"
