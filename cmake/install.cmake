# SPDX-License-Identifier: MIT
# Install rules: headers, lfqConfig.cmake, lfq.pc, and lfq-numa.pc unless LFQ_NUMA is OFF. In share/:
# nothing here depends on the architecture.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)
set(LFQ_INSTALL_CMAKEDIR ${CMAKE_INSTALL_DATADIR}/cmake/lfq
  CACHE STRING "Where lfqConfig.cmake goes")
set(LFQ_INSTALL_PKGCONFIGDIR ${CMAKE_INSTALL_DATADIR}/pkgconfig
  CACHE STRING "Where lfq.pc goes")

install(TARGETS lfq EXPORT lfqTargets)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/lfq DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(EXPORT lfqTargets NAMESPACE lfq:: DESTINATION ${LFQ_INSTALL_CMAKEDIR})

configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/lfqConfig.cmake.in
  ${PROJECT_BINARY_DIR}/lfqConfig.cmake
  INSTALL_DESTINATION ${LFQ_INSTALL_CMAKEDIR} NO_SET_AND_CHECK_MACRO)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/lfqConfigVersion.cmake
  COMPATIBILITY SameMinorVersion ARCH_INDEPENDENT) # while 0.x; SameMajorVersion from 1.0 on
install(FILES ${PROJECT_BINARY_DIR}/lfqConfig.cmake ${PROJECT_BINARY_DIR}/lfqConfigVersion.cmake
  ${CMAKE_CURRENT_LIST_DIR}/lfqNuma.cmake DESTINATION ${LFQ_INSTALL_CMAKEDIR})

# From where lfq.pc lies, so that a prefix may be chosen at install time, and moved.
set(lfq_pc_prefix ${CMAKE_INSTALL_PREFIX})
if(NOT IS_ABSOLUTE ${LFQ_INSTALL_PKGCONFIGDIR})
  file(RELATIVE_PATH lfq_pc_prefix /prefix/${LFQ_INSTALL_PKGCONFIGDIR} /prefix)
  string(REGEX REPLACE "(.*[^/])/?$" "\${pcfiledir}/\\1" lfq_pc_prefix ${lfq_pc_prefix})
endif()
set(lfq_pc_files lfq.pc)
if(NOT LFQ_NUMA STREQUAL "OFF")
  list(APPEND lfq_pc_files lfq-numa.pc) # pkg-config looks for hwloc when it is asked for this
endif()
foreach(file IN LISTS lfq_pc_files)
  configure_file(${CMAKE_CURRENT_LIST_DIR}/${file}.in ${PROJECT_BINARY_DIR}/${file} @ONLY)
  install(FILES ${PROJECT_BINARY_DIR}/${file} DESTINATION ${LFQ_INSTALL_PKGCONFIGDIR})
endforeach()
