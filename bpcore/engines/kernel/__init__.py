"""Whole sweeps as machine code: the passes of passes.py for any network, over the list of its links.

products.py has the sums of products, sweeps.py the passes and the learning; both work on the vectors of vectors.py.
numba turns this Python into LLVM's intermediate code when a developer runs `run.py kernel` (intermediate.py). That is
committed; native.py has LLVM make machine code of it, build_wasm.py the library for browsers. Without LLVM, the numpy
engine does everything.

What makes it fast. States lie as (units, cases), and neighbouring cases fill a register. Sums stay in registers until
they are complete, and those of up to eight units are made at a time, so that each state that is loaded serves them all.
The logistic function has no branch and no call, and two cases share a division. Rows begin at the lines of the
processor's cache, and are filled to the end of a line. Long tables of cases go through in blocks that stay in that
cache. Runs share nothing, so they go to all cores, and run k of an ensemble does what run k alone does.
"""
