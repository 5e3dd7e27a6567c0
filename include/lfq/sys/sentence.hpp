// SPDX-License-Identifier: MIT
// lfq/sys/sentence.hpp — what was wrong or what there is, in words.
// Room: sys (floor 1). Reads: base.
#pragma once

#include <lfq/base/config.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <initializer_list>
#include <string>
#include <string_view>

namespace lfq::inline LFQ_ABI::sys {

/// The parts, one behind the other.
[[nodiscard]] inline std::string sentence(std::initializer_list<std::string_view> parts) {
    std::string whole;
    for (const std::string_view part : parts) whole.append(part);
    return whole;
}

/// "1 cpu", "2 cpus".
[[nodiscard]] inline std::string counted(std::size_t count, std::string_view noun) {
    return sentence({std::to_string(count), " ", noun, count == 1 ? "" : "s"});
}

/// "512 KiB", "32 MiB", "251.6 GiB".
[[nodiscard]] inline std::string size_in_words(std::uint64_t bytes) {
    constexpr std::uint64_t kib = 1024;
    if (bytes < kib) return sentence({std::to_string(bytes), " B"});
    if (bytes < kib * kib) return sentence({std::to_string(bytes / kib), " KiB"});
    if (bytes < kib * kib * kib) return sentence({std::to_string(bytes / (kib * kib)), " MiB"});
    char words[32];
    std::snprintf(words, sizeof words, "%.1f GiB", static_cast<double>(bytes) / (kib * kib * kib));
    return words;
}

}  // namespace lfq::inline LFQ_ABI::sys
