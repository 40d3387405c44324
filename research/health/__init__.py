"""
What is wrong with the site, and what could be better: one module for each check.

A check has a TITLE, a sentence WHY, and `find()`, which gives its findings in a number of queries that does not grow.
IS_FAULT: whether a finding means that something is broken, and not only that something could be better.
"""
