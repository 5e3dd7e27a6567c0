// SPDX-License-Identifier: MIT
// broker/processors.hpp — the processors that the configuration asks for.
// For the root only. Reads: config.hpp, report.hpp, processors, core.
#pragma once

#include "broker/config.hpp"
#include "broker/core/processor.hpp"
#include "broker/processors/batch/batch.hpp"
#include "broker/processors/realtime/realtime.hpp"
#include "broker/processors/transactional/transactional.hpp"
#include "broker/report.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace broker {

/// One for each rule that is not realtime.
class all_processors {
public:
    all_processors(const processing_options& settings, std::uint64_t seed);

    [[nodiscard]] const core::processing_rules& rules() const noexcept { return rules_; }
    void count(counters& into) const;

private:
    processors::realtime realtime_;
    std::optional<processors::held_events> held_;  // when somebody batches
    std::vector<std::unique_ptr<processors::transactional>> transactional_;
    std::vector<std::unique_ptr<processors::batch>> batch_;
    core::processing_rules rules_;
};

}  // namespace broker
