// SPDX-License-Identifier: MIT
// lfq/sys/small_file.hpp — what the kernel says in a file of a few lines.
// Room: sys (floor 1). Reads: base.
#pragma once

#include <lfq/base/config.hpp>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

namespace lfq::inline LFQ_ABI::sys {

/// The first 64 KiB of a file; nothing if there is none, or it cannot be read.
[[nodiscard]] inline std::optional<std::string> small_file(const std::string& path) {
    struct close_file {
        void operator()(std::FILE* file) const noexcept { std::fclose(file); }
    };
    const std::unique_ptr<std::FILE, close_file> file(std::fopen(path.c_str(), "re"));
    if (file == nullptr) return std::nullopt;
    std::string text(std::size_t{64} << 10, '\0');
    text.resize(std::fread(text.data(), 1, text.size(), file.get()));
    if (std::ferror(file.get()) != 0) return std::nullopt;
    return text;
}

/// The number that a text begins with.
[[nodiscard]] inline std::optional<std::uint64_t> number_at_front(std::string_view text) {
    std::uint64_t number = 0;
    const auto error = std::from_chars(text.data(), text.data() + text.size(), number).ec;
    return error == std::errc() ? std::optional(number) : std::nullopt;
}

/// The memory of a node, as told below /sys or another root.
[[nodiscard]] inline std::optional<std::uint64_t> memory_of_node(
    const std::string& root, unsigned node) {
    std::string path = root;
    path.append("/devices/system/node/node").append(std::to_string(node)).append("/meminfo");
    const std::string text = small_file(path).value_or("");
    constexpr std::string_view label = "MemTotal:";
    std::size_t at = text.find(label);
    if (at == std::string::npos) return std::nullopt;
    at = std::min(text.find_first_not_of(' ', at + label.size()), text.size());
    const auto kib = number_at_front(std::string_view(text).substr(at));
    return kib ? std::optional(*kib * 1024) : std::nullopt;
}

}  // namespace lfq::inline LFQ_ABI::sys
