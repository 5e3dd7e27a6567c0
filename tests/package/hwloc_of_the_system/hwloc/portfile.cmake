# SPDX-License-Identifier: MIT
# For the test of lfq's feature numa without a network: the hwloc that is installed, as a port.
set(VCPKG_POLICY_EMPTY_PACKAGE enabled)
