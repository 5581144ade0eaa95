"""The pictures of docs/speed.md: one run and its peers, how the time of a sweep grows, and layers of many widths."""

from matplotlib import colormaps
from matplotlib.ticker import FuncFormatter, NullFormatter, NullLocator

from figures.style import ACCENT, FAINT, FONT, INK, SMALL, SOFT, place, sheet, write

COLOURS = {"compiled (ours)": ACCENT, "numpy (ours)": "#7aa6d6"}


def draw(single, growth, path):
    """Save the picture.

    Parameters
    ----------
    single : dict of dicts
        {workload: {peer: µs a sweep}}.
    growth : dict of tuples
        {what grows: (sizes, seconds of the compiled engine, seconds of the numpy engine)}.
    path : Path
    """
    figure = sheet(9.2, 4.7)
    for k, (name, times) in enumerate(single.items()):
        _bars(place(figure, 1.7 + 4.5 * k, 2.8, 2.75, 1.5), name, times)
    for k, (what, curves) in enumerate(growth.items()):
        _curves(place(figure, 0.75 + 2.95 * k, 0.4, 2.25, 1.6), what, *curves, names=k == 0)
    figure.savefig(path, dpi=150)


def draw_shapes(cases, found, path):
    """Save the picture of the two engines on layers of many widths.

    Parameters
    ----------
    cases : sequence of int
    found : dict of str to list of float
        Time of the numpy engine over the compiled one's, by layers, for each number of cases.
    path : Path
    """
    figure = sheet(5.6, 3.1)
    ax = place(figure, 0.6, 0.5, 3.4, 2.1)
    for k, (layers, ratios) in enumerate(found.items()):
        ax.plot(cases, ratios, "o-", color=colormaps["viridis"](k / len(found)), ms=3, lw=1.1, label=layers)
    ax.axhline(1, color=INK, lw=0.8)
    write(ax, cases[0], 0.87, "below: numpy is faster", ha="left", size=SMALL, color=SOFT)
    _ruled(ax, "Time of the numpy engine over the compiled engine's, by cases")
    ax.set_xscale("log", base=2)
    ax.set_yscale("log", base=2)
    ax.set_xticks(cases, [f"{n:,}" for n in cases], family=FONT)
    ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    ax.tick_params(length=2, colors=SOFT, labelsize=SMALL - 1)
    ax.grid(color=FAINT, lw=0.6)
    names = ax.legend(loc="center left", bbox_to_anchor=(1.02, 0.5), frameon=False, fontsize=SMALL - 1)
    for text in names.get_texts():
        text.set_family(FONT)
    figure.savefig(path, dpi=150)


def _bars(ax, name, times):
    slowest_first = sorted(times, key=times.get, reverse=True)
    for row, peer in enumerate(slowest_first):
        ax.barh(row, times[peer], color=COLOURS.get(peer, "#b2b2b2"), height=0.7)
        write(
            ax,
            times[peer] * 1.12,
            row,
            f"{times[peer]:.2g}" if times[peer] < 10 else f"{times[peer]:.0f}",
            ha="left",
            size=SMALL,
        )
    _ruled(ax, f"One run, {name}: µs a sweep (log)")
    ax.set_xscale("log")
    ax.set_xlim(min(times.values()) / 2, max(times.values()) * 3)
    ax.set_xticks([])
    ax.xaxis.set_minor_locator(NullLocator())
    ax.set_yticks(range(len(times)), slowest_first, family=FONT, size=SMALL, color=INK)
    ax.tick_params(length=0)
    ax.spines["bottom"].set_visible(False)


def _curves(ax, what, sizes, fast, slow, names):
    for seconds, peer in ((slow, "numpy (ours)"), (fast, "compiled (ours)")):
        ax.plot(sizes, [1e6 * s for s in seconds], "o-", color=COLOURS[peer], ms=3.5, lw=1.2)
    if names:
        write(ax, sizes[0] * 0.9, slow[0] * 1e6 * 4, "numpy engine", ha="left", size=SMALL, color="#4d7fb8")
        write(ax, sizes[1], fast[1] * 1e6 / 3.5, "compiled engine", ha="left", size=SMALL, color=ACCENT)
    _ruled(ax, f"µs a sweep, by {what}")
    ax.set_xscale("log", base=2)
    ax.set_yscale("log")
    marked = sizes if len(sizes) < 5 else sizes[1::2]
    ax.set_xticks(marked, [f"{size:,}" for size in marked], family=FONT)
    ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}" if value >= 1 else f"{value:g}"))
    ax.xaxis.set_minor_formatter(NullFormatter())
    ax.yaxis.set_minor_locator(NullLocator())
    ax.tick_params(length=2, colors=SOFT, labelsize=SMALL - 1)
    ax.grid(color=FAINT, lw=0.6)
    ax.set_axisbelow(True)


def _ruled(ax, title):
    ax.set_title(title, family=FONT, size=SMALL + 1, color=INK, loc="left", pad=7)
    for side in ("top", "right"):
        ax.spines[side].set_visible(False)
    for side in ("left", "bottom"):
        ax.spines[side].set_color(FAINT)
