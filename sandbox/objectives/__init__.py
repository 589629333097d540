"""What training strives for.

objective       what all of them are
likelihood      to say what was taught (supervised), or to prefer the better reply (dpo)
reinforcement   to say what a grader rewards
sampling        what the model says when it is asked
verdicts        what a grader thinks of it, in the service's shapes
"""
