// SPDX-License-Identifier: MIT
// Goal: one value of one key is taken or refused by the rule of its key, and a refusal changes
//       nothing.
// Feeds: the key's number (1 byte), whether it was quoted (1), then the value.
// Promises: a number is taken exactly when it is plain decimal digits within its range, said again
//           below without arithmetic; a flag when it is true or false; a fixed value when it is
//           that; a list never, because it stands in a file; a refusal throws config_error alone,
//           begins with origin and name, and leaves every value and origin as it was.
// Cannot show: which field a number lands in (config.unit.cpp).
#include "broker/config_keys.hpp"
#include "fuzz/configuration_model.hpp"
#include "fuzz/fuzz.hpp"

#include <optional>

namespace {

using fuzz::require;

/// Decimal texts without leading zeroes compare by length, then by letters.
bool is_at_most(const std::string& one, const std::string& other) {
    return one.size() != other.size() ? one.size() < other.size() : one <= other;
}

bool is_number_within(const std::string& text, const broker::number_rule& rule) {
    if (text.empty() || text.find_first_not_of("0123456789") != std::string::npos) return false;
    const std::size_t first = text.find_first_not_of('0');
    const std::string digits = first == std::string::npos ? "0" : text.substr(first);
    return is_at_most(std::to_string(rule.min), digits) &&
        is_at_most(digits, std::to_string(rule.max));
}

/// Empty where the rule is a text's own; none takes a zero byte.
std::optional<bool> is_taken(const broker::config_key& key, const broker::written_value& value) {
    if (const auto* number = std::get_if<broker::number_rule>(&key.rule))
        return !value.quoted && is_number_within(value.text, *number);
    if (std::holds_alternative<broker::flag_rule>(key.rule))
        return !value.quoted && (value.text == "true" || value.text == "false");
    if (const auto* fixed = std::get_if<broker::fixed_rule>(&key.rule))
        return value.text == fixed->only;
    if (std::holds_alternative<broker::list_rule>(key.rule)) return false;
    if (value.text.find('\0') != std::string::npos) return false;
    return std::nullopt;
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::input in(data, size);
    const auto keys = broker::config_keys();
    const broker::config_key& key = keys[in.number<std::uint8_t>() % keys.size()];
    const bool quoted = in.number<std::uint8_t>() % 2 == 1;
    const broker::written_value value{
        std::string(fuzz::text_of(in.rest())), quoted, "c.yaml:7", std::string(key.name)};

    broker::draft all;
    const auto before = configuration_model::settings_of(all.values);
    bool taken = true;
    try {
        broker::set_value(all, key, value);
    } catch (const broker::config_error& refusal) {
        taken = false;
        configuration_model::is_sentence(refusal.what(), "c.yaml:7: " + value.name);
    }
    require(is_taken(key, value).value_or(taken) == taken, "a value is taken by its key's rule");
    require(all.origins.count(key.name) == (taken ? 1 : 0), "where it was written is known");
    if (!taken)
        require(
            configuration_model::settings_of(all.values) == before, "a refusal changes nothing");
    for (const auto& [name, text] : configuration_model::settings_of(all.values)) {
        if (name != key.name || !taken || !std::holds_alternative<broker::text_rule>(key.rule))
            continue;
        require(text == value.text, "a text is taken as it was written");
    }
    return 0;
}
