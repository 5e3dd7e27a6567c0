# SPDX-License-Identifier: MIT
# An overlay port: the library comes from the checkout that this file stands in.
# vcpkg install lfq --overlay-ports=<checkout>/cmake/vcpkg-port
set(VCPKG_BUILD_TYPE release) # header-only
cmake_path(SET SOURCE_PATH NORMALIZE "${CMAKE_CURRENT_LIST_DIR}/../../..")
vcpkg_check_features(OUT_FEATURE_OPTIONS features FEATURES numa LFQ_NUMA)
vcpkg_cmake_configure(
  SOURCE_PATH "${SOURCE_PATH}"
  OPTIONS
    -DLFQ_BUILD_TESTS=OFF
    -DLFQ_BUILD_EXAMPLES=OFF
    -DLFQ_INSTALL=ON
    -DLFQ_INSTALL_PKGCONFIGDIR=lib/pkgconfig
    ${features}
)
vcpkg_cmake_install()
vcpkg_cmake_config_fixup(CONFIG_PATH share/cmake/lfq)
vcpkg_fixup_pkgconfig()
file(INSTALL "${CURRENT_PORT_DIR}/usage" DESTINATION "${CURRENT_PACKAGES_DIR}/share/${PORT}")
vcpkg_install_copyright(FILE_LIST "${SOURCE_PATH}/LICENSE")
