"""Asks: what a person may want of a service. Every action is on record before it leaves.

on_job  cancel, pause, resume
"""

from jobs.actions.on_job import Busy, Offer, cancel, offers, pause, resume, tell

__all__ = ["Busy", "Offer", "cancel", "offers", "pause", "resume", "tell"]
