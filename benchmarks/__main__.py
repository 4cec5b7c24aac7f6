"""Every benchmark, one after another; or those that are named: `python -m benchmarks units runtime`."""

import sys

from benchmarks import kernel, runtime, units

ALL = {"kernel": kernel.main, "units": units.main, "runtime": runtime.main}

for name in sys.argv[1:] or ALL:
    ALL[name]()
