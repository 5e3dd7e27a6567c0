// SPDX-License-Identifier: MIT
// Goal: filters and topics are refused, and matched, as docs/broker/protocol.md says.
// Feeds: a filter, a line feed, and a topic.
// Promises: check_filter and check_topic give the reason that a plain reading of the page gives; a
//           valid filter matches what a plain matcher over lists of tokens matches, also with the
//           other separators, and as lfqctl's own matcher says; a `filter` is built exactly from
//           valid text; a topic's mark finds the same control bytes, and the same hash wherever the
//           topic lies.
// Cannot show: that a subscriber gets what matches (end-to-end tests).
#include "broker/core/filter.hpp"
#include "broker/cli/topic_match.hpp"
#include "broker/core/topic_hash.hpp"
#include "fuzz/filter_model.hpp"
#include "fuzz/fuzz.hpp"

#include <stdexcept>

namespace {

using broker::core::filter_error;
using filter_model::cut;
using filter_model::has_control_byte;
using fuzz::require;

std::string with_other_separators(std::string text) {
    for (char& c : text) {
        if (c == '.' || c == '/') c = c == '.' ? '/' : '.';
    }
    return text;
}

void is_built_from_valid_text(const std::string& text, bool valid) {
    bool built = true;
    try {
        require(broker::core::filter(text).text() == text, "a filter keeps its text");
    } catch (const std::invalid_argument&) {
        built = false;
    }
    require(built == valid, "a filter is built exactly from valid text");
}

void mark_is_right(const std::string& topic) {
    const auto mark = broker::core::mark_topic(topic, 1);
    require(mark.clean == !has_control_byte(topic), "a mark finds every control byte");
    for (std::size_t shift = 1; shift < 8; ++shift) {
        const std::string elsewhere = std::string(shift, '\x01') + topic;
        const auto again = broker::core::mark_topic(std::string_view(elsewhere).substr(shift), 1);
        require(again.hash == mark.hash && again.clean == mark.clean,
            "a mark does not depend on where the topic lies");
    }
}

void matches_plainly(const std::string& filter, const std::string& topic) {
    const bool expected = filter_model::matches(cut(filter), cut(topic));
    require(broker::core::filter_matches(filter, topic) == expected, "a filter matches plainly");
    require(broker::core::filter(filter).matches(topic) == expected, "a filter object too");
    require(broker::cli::matches(filter, topic) == expected, "lfqctl's matcher agrees");
    const std::string other = with_other_separators(topic);
    require(broker::core::filter_matches(filter, other) == expected, "separators are alike");
    require(broker::core::filter_matches(with_other_separators(filter), topic) == expected,
        "separators are alike in a filter");
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::input in(data, size);
    const std::string filter(fuzz::text_of(in.take_until('\n')));
    const std::string topic(fuzz::text_of(in.rest()));

    const filter_error error = filter_model::filter_error_of(filter);
    require(broker::core::check_filter(filter) == error, "a filter is refused for its reason");
    is_built_from_valid_text(filter, error == filter_error::none);
    for (const std::size_t bytes_max : {std::size_t{255}, std::size_t{4}}) {
        require(broker::core::check_topic(topic, bytes_max) ==
                filter_model::topic_error_of(topic, bytes_max),
            "a topic is refused for its reason");
    }
    mark_is_right(topic);
    if (error == filter_error::none && !topic.empty()) matches_plainly(filter, topic);
    return 0;
}
