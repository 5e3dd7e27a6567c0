// SPDX-License-Identifier: MIT
// broker/config_rules.hpp — `processors`: a list of rules, each a map with keys of its own.
// For config.cpp only. Reads: config_keys.hpp.
#pragma once

#include "broker/config_keys.hpp"

#include <yaml-cpp/yaml.h>

#include <string>

namespace broker {

/// Where the list stands.
struct list_place {
    const std::string& file;
    const std::string& origin;
    const std::string& name;
    const char* expected;
};

/// Reads the rules over what `into` holds. Throws config_error.
void read_rules(draft& into, const YAML::Node& list, const list_place& at);

/// `file:line` of a mark.
[[nodiscard]] std::string origin_of(const std::string& file, const YAML::Mark& mark);

/// `a map`, `a list`, `a single value` or `empty`.
[[nodiscard]] const char* kind_of(const YAML::Node& node);

/// `, expected …` for a value that is not even a single one.
[[nodiscard]] std::string expected_by(const config_key& key);

}  // namespace broker
