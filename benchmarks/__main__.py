"""Every benchmark, one after another; or those that are named: `python -m benchmarks units runtime`."""

import sys

from benchmarks import http, kernel, runtime, units

ALL = {
    "kernel": kernel.main,
    "units": units.main,
    "runtime": runtime.main,
    "http": http.main,
}

for name in sys.argv[1:] or ALL:
    ALL[name]()
