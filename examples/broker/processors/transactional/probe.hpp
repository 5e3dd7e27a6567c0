// SPDX-License-Identifier: MIT
// broker/processors/transactional/probe.hpp — what a transactional processor counts.
// Room: processors/transactional. Reads: core.
#pragma once

#include "broker/core/probe.hpp"

namespace broker::processors {

/// Duplicates stand in the books: core::drop_reason::duplicate.
struct transactional_probe {
    core::counter fresh;
    core::counter full;  // handed on although nobody can say whether they came before
};

}  // namespace broker::processors
