// SPDX-License-Identifier: MIT
// tests/model/checker/failure.hpp — how an execution can end badly, and where in the sources.
#pragma once

#include <cstdint>
#include <string>
#include <version>
#if defined(__cpp_lib_source_location)
#include <source_location>
#endif

namespace model {

/// A place in the sources. As a default argument it lets every call of an atomic operation name
/// itself.
#if defined(__cpp_lib_source_location)
using site = std::source_location;
#else
class site {  // clang 14 has no std::source_location, but what it is made of
public:
    static constexpr site current(const char* file = __builtin_FILE(),
        unsigned line = __builtin_LINE(), unsigned column = __builtin_COLUMN()) noexcept {
        site here;
        here.file_ = file;
        here.line_ = line;
        here.column_ = column;
        return here;
    }
    [[nodiscard]] constexpr const char* file_name() const noexcept { return file_; }
    [[nodiscard]] constexpr unsigned line() const noexcept { return line_; }
    [[nodiscard]] constexpr unsigned column() const noexcept { return column_; }

private:
    const char* file_ = "";
    unsigned line_ = 0;
    unsigned column_ = 0;
};
#endif

/// The first four kinds say that the program under test is wrong; `limit` says that the search
/// cannot tell, and never counts as a verdict.
enum class verdict : std::uint8_t {
    passed,
    race,  // two accesses to plain memory, unordered, one of them a write
    assertion,  // a check of the scenario
    lifetime,  // read before built or after destroyed, destroyed twice, never destroyed
    stuck,  // a deadlock, or a wake-up that was lost
    limit,  // too many threads, locations, stores or steps: named in the text
};

[[nodiscard]] constexpr const char* name_of(verdict found) noexcept {
    constexpr const char* names[] = {
        "passed", "data race", "failed check", "lifetime", "stuck", "limit"};
    return names[static_cast<int>(found)];
}

struct failure {
    verdict found = verdict::passed;
    std::string text;
};

}  // namespace model
