# SPDX-License-Identifier: MIT
# cmake -DOUT=lfq.hpp -P cmake/amalgamate.cmake: all of lfq.hpp in one file, for Compiler Explorer
# and for copying.
cmake_minimum_required(VERSION 3.21)
cmake_path(SET include NORMALIZE ${CMAKE_CURRENT_LIST_DIR}/../include)
set_property(GLOBAL PROPERTY emitted "")

# Appends a header with what it includes of lfq in place, each header once.
function(emit header)
  get_property(emitted GLOBAL PROPERTY emitted)
  if(header IN_LIST emitted)
    return()
  endif()
  set_property(GLOBAL APPEND PROPERTY emitted ${header})
  file(READ ${include}/${header} text)
  string(REPLACE "#pragma once\n" "" text "${text}")
  while(text MATCHES "#include <(lfq/[a-z_/0-9]+\\.hpp)>[^\n]*\n")
    set(line "${CMAKE_MATCH_0}")
    set(included ${CMAKE_MATCH_1})
    string(FIND "${text}" "${line}" start)
    string(LENGTH "${line}" length)
    string(SUBSTRING "${text}" 0 ${start} before)
    math(EXPR behind "${start} + ${length}")
    string(SUBSTRING "${text}" ${behind} -1 text)
    file(APPEND ${OUT} "${before}")
    emit(${included})
  endwhile()
  file(APPEND ${OUT} "${text}")
endfunction()

file(WRITE ${OUT} "#pragma once\n")
emit(lfq/lfq.hpp)
