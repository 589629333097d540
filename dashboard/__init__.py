"""The Django project: how Tuneboard runs. Nothing here knows what a job is."""
