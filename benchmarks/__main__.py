"""Every benchmark, one after another; or those that are named: `python -m benchmarks units runtime`."""

import sys

from benchmarks import engine, http, kernel, runtime, time, units, widgets

ALL = {
    "kernel": kernel.main,
    "widgets": widgets.main,
    "units": units.main,
    "runtime": runtime.main,
    "time": time.main,
    "http": http.main,
    "engine": engine.main,
}
LONG = {"kernel-long": kernel.long}
"""What takes minutes: run by name alone."""

for name in sys.argv[1:] or ALL:
    (ALL | LONG)[name]()
