"""What the fuzzers of the front door start from: the cases of tests/http/test_raw.py.

    fuzz_seeds.py FOLDER

One file a case.
"""

import pathlib
import sys

from test_raw import FRIENDLY, STRICT

LONGEST = 1500  # the fuzzers' limits are lower

CUT = b"/"  # their first byte: so many at a time, less one

folder = pathlib.Path(sys.argv[1])
for name, _, sent, *_ in FRIENDLY + STRICT:
    if len(sent) <= LONGEST:
        data = sent if isinstance(sent, bytes) else sent.encode("latin-1")
        (folder / f"seed-{name.replace('/', '-').replace(' ', '-')}").write_bytes(CUT + data)
