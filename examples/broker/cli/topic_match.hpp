// SPDX-License-Identifier: MIT
// broker/cli/topic_match.hpp — which topics a filter means, said a second time.
// Room: cli. Reads: std.
#pragma once

#include <string_view>

namespace broker::cli {

// `bench` checks the broker's matching, so it may not borrow it: this is the rule of the protocol
// page written as plainly as possible. Tokens end at '.' or '/', `*` is one token, `>` is the rest
// and at least one.
[[nodiscard]] inline bool matches(std::string_view filter, std::string_view topic) {
    for (;;) {
        const auto filter_end = filter.find_first_of("./");
        const auto topic_end = topic.find_first_of("./");
        const auto wanted = filter.substr(0, filter_end);
        if (wanted == ">") {
            return true;
        }
        if (wanted != "*" && wanted != topic.substr(0, topic_end)) {
            return false;
        }
        if (filter_end == filter.npos || topic_end == topic.npos) {
            return filter_end == topic_end;
        }
        filter.remove_prefix(filter_end + 1);
        topic.remove_prefix(topic_end + 1);
    }
}

}  // namespace broker::cli
