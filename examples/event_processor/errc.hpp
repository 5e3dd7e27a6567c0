// SPDX-License-Identifier: MIT
// event_processor/errc.hpp — why there are no places, and what a handler could not do.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace events {

/// What reserve() answers.
enum class errc : std::uint8_t {
    none,
    full,  ///< not so many places in a row are free now: try again
    closed,  ///< no more events are taken
    too_large,  ///< more places than the processor has: it can never be
};

[[nodiscard]] constexpr const char* to_string(errc code) noexcept {
    switch (code) {
        case errc::none: return "no error";
        case errc::full: return "not so many places are free now";
        case errc::closed: return "the processor is closed";
        case errc::too_large: return "more places than the processor has";
    }
    return "unknown";
}

/// An event whose handler threw. It is done with; those behind it are processed.
struct failure {
    std::string_view event;  ///< Event::name
    std::string what;
};

}  // namespace events
