// SPDX-License-Identifier: MIT
#include "broker/config_rules.hpp"

#include "broker/core/filter.hpp"

#include <array>
#include <cstdint>
#include <map>
#include <optional>

namespace broker {

namespace {

using core::processor_kind;

constexpr std::int64_t ns_per_ms = 1'000'000;

std::optional<processor_kind> kind_named(std::string_view name) {
    for (std::size_t i = 0; i < core::processor_kind_count; ++i) {
        const auto kind = static_cast<processor_kind>(i);
        if (name == core::to_string(kind)) return kind;
    }
    return std::nullopt;
}

// What a rule says goes into the last one of the list.
processor_choice& last_of(config& c) { return c.processing.rules.back(); }

constexpr text_rule topics{"a filter such as orders.>",
    [](const std::string& text) { return core::check_filter(text) == core::filter_error::none; },
    [](config& c, const std::string& value) { last_of(c).topics = value; }};
constexpr text_rule use{"realtime, transactional or batch",
    [](const std::string& text) { return kind_named(text).has_value(); },
    [](config& c, const std::string& value) { last_of(c).use = *kind_named(value); }};
constexpr number_rule keys{
    16, 16'777'216, [](config& c, std::uint64_t value) { last_of(c).transactional.keys = value; }};
constexpr number_rule seen_window{1, 3'600'000, [](config& c, std::uint64_t value) {
                                      last_of(c).transactional.window_ns =
                                          static_cast<std::int64_t>(value) * ns_per_ms;
                                  }};
constexpr number_rule events{1, 65'536, [](config& c, std::uint64_t value) {
                                 last_of(c).batch.events = static_cast<std::uint32_t>(value);
                             }};
constexpr number_rule batch_window{1, 60'000, [](config& c, std::uint64_t value) {
                                       last_of(c).batch.window_ns =
                                           static_cast<std::int64_t>(value) * ns_per_ms;
                                   }};

struct rule_key {
    config_key key;
    std::optional<processor_kind> of;  // nothing: of every rule
};
const std::array<rule_key, 6> rule_keys{{
    {{"topics", topics}, {}},
    {{"use", use}, {}},
    {{"keys", keys}, processor_kind::transactional},
    {{"window_ms", seen_window}, processor_kind::transactional},
    {{"events", events}, processor_kind::batch},
    {{"window_ms", batch_window}, processor_kind::batch},
}};

/// `topics, use, …`: what a rule of this kind may say; of all kinds when there is none.
std::string names_of(std::optional<processor_kind> kind) {
    std::string list;
    for (const rule_key& each : rule_keys) {
        if (kind && each.of && each.of != kind) continue;
        if (!kind && each.of == processor_kind::batch && each.key.name == "window_ms") continue;
        if (!list.empty()) list += ", ";
        list += each.key.name;
    }
    return list;
}

const config_key* find_rule_key(std::string_view name, processor_kind kind) {
    for (const rule_key& each : rule_keys) {
        if (each.key.name == name && (!each.of || each.of == kind)) return &each.key;
    }
    return nullptr;
}

bool is_rule_key(std::string_view name) {
    for (const rule_key& each : rule_keys) {
        if (each.key.name == name) return true;
    }
    return false;
}

class rule_reader {
public:
    rule_reader(draft& into, const list_place& at, const YAML::Node& rule, std::string name)
        : into_(into),
          file_(at.file),
          origin_(origin_of(at.file, rule.Mark())),
          name_(std::move(name)) {
        if (!rule.IsMap()) {
            refuse(origin_, name_,
                std::string("is ") + kind_of(rule) + ", expected a map of " + names_of({}));
        }
        for (const auto& entry : rule) note(entry.first, entry.second);
    }

    /// `use` first: it decides what else may stand there.
    void read() {
        for (const char* needed : {"topics", "use"}) {
            if (found_.contains(needed)) continue;
            refuse(origin_, name_, std::string("has no ") + needed + ", expected topics and use");
        }
        into_.values.processing.rules.emplace_back();
        set("use");
        for (const auto& [key, unused] : found_) {
            if (key != "use") set(key);
        }
    }

private:
    struct place {
        YAML::Node value;
        std::string origin;
    };

    void note(const YAML::Node& key, const YAML::Node& value) {
        const std::string origin = origin_of(file_, key.Mark());
        if (!key.IsScalar()) {
            refuse(origin, name_,
                std::string(kind_of(key)) + " as a key, expected one of " + names_of({}));
        }
        const std::string whole = name_ + "." + key.Scalar();
        if (!is_rule_key(key.Scalar())) {
            refuse(origin, whole, "unknown key, expected one of " + names_of({}));
        }
        if (!found_.try_emplace(key.Scalar(), place{value, origin}).second) {
            refuse(origin, whole, "is here a second time, expected once");
        }
    }

    void set(const std::string& key) {
        const auto& [node, origin] = found_.at(key);
        const processor_kind kind = last_of(into_.values).use;
        const std::string whole = name_ + "." + key;
        const config_key* const rule = find_rule_key(key, kind);
        if (rule == nullptr) {
            refuse(origin, whole,
                std::string("is no setting of ") + core::to_string(kind) + ", expected one of " +
                    names_of(kind));
        }
        if (!node.IsScalar()) {
            refuse(origin, whole, std::string("is ") + kind_of(node) + expected_by(*rule));
        }
        set_value(into_, *rule, {node.Scalar(), node.Tag() != "?", origin, whole});
    }

    draft& into_;
    const std::string& file_;
    std::string origin_;
    std::string name_;
    std::map<std::string, place> found_;
};

}  // namespace

void read_rules(draft& into, const YAML::Node& list, const list_place& at) {
    if (!list.IsSequence()) {
        refuse(
            at.origin, at.name, std::string("is ") + kind_of(list) + ", expected " + at.expected);
    }
    constexpr std::size_t most = core::processing_rules::rules_max;
    if (list.size() > most) {
        refuse(at.origin, at.name,
            std::to_string(list.size()) + " rules are too many, expected at most " +
                std::to_string(most));
    }
    for (std::size_t i = 0; i < list.size(); ++i) {
        rule_reader(into, at, list[i], at.name + "." + std::to_string(i)).read();
    }
    into.origins[find_config_key(at.name)->name] = at.origin;
}

std::string origin_of(const std::string& file, const YAML::Mark& mark) {
    return file + ":" + std::to_string(mark.is_null() ? 1 : mark.line + 1);
}

const char* kind_of(const YAML::Node& node) {
    switch (node.Type()) {
        case YAML::NodeType::Map: return "a map";
        case YAML::NodeType::Sequence: return "a list";
        case YAML::NodeType::Scalar: return "a single value";
        case YAML::NodeType::Null:
        case YAML::NodeType::Undefined: break;
    }
    return "empty";
}

std::string expected_by(const config_key& key) {
    if (std::holds_alternative<number_rule>(key.rule)) return ", expected a whole number";
    if (std::holds_alternative<flag_rule>(key.rule)) return ", expected true or false";
    if (const auto* text = std::get_if<text_rule>(&key.rule); text != nullptr) {
        return std::string(", expected ") + text->expected;
    }
    if (const auto* list = std::get_if<list_rule>(&key.rule); list != nullptr) {
        return std::string(", expected ") + list->expected;
    }
    return std::string(", ") + std::get<fixed_rule>(key.rule).sentence;
}

}  // namespace broker
