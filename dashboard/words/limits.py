"""What is said to who asks too often."""

from dashboard.words.shared import counted


def too_often(seconds: int) -> str:
    """
    >>> too_often(1)
    'Too many requests came from here. Wait 1 second, then try again.'
    """
    return f"Too many requests came from here. Wait {counted(seconds, 'second')}, then try again."
