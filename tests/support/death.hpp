// SPDX-License-Identifier: MIT
// What a piece of code that must end the process does: in a child, so that the test survives it.
#pragma once

#include <array>
#include <csignal>
#include <cstddef>
#include <string>

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace support {

struct ending {
    bool aborted = false;
    std::string said;  // on stderr
};

/// Runs `fatal` in a child with a stderr of its own. A child that comes back has not aborted.
template <class Fatal>
[[nodiscard]] ending ending_of(Fatal&& fatal) {
    std::array<int, 2> ends{};
    if (::pipe(ends.data()) != 0) return {};
    const pid_t child = ::fork();
    if (child == 0) {
        const rlimit no_core{0, 0};
        ::setrlimit(RLIMIT_CORE, &no_core);
        std::signal(SIGABRT, SIG_DFL);  // Catch2 has a handler of its own
        ::dup2(ends[1], STDERR_FILENO);
        ::alarm(30);
        fatal();
        ::_exit(0);
    }
    ::close(ends[1]);
    ending seen;
    std::array<char, 256> piece{};
    for (ssize_t got; (got = ::read(ends[0], piece.data(), piece.size())) > 0;) {
        seen.said.append(piece.data(), static_cast<std::size_t>(got));
    }
    ::close(ends[0]);
    int status = 0;
    ::waitpid(child, &status, 0);
    seen.aborted = WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
    return seen;
}

/// Two different names of threads in what was said.
[[nodiscard]] inline bool names_two_threads(const std::string& said) {
    const auto name_from = [&said](
                               std::size_t at) { return said.substr(at, said.find(' ', at) - at); };
    const std::size_t first = said.find("0x");
    if (first == std::string::npos) return false;
    const std::size_t second = said.find("0x", first + 2);
    return second != std::string::npos && name_from(first) != name_from(second);
}

}  // namespace support
