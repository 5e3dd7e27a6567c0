# SPDX-License-Identifier: MIT
# For the test of lfq's option numa without a network: the hwloc that is installed, as a package.
from conan import ConanFile


class HwlocOfTheSystem(ConanFile):
    name = "hwloc"
    version = "2.9.0"
    settings = "os", "arch", "compiler", "build_type"

    def package_info(self):
        self.cpp_info.includedirs = []
        self.cpp_info.libdirs = []
        self.cpp_info.system_libs = ["hwloc"]
