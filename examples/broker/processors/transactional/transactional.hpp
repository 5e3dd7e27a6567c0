// SPDX-License-Identifier: MIT
// broker/processors/transactional/transactional.hpp — what came before is not delivered again.
// Room: processors/transactional. Reads: core, own room.
#pragma once

#include "broker/core/processor.hpp"
#include "broker/processors/transactional/fingerprint.hpp"
#include "broker/processors/transactional/options.hpp"
#include "broker/processors/transactional/probe.hpp"

#include <lfq/dedup/deduplicator.hpp>

#include <cstddef>
#include <cstdint>
#include <span>

namespace broker::processors {

/// Holds nothing: what is taken is handed on or dropped at once.
///
/// Memory    fixed at construction.
class transactional final : public core::processor {
public:
    transactional(const transactional_options& settings, std::uint64_t seed)
        : prints_(seed),
          seen_(
              lfq::dedup::by_time{static_cast<std::uint64_t>(settings.window_ns), settings.keys}) {}

    void take(std::span<core::event> events, std::int64_t now_ns, core::outcome& to) override;

    [[nodiscard]] const transactional_probe& counts() const noexcept { return counts_; }

private:
    static constexpr std::size_t together_max = 64;

    void take_some(std::span<core::event> events, std::int64_t now_ns, core::outcome& to);

    fingerprint prints_;
    lfq::deduplicator<std::uint64_t> seen_;
    transactional_probe counts_;
};

}  // namespace broker::processors
