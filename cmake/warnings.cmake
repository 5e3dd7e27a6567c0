# SPDX-License-Identifier: MIT
# lfq_warnings: what lfq's own tests, examples and benchmarks are compiled with; never part of
# lfq::lfq.
add_library(lfq_warnings INTERFACE)
target_compile_options(lfq_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow -Wold-style-cast
  # g++ warns that its ThreadSanitizer does not model fences. The only fence is the sleep
  # handshake's: it decides who sleeps and publishes nothing that ThreadSanitizer would have to see.
  $<$<CXX_COMPILER_ID:GNU>:-Wno-tsan>
  $<$<BOOL:${LFQ_WARNINGS_AS_ERRORS}>:-Werror>)
