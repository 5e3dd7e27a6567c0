# SPDX-License-Identifier: MIT
# The forms of mpsc_message_ring that claim otherwise: the library's own headers with other names
# and the claim exchanged, made again when they change. A form `f` is <lfq/ring/f_message_ring.hpp>
# and what that includes, below forms/ in the build directory; its claim is contestants/f_claim.hpp.

# lfq_bench_find(place text piece): where `piece` stands in `text`. It must be there.
function(lfq_bench_find place text piece)
  string(FIND "${text}" "${piece}" found)
  if(found EQUAL -1)
    message(FATAL_ERROR "lfq: bench/contestants/message_forms.cmake does not fit ${header} any "
      "more. To make the ${form} form it looks for this, which is not there:\n${piece}\n")
  endif()
  set(${place} ${found} PARENT_SCOPE)
endfunction()

# lfq_bench_exchange(name old new): in the text that `name` holds.
function(lfq_bench_exchange name old new)
  lfq_bench_find(place "${${name}}" "${old}")
  string(REPLACE "${old}" "${new}" exchanged "${${name}}")
  set(${name} "${exchanged}" PARENT_SCOPE)
endfunction()

# lfq_bench_cut(name from to): the same; `to` stays.
function(lfq_bench_cut name from to)
  lfq_bench_find(begin "${${name}}" "${from}")
  lfq_bench_find(end "${${name}}" "${to}")
  string(SUBSTRING "${${name}}" 0 ${begin} before)
  string(SUBSTRING "${${name}}" ${end} -1 behind)
  set(${name} "${before}${behind}" PARENT_SCOPE)
endfunction()

# lfq_bench_rename(name): the same.
function(lfq_bench_rename name)
  set(text "${${name}}")
  string(REPLACE adding_positions ${form}_positions text "${text}")
  string(REPLACE mpsc_message_ring ${form}_message_ring text "${text}")
  string(REPLACE message_producer ${form}_message_producer text "${text}")
  string(REPLACE message_lane ${form}_message_lane text "${text}")
  set(${name} "${text}" PARENT_SCOPE)
endfunction()

# lfq_bench_form(form)
function(lfq_bench_form form)
  foreach(header adding_positions.hpp message_producer.hpp mpsc_message_ring.hpp)
    set(source ${PROJECT_SOURCE_DIR}/include/lfq/ring/${header})
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${source})
    file(READ ${source} text)
    lfq_bench_find(there "${text}" adding_positions)
    lfq_bench_rename(text)
    if(header STREQUAL adding_positions.hpp)
      lfq_bench_cut(text "template <class Env>\nauto ${form}_positions<Env>::claim("
        "template <class Env>\nbool ${form}_positions<Env>::close(")
      string(APPEND text "\n#include \"contestants/${form}_claim.hpp\"\n")
    endif()
    if(form STREQUAL padding)
      lfq_bench_let_it_pad(text)
    endif()
    set(made ${header})
    lfq_bench_rename(made)
    set(made ${CMAKE_CURRENT_BINARY_DIR}/forms/lfq/ring/${made})
    file(WRITE ${made}.new "${text}")
    file(COPY_FILE ${made}.new ${made} ONLY_IF_DIFFERENT)
  endforeach()
endfunction()

# lfq_bench_let_it_pad(name): a claim that pads must know where the ring ends, and says itself that
# its padding is to be skipped.
function(lfq_bench_let_it_pad name)
  set(text "${${name}}")
  if(header STREQUAL adding_positions.hpp)
    lfq_bench_exchange(text "#include <lfq/policy/wait.hpp>\n"
      "#include <lfq/policy/wait.hpp>\n#include <lfq/ring/message_stamps.hpp>\n")
    lfq_bench_exchange(text "(std::size_t usable) noexcept : usable_(usable)"
      "(std::size_t usable, std::size_t words, message_stamps<Env>& stamps) noexcept
        : usable_(usable), words_(words), stamps_(stamps)")
    lfq_bench_exchange(text "    std::size_t usable_;\n"
      "    std::size_t usable_;\n    std::size_t words_;\n    message_stamps<Env>& stamps_;\n")
  elseif(header STREQUAL mpsc_message_ring.hpp)
    lfq_bench_exchange(text "positions_(usable(words_.capacity(), wanted))"
      "positions_(usable(words_.capacity(), wanted), words_.capacity(), stamps_)")
  endif()
  set(${name} "${text}" PARENT_SCOPE)
endfunction()
