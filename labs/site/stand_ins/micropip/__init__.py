"""Stands in for micropip: a site fetches nothing from outside its folder, so nothing can be installed."""


async def install(requirements, keep_going=False, **_options):
    """Refuse to install anything; what the kernel itself asks for, and can do without, is passed over."""
    if not keep_going:
        raise OSError(f"{requirements} cannot be installed here: this page fetches nothing from outside its site.")
