"""Stand in for what faster-whisper imports and Wordlight never uses: PyAV and the hub's client.

Together they are more than a hundred megabytes. Runs in the bundle before anything else.
"""

import sys
import types

for name in ("av", "huggingface_hub"):
    sys.modules.setdefault(name, types.ModuleType(name))
