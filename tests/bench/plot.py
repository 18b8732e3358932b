#!/usr/bin/env python3
"""Plots results: percentile curves of engines beside each other, and what a token costs along an output.

    python3 tests/bench/plot.py OUT.svg llg.tekken.jsonl Libxgr.tekken.jsonl [curves.csv]

A .jsonl file holds one engine's run over schemas: a first line about the run, then an object a schema
with ttfm_us and compile_us, and "tests" with the lists mask_us and accept_us. A .csv file is what
tests/bench/curves prints. The kind of picture follows from OUT's ending. Needs matplotlib.
"""
import argparse
import csv
import json
import math
import pathlib
import sys

PERCENTILES = [0, 50, 75, 90, 95, 99, 99.9, 99.99, 99.999]
PANELS = ["compile + first mask", "mask", "accept"]


def read_run(path):
    """{panel: sorted microseconds} of one engine."""
    values = {panel: [] for panel in PANELS}
    with open(path, encoding="utf-8") as lines:
        next(lines)
        for record in map(json.loads, lines):
            if "ttfm_us" in record:
                values[PANELS[0]].append(record["ttfm_us"])
            for test in record.get("tests", []):
                values[PANELS[1]] += test["mask_us"]
                values[PANELS[2]] += test["accept_us"]
    return {panel: sorted(v) for panel, v in values.items()}


def read_curves(path):
    """{series: {column: numbers}} in the order of the file."""
    series = {}
    with open(path, encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            columns = series.setdefault(row.pop("series"), {})
            for column, value in row.items():
                columns.setdefault(column, []).append(float(value))
    return series


def rarity(percentile):
    """Position on the axis: how rare what lies above is, in powers of ten."""
    return -math.log10(1 - percentile / 100)


def plot_run(axes, name, values):
    if not values:
        return
    count = len(values)
    step = max(1, count // 4000)  # all of the slow end, some of the rest
    picks = sorted({*range(0, count, step), *range(max(0, count - 2000), count)})
    axes.plot([rarity(100 * i / count) for i in picks], [max(values[i], 0.01) for i in picks],
              label=f"{name} ({count:,})")


def style_percentiles(axes, panel):
    axes.set_title(panel)
    axes.set_yscale("log")
    axes.set_xticks([rarity(p) for p in PERCENTILES], [f"{p:g}" for p in PERCENTILES], fontsize=7)
    axes.set_xlabel("percentile")
    axes.set_ylabel("µs")
    axes.grid(alpha=0.3)
    axes.legend(fontsize=8)


def plot_curves(axes, series, column, title):
    for name, columns in series.items():
        axes.plot([t + 1 for t in columns["tokens"]], columns[column], label=name)
    axes.set_title(title)
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlabel("tokens before")
    axes.set_ylabel("µs")
    axes.grid(alpha=0.3)
    axes.legend(fontsize=7)


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", help="picture to write: .svg, .png, .pdf")
    parser.add_argument("files", nargs="+", help="results (.jsonl) and curves (.csv)")
    arguments = parser.parse_args()
    runs = [p for p in map(pathlib.Path, arguments.files) if p.suffix == ".jsonl"]
    curves = [p for p in map(pathlib.Path, arguments.files) if p.suffix == ".csv"]
    if len(runs) + len(curves) < len(arguments.files):
        parser.error("expected files ending in .jsonl or .csv")
    try:
        import matplotlib
    except ImportError:
        sys.exit("plot.py needs matplotlib: python3 -m pip install matplotlib")
    matplotlib.use("Agg")
    from matplotlib import pyplot

    rows = bool(runs) + len(curves)
    figure, grid = pyplot.subplots(rows, 3, figsize=(16, 4.5 * rows), squeeze=False)
    if runs:
        engines = [(path.stem, read_run(path)) for path in runs]
        for axes, panel in zip(grid[0], PANELS):
            for name, values in engines:
                plot_run(axes, name, values[panel])
            style_percentiles(axes, panel)
    for row, path in zip(grid[bool(runs):], curves):
        series = read_curves(path)
        for axes, column, title in zip(row, ("cold_mask_us", "mask_us", "accept_us"),
                                       ("mask, nothing known", "mask, all known", "accept")):
            plot_curves(axes, series, column, f"{title}, along an output")
    figure.tight_layout()
    figure.savefig(arguments.out, dpi=120)
    print(f"wrote {arguments.out}")


if __name__ == "__main__":
    main()
