// SPDX-License-Identifier: MIT
// What a configuration is refused with.
#pragma once

#include "broker/config.hpp"

#include <string>

namespace broker::test {

/// The sentence that refuses `text` as a file c.yaml; empty if nothing does.
[[nodiscard]] inline std::string refusal_of(const std::string& text) {
    try {
        (void)parse_config(text, "c.yaml");
        return "";
    } catch (const config_error& error) {
        return error.what();
    }
}

}  // namespace broker::test
