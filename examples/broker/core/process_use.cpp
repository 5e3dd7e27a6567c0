// SPDX-License-Identifier: MIT
#include "broker/core/process_use.hpp"

#include <array>
#include <cstdlib>
#include <string_view>

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

namespace broker::core {

namespace {

/// getrusage would also count the program that was replaced by this one.
[[nodiscard]] std::uint64_t peak_from_status() noexcept {
    constexpr std::string_view name = "VmHWM:";
    std::array<char, 4096> text;
    const int fd = ::open("/proc/self/status", O_RDONLY | O_CLOEXEC);
    if (fd < 0) return 0;
    const ssize_t size = ::read(fd, text.data(), text.size() - 1);
    ::close(fd);
    if (size <= 0) return 0;
    text[static_cast<std::size_t>(size)] = '\0';
    const std::size_t at = std::string_view(text.data()).find(name);
    if (at == std::string_view::npos) return 0;
    return std::strtoull(text.data() + at + name.size(), nullptr, 10) * 1024U;
}

}  // namespace

process_use read_process_use() noexcept {
    rusage used{};
    ::getrusage(RUSAGE_SELF, &used);
    const auto us = [](const timeval& t) {
        return static_cast<std::uint64_t>(t.tv_sec) * 1'000'000U +
            static_cast<std::uint64_t>(t.tv_usec);
    };
    return {us(used.ru_utime) + us(used.ru_stime), peak_from_status()};
}

}  // namespace broker::core
