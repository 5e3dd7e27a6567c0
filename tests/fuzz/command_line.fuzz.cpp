// SPDX-License-Identifier: MIT
// Goal: any command line runs the broker within the limits, or ends with a documented exit code.
// Feeds: the words, one a line. Those that would read a file are left out.
// Promises: nothing is thrown; the exit code is 0, 64 or 78, with something to say on the stream it
//           belongs to; a wrong value is one sentence of the form of the page; settings that run
//           are within the limits, and saying each of them by --set runs with the same.
// Cannot show: --config (configuration.fuzz.cpp).
#include "fuzz/configuration_model.hpp"
#include "fuzz/fuzz.hpp"

namespace {

using fuzz::require;
using word_list = std::vector<std::string>;

broker::start read(const word_list& words) {
    std::vector<const char*> argv{"lfq-broker"};
    for (const std::string& word : words) argv.push_back(word.c_str());
    return broker::read_command_line(static_cast<int>(argv.size()), argv.data(), "0.0.0");
}

void ends_as_documented(const broker::start& end) {
    switch (end.exit_code) {
        case 0:
            require(!end.to_stdout.empty() && end.to_stderr.empty(), "what was asked for is said");
            break;
        case broker::exit_bad_usage:
            require(!end.to_stderr.empty() || !end.to_stdout.empty(), "a wrong option is named");
            break;
        case broker::exit_bad_config: {
            require(end.to_stdout.empty() && end.to_stderr.ends_with('\n'), "a sentence is a line");
            const std::string_view line(end.to_stderr.data(), end.to_stderr.size() - 1);
            const bool together = line.starts_with("defaults: ");
            configuration_model::is_sentence(line, together ? "defaults" : "command line");
            break;
        }
        default: require(false, "the exit code is documented");
    }
}

void says_the_same_by_set(const broker::config& settings) {
    const auto all = configuration_model::settings_of(settings);
    word_list words;
    for (const auto& [key, value] : all) {
        words.emplace_back("--set");
        words.push_back(key + "=" + value);
    }
    const broker::start again = read(words);
    require(again.next == broker::start::what::run, "what runs can be said by --set");
    require(configuration_model::settings_of(again.settings) == all, "--set says the same");
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::input in(data, size);
    word_list words;
    while (!in.empty()) {
        std::string word(fuzz::text_of(in.take_until('\n')));
        std::replace(word.begin(), word.end(), '\0', '0');  // no word has a zero byte
        if (word.find("--config") == std::string::npos) words.push_back(std::move(word));
    }
    const broker::start start = read(words);
    if (start.next == broker::start::what::exit) {
        ends_as_documented(start);
        return 0;
    }
    configuration_model::is_within_limits(start.settings);
    says_the_same_by_set(start.settings);
    return 0;
}
