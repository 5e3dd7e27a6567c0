# SPDX-License-Identifier: MIT
# Install rules: headers, lfqConfig.cmake and lfq.pc. In share/: nothing here depends on the
# architecture.
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
  DESTINATION ${LFQ_INSTALL_CMAKEDIR})

configure_file(${CMAKE_CURRENT_LIST_DIR}/lfq.pc.in ${PROJECT_BINARY_DIR}/lfq.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/lfq.pc DESTINATION ${LFQ_INSTALL_PKGCONFIGDIR})
