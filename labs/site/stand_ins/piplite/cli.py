"""What becomes of the line magic %pip."""


async def get_transformed_code(argv):
    """Give the code that is run in place of ``%pip ...``."""
    return f"await __import__('micropip').install({' '.join(argv[1:])!r})"
