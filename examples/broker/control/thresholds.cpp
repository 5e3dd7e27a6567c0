// SPDX-License-Identifier: MIT
#include "broker/control/thresholds.hpp"

#include <array>

namespace broker::control {

namespace {

struct named {
    const char* name;
    mark thresholds::*member;
};

constexpr named pause_queue{"pause_queue", &thresholds::pause_queue};
constexpr named drop_queue{"drop_queue", &thresholds::drop_queue};
constexpr named pause_slabs{"pause_slabs", &thresholds::pause_slabs};
constexpr named drop_slabs{"drop_slabs", &thresholds::drop_slabs};
constexpr named emergency_slabs{"emergency_slabs", &thresholds::emergency_slabs};

struct rise {
    named milder;
    named severer;
};

}  // namespace

conflict conflict_in(const thresholds& t) noexcept {
    constexpr std::array all{pause_queue, drop_queue, pause_slabs, drop_slabs, emergency_slabs};
    for (const auto& [name, member] : all) {
        const mark& m = t.*member;
        if (m.leave >= m.enter || m.enter > 100) {
            return {.expected = "leave < enter <= 100", .mark = name};
        }
    }
    constexpr std::array rises{rise{pause_queue, drop_queue}, rise{pause_slabs, drop_slabs},
        rise{drop_slabs, emergency_slabs}};
    for (const auto& [milder, severer] : rises) {
        const mark& low = t.*milder.member;
        const mark& high = t.*severer.member;
        if (high.enter < low.enter || high.leave < low.leave) {
            return {.expected = "no lower mark for the more severe state",
                .mark = severer.name,
                .other = milder.name};
        }
    }
    return {};
}

}  // namespace broker::control
