"""A preparation in a process of its own, to be killed: prints how far it is, line by line.

python -m tests.inference.prepared.child SOURCE TARGET [largest file in bytes]
"""

import resource
import sys
import time
from pathlib import Path

import torch

from inference.errors import PreparationError
from inference.prepared import journal, pieces, preparing

SMALL_PIECE = 1 << 16


def tell(progress):
    print(progress.step.split()[0], progress.done_bytes, flush=True)
    time.sleep(0.002)


def main():
    source, target = (Path(argument) for argument in sys.argv[1:3])
    torch.set_num_threads(1)
    pieces._PIECE_BYTES, pieces._TASK_VALUES = SMALL_PIECE, SMALL_PIECE
    journal._SYNC_EVERY_S = 0.05
    if len(sys.argv) > 3:
        limit = int(sys.argv[3])
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    try:
        preparing.prepare(source, target, None, preparing.Watch(tell))
    except PreparationError as error:
        print(type(error).__name__, error, flush=True)
        sys.exit(1)
    print("whole", flush=True)


if __name__ == "__main__":
    main()
