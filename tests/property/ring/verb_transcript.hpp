// SPDX-License-Identifier: MIT
// The last verbs of a game, and what is told when ring and model differ.
#pragma once

#include "support/catch.hpp"
#include "support/seed.hpp"

#include <cstddef>
#include <deque>
#include <sstream>
#include <string>

namespace ring_twins {

class verb_transcript {
public:
    verb_transcript(std::size_t capacity, bool shared) : capacity_(capacity), shared_(shared) {}

    void note(const std::string& verb) {
        verbs_.push_back(verb);
        if (verbs_.size() > 25) verbs_.pop_front();
    }

    /// Ends the test unless they are the same.
    void agree(bool same, const std::string& what) const {
        if (same) return;
        std::ostringstream told;
        told << "differs: " << what << "; LFQ_SEED=" << support::run_seed() << " capacity "
             << capacity_ << (shared_ ? " shared" : " single") << "; the last verbs:";
        for (const std::string& verb : verbs_) told << ' ' << verb;
        FAIL(told.str());
    }

private:
    std::size_t capacity_;
    bool shared_;
    std::deque<std::string> verbs_;
};

}  // namespace ring_twins
