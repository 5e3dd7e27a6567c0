// SPDX-License-Identifier: MIT
// broker/cli/failure.hpp — what ends a command early: a sentence for the user and an exit code.
// Room: cli. Reads: std.
#pragma once

#include <stdexcept>
#include <string>

namespace broker::cli {

// The numbers of <sysexits.h>, which scripts already know.
enum class exit_code : int {
    fine = 0,
    failed = 1,  // the command ran, and its outcome is not what was asked for
    usage = 64,  // the command line makes no sense
    unavailable = 69,  // the broker cannot be reached or went away
};

class failure : public std::runtime_error {
public:
    failure(exit_code code, const std::string& sentence)
        : std::runtime_error(sentence), code_(code) {}

    [[nodiscard]] exit_code code() const noexcept { return code_; }

private:
    exit_code code_;
};

}  // namespace broker::cli
