"""
Who gets in: name and password, the second factor, the browsers that are known, the sessions that are open.

It stands beside Django's admin, whose site (research/desk.py) has its addresses. It knows nothing of research.
"""
