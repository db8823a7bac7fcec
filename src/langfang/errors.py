"""The one error that wrong input raises."""


class LangfangError(ValueError):
    """Input that cannot be used; the message names the file, row, column, value and what was expected.

    >>> raise LangfangError("facts.csv, row 7, column value: 'abc' is not a number")
    Traceback (most recent call last):
    ...
    langfang.errors.LangfangError: facts.csv, row 7, column value: 'abc' is not a number
    """
