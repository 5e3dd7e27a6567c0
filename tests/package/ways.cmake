# SPDX-License-Identifier: MIT
# One way to get lfq, from nothing to a program that ran: WAY names the function at the end. What a
# way needs and does not find (git, pkg-config, conan, vcpkg) makes it say "skipped: ", which ctest
# reports as such. numa_<way> is the way to lfq::numa.
function(step)
  execute_process(COMMAND ${ARGV} COMMAND_ECHO STDOUT COMMAND_ERROR_IS_FATAL ANY)
endfunction()

macro(need_program variable name)
  find_program(${variable} ${name})
  if(NOT ${variable})
    message("skipped: ${name} is not installed")
    return()
  endif()
endmacro()

# The files that a release holds and a consumer reads, away from the checkout.
function(copy_sources to)
  file(COPY ${LFQ_SOURCE_DIR}/CMakeLists.txt ${LFQ_SOURCE_DIR}/LICENSE
    ${LFQ_SOURCE_DIR}/conanfile.py ${LFQ_SOURCE_DIR}/cmake ${LFQ_SOURCE_DIR}/include DESTINATION ${to})
  file(COPY ${LFQ_SOURCE_DIR}/tests/package DESTINATION ${to}/tests)
endfunction()

# Installs into one prefix and moves it: nothing installed may know where it was.
function(install_and_move)
  step(${CMAKE_COMMAND} -S ${LFQ_SOURCE_DIR} -B ${WORK}/lfq -G ${GENERATOR}
    -DCMAKE_CXX_COMPILER=${CXX} -DLFQ_BUILD_TESTS=OFF -DLFQ_BUILD_EXAMPLES=OFF)
  step(${CMAKE_COMMAND} --install ${WORK}/lfq --prefix ${WORK}/staged)
  file(RENAME ${WORK}/staged ${WORK}/prefix)
endfunction()

function(build_and_run_consumer)
  step(${CMAKE_COMMAND} -S ${CMAKE_CURRENT_LIST_DIR}/consumer -B ${WORK}/build -G ${GENERATOR}
    -DCMAKE_CXX_COMPILER=${CXX} -DWAY=${WAY} -DPROGRAM=${program} -DLFQ_VERSION=${LFQ_VERSION}
    ${ARGN})
  step(${CMAKE_COMMAND} --build ${WORK}/build)
  step(${WORK}/build/consumer)
endfunction()

function(add_subdirectory_way)
  build_and_run_consumer(-DLFQ_SOURCE_DIR=${LFQ_SOURCE_DIR})
endfunction()

function(fetchcontent_way)
  need_program(GIT git)
  copy_sources(${WORK}/upstream)
  set(git ${GIT} -C ${WORK}/upstream -c user.name=lfq -c user.email=lfq@localhost)
  step(${git} init -q)
  step(${git} add .)
  step(${git} commit -q -m release)
  step(${git} tag v${LFQ_VERSION})
  build_and_run_consumer(-DLFQ_REPOSITORY=file://${WORK}/upstream)
endfunction()

function(find_package_way)
  install_and_move()
  build_and_run_consumer(-DCMAKE_PREFIX_PATH=${WORK}/prefix)
endfunction()

function(pkgconfig_way)
  need_program(PKG_CONFIG pkg-config)
  install_and_move()
  file(GLOB_RECURSE pc ${WORK}/prefix/*/lfq.pc)
  cmake_path(GET pc PARENT_PATH directory)
  set(ENV{PKG_CONFIG_PATH} ${directory})
  set(module lfq)
  if(program STREQUAL "numa")
    set(module lfq-numa)
  endif()
  execute_process(COMMAND ${PKG_CONFIG} --cflags --libs "${module} = ${LFQ_VERSION}"
    OUTPUT_VARIABLE flags OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
  separate_arguments(flags)
  step(${CXX} -std=c++20 ${CMAKE_CURRENT_LIST_DIR}/consumer/${program}.cpp
    -o ${WORK}/consumer ${flags})
  step(${WORK}/consumer)
endfunction()

# Without hwloc, or with one that is too old, who asks for numa hears why there is none.
function(numa_missing_way)
  install_and_move()
  file(WRITE ${WORK}/old/hwloc.h "#define HWLOC_API_VERSION 0x00010b06\n")
  set(nowhere -DLFQ_HWLOC_INCLUDE_DIR= -DLFQ_HWLOC_LIBRARY=)
  set(too_old -DLFQ_HWLOC_INCLUDE_DIR=${WORK}/old -DLFQ_HWLOC_LIBRARY=${WORK}/old/libhwloc.so)
  set(consumer -S ${CMAKE_CURRENT_LIST_DIR}/consumer -B ${WORK}/build -DWAY=find_package
    -DPROGRAM=numa -DLFQ_VERSION=${LFQ_VERSION} -DCMAKE_PREFIX_PATH=${WORK}/prefix)
  expect_refusal("component numa needs hwloc, which was not found" ${consumer} ${nowhere})
  expect_refusal("component numa needs hwloc 2; in " ${consumer} ${too_old})
  expect_refusal("LFQ_NUMA=ON needs hwloc, which was not found" -S ${LFQ_SOURCE_DIR}
    -B ${WORK}/tree -DLFQ_NUMA=ON -DLFQ_BUILD_TESTS=OFF -DLFQ_BUILD_EXAMPLES=OFF ${nowhere})
endfunction()

function(expect_refusal sentence)
  execute_process(COMMAND ${CMAKE_COMMAND} -G ${GENERATOR} -DCMAKE_CXX_COMPILER=${CXX} ${ARGN}
    OUTPUT_VARIABLE said ERROR_VARIABLE said RESULT_VARIABLE failed)
  string(REGEX REPLACE "[ \n]+" " " said "${said}") # CMake breaks lines where it likes
  string(FIND "${said}" "${sentence}" found)
  if(NOT failed OR found EQUAL -1)
    message(FATAL_ERROR "does not say '${sentence}', but: ${said}")
  endif()
  message("refused as it should be: ${sentence}")
endfunction()

# As a subproject lfq says nothing, installs nothing, tests nothing and changes nothing around it.
function(quiet_way)
  execute_process(COMMAND ${CMAKE_COMMAND}
    -S ${CMAKE_CURRENT_LIST_DIR}/quiet -B ${WORK}/build -G ${GENERATOR} -DCMAKE_CXX_COMPILER=${CXX} -DLFQ_SOURCE_DIR=${LFQ_SOURCE_DIR}
    OUTPUT_VARIABLE said ERROR_VARIABLE said RESULT_VARIABLE failed)
  if(failed OR NOT said MATCHES "before lfq\n-- after lfq\n")
    message(FATAL_ERROR "lfq is not quiet as a subproject:\n${said}")
  endif()
  step(${CMAKE_COMMAND} --build ${WORK}/build)
  step(${CMAKE_COMMAND} --install ${WORK}/build --prefix ${WORK}/prefix)
  if(EXISTS ${WORK}/prefix)
    message(FATAL_ERROR "lfq installs itself with somebody else's project")
  endif()
  execute_process(COMMAND ${CMAKE_CTEST_COMMAND} -N WORKING_DIRECTORY ${WORK}/build
    OUTPUT_VARIABLE tests COMMAND_ERROR_IS_FATAL ANY)
  if(NOT tests MATCHES "Total Tests: 1\n")
    message(FATAL_ERROR "lfq adds its tests to somebody else's:\n${tests}")
  endif()
endfunction()

function(single_header_way)
  step(${CMAKE_COMMAND} -DOUT=${WORK}/include/lfq/lfq.hpp
    -P ${LFQ_SOURCE_DIR}/cmake/amalgamate.cmake)
  step(${CXX} -std=c++20 -Wall -Wextra -Werror -I${WORK}/include
    ${CMAKE_CURRENT_LIST_DIR}/consumer/main.cpp -o ${WORK}/consumer -pthread)
  step(${WORK}/consumer)
endfunction()

function(one_version_way)
  file(READ ${LFQ_SOURCE_DIR}/include/lfq/version.hpp header)
  foreach(part IN ITEMS MAJOR MINOR PATCH)
    string(REGEX MATCH "define LFQ_VERSION_${part} ([0-9]+)" found "${header}")
    list(APPEND parts ${CMAKE_MATCH_1})
  endforeach()
  list(JOIN parts "." numbers)
  file(READ ${LFQ_SOURCE_DIR}/cmake/vcpkg-port/lfq/vcpkg.json manifest)
  string(JSON port GET ${manifest} version)
  if(NOT (numbers STREQUAL LFQ_VERSION AND port STREQUAL LFQ_VERSION))
    message(FATAL_ERROR "string ${LFQ_VERSION}, numbers ${numbers}, vcpkg-port ${port}: differ")
  endif()
endfunction()

function(conan_way)
  need_program(CONAN conan)
  copy_sources(${WORK}/checkout) # conan writes into the recipe's folder
  set(ENV{CONAN_HOME} ${WORK}/home)
  set(ENV{CXX} ${CXX})
  step(${CONAN} profile detect)
  if(program STREQUAL "numa")
    set(hwloc_of_the_system ${WORK}/checkout/tests/package/hwloc_of_the_system)
    step(${CONAN} create ${hwloc_of_the_system} --no-remote)
    set(options -o lfq/*:numa=True)
  endif()
  step(${CONAN} create ${WORK}/checkout --no-remote -s compiler.cppstd=20 ${options})
endfunction()

function(vcpkg_way)
  need_program(VCPKG vcpkg)
  if(NOT DEFINED ENV{VCPKG_ROOT})
    message("skipped: vcpkg is installed, but VCPKG_ROOT does not say where its scripts are")
    return()
  endif()
  copy_sources(${WORK}/checkout)
  set(ENV{VCPKG_BINARY_SOURCES} clear) # the cache does not look at the library's sources
  set(ENV{VCPKG_FORCE_SYSTEM_BINARIES} 1)
  set(port lfq)
  if(program STREQUAL "numa")
    set(port lfq[numa] --overlay-ports=${WORK}/checkout/tests/package/hwloc_of_the_system)
  endif()
  step(${VCPKG} install ${port} --classic --enforce-port-checks
    --overlay-ports=${WORK}/checkout/cmake/vcpkg-port --x-install-root=${WORK}/installed
    --x-buildtrees-root=${WORK}/trees --x-packages-root=${WORK}/packages)
  build_and_run_consumer(-DCMAKE_TOOLCHAIN_FILE=$ENV{VCPKG_ROOT}/scripts/buildsystems/vcpkg.cmake
    -DVCPKG_INSTALLED_DIR=${WORK}/installed -DVCPKG_MANIFEST_MODE=OFF)
endfunction()

file(REMOVE_RECURSE ${WORK})
file(MAKE_DIRECTORY ${WORK})
set(program main)
if(WAY MATCHES "^numa_" AND NOT WAY STREQUAL "numa_missing")
  if(NOT HWLOC)
    message("skipped: hwloc is not installed")
    return()
  endif()
  set(program numa)
  string(REPLACE "numa_" "" WAY ${WAY})
endif()
cmake_language(CALL ${WAY}_way)
