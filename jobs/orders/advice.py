"""The service said no to an order: its own words, and what to do about them."""

from jobs.upstream import RateLimited, Rejected

# A day's limit or an empty purse: waiting a minute does not help.
FOR_TODAY = {
    "daily_rate_limit_exceeded": "It is useless to try again before tomorrow.",
    "insufficient_quota": "The account's budget is used up: raise it at the service first.",
    "billing_hard_limit_reached": "The account's budget is used up: raise it at the service first.",
}
HINTS = {
    401: "The key is wrong or revoked: enter it anew at the account.",
    403: "The key may not create jobs, or the service takes no more of them from this organization,"
    " as OpenAI does while it winds fine-tuning down.",
    404: "The model, the file or the address is not known there.",
}


def is_final(limit: RateLimited) -> bool:
    """Whether it is useless to try again in a while."""
    return limit.code in FOR_TODAY


def advice(refusal: Rejected | RateLimited) -> str:
    if isinstance(refusal, RateLimited):
        hint = FOR_TODAY.get(refusal.code, "The service was busy for too long: send it later.")
    else:
        hint = HINTS.get(refusal.status, "")
    about = f" (about {refusal.param})" if isinstance(refusal, Rejected) and refusal.param else ""
    return f"{str(refusal).rstrip('.')}{about}. {hint}".strip()
