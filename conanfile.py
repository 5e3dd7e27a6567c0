# SPDX-License-Identifier: MIT
import os
import re

from conan import ConanFile
from conan.tools.build import check_min_cppstd
from conan.tools.files import copy, load
from conan.tools.layout import basic_layout

required_conan_version = ">=2.0"


class LfqConan(ConanFile):
    name = "lfq"
    description = "Lock-free rings for handing events between threads"
    license = "MIT"
    topics = ("lock-free", "queue", "ring-buffer", "concurrency", "header-only")
    package_type = "header-library"
    settings = "os", "arch", "compiler", "build_type"
    options = {"numa": [True, False]}
    default_options = {"numa": False}
    exports = "include/lfq/version.hpp"
    exports_sources = "include/*", "LICENSE"
    no_copy_source = True
    test_package_folder = "tests/package/conan"

    def set_version(self):
        header = load(self, os.path.join(self.recipe_folder, "include/lfq/version.hpp"))
        self.version = re.search(r'LFQ_VERSION_STRING "([^"]+)"', header).group(1)

    def layout(self):
        basic_layout(self)

    def requirements(self):
        if self.options.numa:
            self.requires("hwloc/[>=2.3 <3]")

    def validate(self):
        check_min_cppstd(self, 20)

    def package_id(self):
        self.info.clear()

    def package(self):
        copy(self, "LICENSE", self.source_folder, os.path.join(self.package_folder, "licenses"))
        copy(self, "*.hpp", os.path.join(self.source_folder, "include"),
             os.path.join(self.package_folder, "include"))

    def package_info(self):
        self.cpp_info.bindirs = []
        self.cpp_info.libdirs = []
        self.cpp_info.set_property("cmake_file_name", "lfq")
        self.cpp_info.set_property("pkg_config_name", "lfq")
        core = self.component("lfq", "lfq::lfq", "lfq")
        if self.settings.os in ("Linux", "FreeBSD"):
            core.system_libs = ["pthread"]
        if self.options.numa:
            numa = self.component("numa", "lfq::numa", "lfq-numa")
            numa.defines = ["LFQ_HAS_HWLOC=1"]
            numa.requires = ["lfq", "hwloc::hwloc"]

    def component(self, name, target, pkg_config):
        component = self.cpp_info.components[name]
        component.bindirs = []
        component.libdirs = []
        component.set_property("cmake_target_name", target)
        component.set_property("pkg_config_name", pkg_config)
        return component
