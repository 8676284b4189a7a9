"""Runs first in the frozen program: it is where its files are, whatever a variable says.

Python takes `sys.executable` from PYTHONEXECUTABLE even where it ignores all else of the
environment, and Pitcher starts its own roles by that path.
"""

import os
import sys

if sys.platform == "win32":
    import _winapi

    sys.executable = _winapi.GetModuleFileName(0)
elif sys.platform == "linux":
    sys.executable = os.path.join(os.path.dirname(sys._MEIPASS), "pitcher")
