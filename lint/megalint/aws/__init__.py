"""AWS, read only: the one package that speaks to it.

Every operation that is called is in :data:`megalint.aws.policy.ACTIONS`.
"""
