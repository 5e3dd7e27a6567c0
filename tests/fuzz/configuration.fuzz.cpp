// SPDX-License-Identifier: MIT
// Goal: any text is a configuration or is refused in one sentence that names file and line.
// Feeds: the text of a configuration file.
// Promises: nothing but config_error is thrown; its sentence has the form of the page, and a line
//           of the text, in which its key stands; an empty line before the text moves that line by
//           one and changes nothing else; what is accepted is within the limits of the page, and
//           reads the same when it is written down again.
// Cannot show: what the sentence should have been (config.unit.cpp); files that are not there.
#include "fuzz/configuration_model.hpp"
#include "fuzz/fuzz.hpp"

namespace {

using configuration_model::settings;
using fuzz::require;

struct outcome {
    settings accepted{};  // empty: refused
    std::size_t line = 0;  // refused: where
    std::string sentence{};  // refused: what is said behind the line
    bool operator==(const outcome&) const = default;
};

constexpr std::string_view name = "c.yaml";

/// The key that `sentence` names, where it must stand as it is said: empty if there is none, or if
/// quotes, tags or other letters of the language may have changed it.
std::string plain_key(const std::string& text, const std::string& sentence) {
    if (text.find_first_of("\"'&*!?|>\r") != std::string::npos) return {};
    if (sentence.find(" as a key") != std::string::npos || sentence.starts_with("no YAML"))
        return {};
    // A rule's name is its number.
    if (sentence.find(" has no ") != std::string::npos ||
        sentence.find("expected a map of topics") != std::string::npos)
        return {};
    const std::string key = sentence.substr(0, std::min(sentence.size(), sentence.find(": ")));
    if (key.size() == sentence.size() || key.size() > 60) return {};
    const auto is_plain = [](char c) { return c > ' ' && c < 0x7f && c != '?'; };
    if (!std::all_of(key.begin(), key.end(), is_plain)) return {};
    return key.substr(key.rfind('.') + 1);
}

std::string line_of(const std::string& text, std::size_t number) {
    std::size_t at = 0;
    while (--number != 0) at = text.find('\n', at) + 1;
    return text.substr(at, text.find('\n', at) - at);
}

outcome refusal(const std::string& message, const std::string& text) {
    const std::size_t line_at = name.size() + 1;
    const std::size_t line_end = message.find(':', line_at);
    require(line_end != std::string::npos && line_end != line_at, "a refusal has a line");
    const std::string line = message.substr(line_at, line_end - line_at);
    require(line.size() < 9 && line.find_first_not_of("0123456789") == std::string::npos,
        "a line is a number");
    configuration_model::is_sentence(message, std::string(name) + ":" + line);
    const std::size_t number = std::stoul(line);
    // yaml-cpp counts CR and LF; each ends a line at most once.
    const auto ends =
        std::count_if(text.begin(), text.end(), [](char c) { return c == '\n' || c == '\r'; });
    require(number >= 1 && number <= static_cast<std::size_t>(ends) + 1, "the text has that line");
    const std::string sentence = message.substr(line_end + 2);
    const std::string key = plain_key(text, sentence);
    require(key.empty() || line_of(text, number).find(key) != std::string::npos,
        "the key stands in the line that is named");
    return {.line = number, .sentence = sentence};
}

outcome read(const std::string& text) {
    try {
        const broker::config c = broker::parse_config(text, std::string(name));
        configuration_model::is_within_limits(c);
        return {.accepted = configuration_model::settings_of(c)};
    } catch (const broker::config_error& error) {
        return refusal(error.what(), text);
    }
}

std::string quoted(const std::string& value) {
    std::string text = "\"";
    for (const char c : value) {
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
            constexpr std::string_view digits = "0123456789abcdef";
            const auto byte = static_cast<unsigned char>(c);
            text += "\\x";
            text += digits[byte / 16U];
            text += digits[byte % 16U];
            continue;
        }
        if (c == '"' || c == '\\') text += '\\';
        text += c;
    }
    return text + '"';
}

/// One map for each run of keys of one section.
std::string written(const settings& all) {
    std::string text;
    std::string section;
    for (const auto& [key, value] : all) {
        const std::size_t dot = key.find('.');
        const std::string before = key.substr(0, dot);
        const std::string behind = key.substr(dot + 1);
        if (before == "processors") {
            const std::string of_rule = behind.substr(behind.find('.') + 1);
            if (before != section) text += "processors:\n";
            text += (of_rule == "topics" ? "  - " : "    ") + of_rule + ": " +
                (of_rule == "topics" ? quoted(value) : value) + "\n";
            section = before;
            continue;
        }
        if (before != section) text += before + ":\n";
        section = before;
        const bool texts = key == "log.file" || key == "listen.address";
        const std::size_t inner = behind.find('.');
        const std::string said = texts ? quoted(value) : value;
        if (inner == std::string::npos) {
            text += "  " + behind + ": " + said + "\n";
        } else if (behind.substr(inner) == ".enter") {
            text += "  " + behind.substr(0, inner) + ": {enter: " + said;
        } else {
            text += ", leave: " + said + "}\n";
        }
    }
    return text;
}

/// Whether an empty line may go before it: no byte order mark, no UTF-16.
bool begins_plainly(const std::string& text) {
    const std::string start = text.substr(0, 4);
    return std::all_of(start.begin(), start.end(), [](char c) { return c > 0 && c < 0x7f; });
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(fuzz::text_of(std::as_bytes(std::span(data, size))));
    outcome first = read(text);
    if (!first.accepted.empty()) {
        require(read(written(first.accepted)) == first, "what was accepted reads the same again");
    }
    if (begins_plainly(text)) {
        if (first.accepted.empty()) ++first.line;
        require(read("\n" + text) == first, "an empty line before the text changes nothing else");
    }
    return 0;
}
