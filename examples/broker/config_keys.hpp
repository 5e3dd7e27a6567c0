// SPDX-License-Identifier: MIT
// broker/config_keys.hpp — every key of config.yaml: its name, what it may be, where its value
// goes. For config.cpp and command_line.cpp only. Reads: config.hpp.
#pragma once

#include "broker/config.hpp"

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <variant>

namespace broker {

struct number_rule {
    std::uint64_t min;
    std::uint64_t max;
    void (*set)(config&, std::uint64_t);
};

struct flag_rule {
    void (*set)(config&, bool);
};

struct text_rule {
    const char* expected;
    bool (*fits)(const std::string&);
    void (*set)(config&, const std::string&);
};

/// A key whose part is not built in: it takes its default and nothing else.
struct fixed_rule {
    const char* only;
    const char* sentence;
};

/// A list, which stands in the file only: config_rules.hpp reads it.
struct list_rule {
    const char* expected;
};

struct config_key {
    std::string_view name;  // section.key
    std::variant<number_rule, flag_rule, text_rule, fixed_rule, list_rule> rule;
};

/// In the order of config.yaml.
[[nodiscard]] std::span<const config_key> config_keys() noexcept;
[[nodiscard]] const config_key* find_config_key(std::string_view name) noexcept;

/// One value as it was written, and where. Quoted text is never a number or a flag.
struct written_value {
    std::string text;
    bool quoted = false;
    std::string origin;  // `config.yaml:12`, `command line`
    std::string name;  // the key's, or the option's
};

/// Values under way, and where each was written.
struct draft {
    config values;
    std::map<std::string_view, std::string> origins;
};

/// Somebody else's text for a sentence: without control bytes, cut where it is long.
[[nodiscard]] std::string printable(std::string_view text);

/// Throws config_error(`origin: name: what, expected`).
[[noreturn]] void refuse(
    const std::string& origin, const std::string& name, const std::string& what);

/// The same for a value that does not fit its key.
void set_value(draft& into, const config_key& key, const written_value& value);

/// Reads `text` over what `into` holds. Throws config_error.
void read_yaml(draft& into, const std::string& text, const std::string& file);

/// The same from a file, which must be there.
void read_yaml_file(draft& into, const std::string& path);

/// What one key cannot know: values that must fit together. Throws config_error.
void check_together(const draft& all);

}  // namespace broker
