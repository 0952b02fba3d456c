"""Who spoke when, heard on this computer with two small models. No Qt, no processes.

From the sound up: windows of ten seconds (``windows``), a voice vector for every run of
clean speech in them (``features``, ``models``), all runs of a recording grouped into people
(``tree``, ``people``), who is active when (``activity``), and who says each word
(``words``). ``listening`` keeps what was heard, so that grouping anew costs seconds.
"""
