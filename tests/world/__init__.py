"""Sample worlds: what several rooms' tests build, and the hands that move it.

One builder of each thing, whoever needs it.
"""
