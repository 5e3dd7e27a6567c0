# SPDX-License-Identifier: MIT
# Defines lfq::numa, lfq::lfq with hwloc, where hwloc is found; lfq_numa_lacks says why it is not.
# One text for lfq's own tree and for find_package(lfq COMPONENTS numa).
set(lfq_numa_lacks "")
if(NOT TARGET lfq::numa)
  find_path(LFQ_HWLOC_INCLUDE_DIR hwloc.h)
  find_library(LFQ_HWLOC_LIBRARY NAMES hwloc libhwloc)
  mark_as_advanced(LFQ_HWLOC_INCLUDE_DIR LFQ_HWLOC_LIBRARY)
  if(NOT LFQ_HWLOC_INCLUDE_DIR OR NOT LFQ_HWLOC_LIBRARY)
    set(lfq_numa_lacks "hwloc, which was not found (Debian: libhwloc-dev)")
  else()
    file(STRINGS ${LFQ_HWLOC_INCLUDE_DIR}/hwloc.h lfq_hwloc_api REGEX "define HWLOC_API_VERSION 0x")
    if(NOT lfq_hwloc_api MATCHES "0x000[2-9]")
      set(lfq_numa_lacks "hwloc 2; in ${LFQ_HWLOC_INCLUDE_DIR} is an older one")
    endif()
    unset(lfq_hwloc_api)
  endif()
  if(NOT lfq_numa_lacks)
    add_library(lfq_numa INTERFACE IMPORTED GLOBAL) # else a FetchContent parent does not see it
    set_target_properties(lfq_numa PROPERTIES
      INTERFACE_COMPILE_DEFINITIONS LFQ_HAS_HWLOC=1
      INTERFACE_INCLUDE_DIRECTORIES ${LFQ_HWLOC_INCLUDE_DIR}
      INTERFACE_LINK_LIBRARIES "lfq::lfq;${LFQ_HWLOC_LIBRARY}")
    add_library(lfq::numa ALIAS lfq_numa)
  endif()
endif()
