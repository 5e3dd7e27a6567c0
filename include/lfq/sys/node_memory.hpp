// SPDX-License-Identifier: MIT
// lfq/sys/node_memory.hpp — memory on one node, and what the kernel says about where pages are.
// Room: sys (floor 1). Reads: base.
#pragma once

#include <lfq/base/config.hpp>
#include <lfq/base/set_up.hpp>
#include <lfq/sys/mapped_pages.hpp>
#include <lfq/sys/number_list.hpp>
#include <lfq/sys/sentence.hpp>
#include <lfq/sys/small_file.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <system_error>
#include <vector>

#include <linux/mempolicy.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace lfq::inline LFQ_ABI::sys {

/// The most nodes that are handled here: as many as the kernel can be built for.
inline constexpr unsigned nodes_max = 1024;

/// A set of nodes as the kernel takes it.
class node_mask {
public:
    node_mask() = default;
    explicit node_mask(unsigned node) { words_[node / bits] = 1UL << node % bits; }

    [[nodiscard]] unsigned long* words() noexcept { return words_.data(); }
    [[nodiscard]] const unsigned long* words() const noexcept { return words_.data(); }
    /// Ascending.
    [[nodiscard]] std::vector<unsigned> nodes() const;

private:
    static constexpr unsigned bits = sizeof(unsigned long) * CHAR_BIT;

    std::array<unsigned long, nodes_max / bits> words_{};
};

inline std::vector<unsigned> node_mask::nodes() const {
    std::vector<unsigned> all;
    for (unsigned node = 0; node < nodes_max; ++node) {
        if ((words_[node / bits] >> node % bits & 1) != 0) all.push_back(node);
    }
    return all;
}

/// The calls of memory on a node. Tests put their own in their place.
struct memory_calls {
    static long sysconf(int name) noexcept { return ::sysconf(name); }
    static void* mmap(std::size_t bytes) noexcept {
        return ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    }
    static int munmap(void* at, std::size_t bytes) noexcept { return ::munmap(at, bytes); }
    /// Pages of this mapping come from the node as long as it has some.
    static long mbind(void* at, std::size_t bytes, const node_mask& node) noexcept {
        return ::syscall(SYS_mbind, at, bytes, MPOL_PREFERRED, node.words(), nodes_max + 1, 0);
    }
    /// The nodes whose memory this process may use.
    static long get_mempolicy(node_mask& nodes) noexcept {
        return ::syscall(
            SYS_get_mempolicy, nullptr, nodes.words(), nodes_max, nullptr, MPOL_F_MEMS_ALLOWED);
    }
    /// Moves nothing: asks for the node of each page, or an error as a negative number.
    static long move_pages(std::size_t count, void** pages, int* nodes) noexcept {
        return ::syscall(SYS_move_pages, 0, count, pages, nullptr, nodes, 0);
    }
};

/// The nodes whose memory this process may use, ascending; node 0 where the kernel knows of none.
template <class Calls = memory_calls>
[[nodiscard]] std::vector<unsigned> memory_nodes() {
    node_mask mask;
    if (Calls::get_mempolicy(mask) == 0) return mask.nodes();
    // Some containers forbid the call; the files tell which nodes there are at least.
    const std::string online = small_file("/sys/devices/system/node/online").value_or("");
    const std::vector<unsigned> listed = numbers_from(online).value_or(std::vector<unsigned>());
    return listed.empty() ? std::vector<unsigned>{0} : listed;
}

/// What the kernel says about where pages are.
struct told_node {
    std::optional<unsigned> node = std::nullopt;  // where all of them are
    int error = 0;  // why it does not say; 0 where they are on several nodes, or not yet had

    [[nodiscard]] std::string text() const {
        if (node) return sentence({"on node ", std::to_string(*node)});
        if (error == 0) return "not on one node";
        return sentence({"the kernel does not say where: ", std::system_category().message(error)});
    }
};

/// Asks where the pages of a piece of memory are now. They move when the system moves them.
template <class Calls = memory_calls>
[[nodiscard]] told_node node_of_pages(
    const void* data, std::size_t bytes, std::size_t page_bytes) noexcept {
    constexpr std::size_t at_once = 128;
    std::array<void*, at_once> pages{};
    std::array<int, at_once> nodes{};
    auto* const first = static_cast<std::byte*>(const_cast<void*>(data));
    told_node told;
    for (std::size_t at = 0; at < bytes;) {
        std::size_t count = 0;
        for (; count < at_once && at < bytes; ++count, at += page_bytes) pages[count] = first + at;
        if (Calls::move_pages(count, pages.data(), nodes.data()) != 0) return {{}, errno};
        for (std::size_t i = 0; i < count; ++i) {
            if (nodes[i] < 0) return {{}, nodes[i] == -ENOENT ? 0 : -nodes[i]};
            const auto node = static_cast<unsigned>(nodes[i]);
            if (told.node.value_or(node) != node) return {};
            told.node = node;
        }
    }
    return told;
}

/// Zeroed memory on one node, had at once, given back on destruction; moves, does not copy. Throws
/// std::length_error for sizes that cannot be, or that the node's memory could not hold;
/// std::system_error where there is no such node, where it had no memory left, or with the call
/// that failed. Where a container forbids to choose or to ask, the kernel chooses: told() says so.
template <class Calls>
class basic_node_mapping {
public:
    [[nodiscard]] static basic_node_mapping on(unsigned node, std::size_t bytes);

    [[nodiscard]] void* data() const noexcept { return pages_.data(); }
    [[nodiscard]] std::size_t bytes() const noexcept { return pages_.bytes(); }
    [[nodiscard]] std::size_t page_bytes() const noexcept { return pages_.page_bytes(); }
    /// Where the pages are now: asks the kernel each time.
    [[nodiscard]] told_node told() const noexcept {
        return node_of_pages<Calls>(data(), bytes(), page_bytes());
    }

private:
    basic_node_mapping(void* data, std::size_t bytes, std::size_t page_bytes) noexcept
        : pages_(data, bytes, page_bytes) {}

    static void check_node(unsigned node);
    static void check_size(unsigned node, std::size_t bytes);
    [[nodiscard]] static std::uint64_t memory_there(unsigned node);
    [[nodiscard]] bool bind(unsigned node);
    void touch() noexcept;

    mapped_pages<Calls> pages_;
};

using node_mapping = basic_node_mapping<memory_calls>;

template <class Calls>
auto basic_node_mapping<Calls>::on(unsigned node, std::size_t bytes) -> basic_node_mapping {
    check_node(node);
    check_size(node, bytes);
    const long page = Calls::sysconf(_SC_PAGESIZE);
    if (page <= 0) refuse_call(errno, "sysconf");
    const auto page_bytes = static_cast<std::size_t>(page);
    const std::size_t whole = (bytes + page_bytes - 1) / page_bytes * page_bytes;
    void* const data = Calls::mmap(whole);
    if (data == MAP_FAILED) refuse_call(errno, "mmap");
    basic_node_mapping mapping(data, whole, page_bytes);  // gives back what a failure leaves
    const bool bound = mapping.bind(node);
    mapping.touch();
    if (!bound) return mapping;
    const told_node told = mapping.told();
    // The kernel takes pages from elsewhere rather than none, so that nobody is killed for them.
    if (told.node.value_or(node) != node || (!told.node && told.error == 0)) {
        const std::string said = sentence({"lfq: node ", std::to_string(node), " has no ",
            size_in_words(whole), " left; the memory is ", told.text()});
        refuse_call(ENOMEM, said.c_str());
    }
    return mapping;
}

template <class Calls>
void basic_node_mapping<Calls>::check_node(unsigned node) {
    const std::vector<unsigned> nodes = memory_nodes<Calls>();
    if (node < nodes_max && std::binary_search(nodes.begin(), nodes.end(), node)) return;
    const std::string said = sentence({"lfq: there is no memory on node ", std::to_string(node),
        " for this process; there is on ", number_list(nodes)});
    refuse_call(EINVAL, said.c_str());
}

// Had at once, pages beyond what there is would end the process.
template <class Calls>
void basic_node_mapping<Calls>::check_size(unsigned node, std::size_t bytes) {
    constexpr std::size_t most = static_cast<std::size_t>(PTRDIFF_MAX) / 2;
    if (bytes == 0 || bytes > most)
        refuse_length("lfq: memory on a node has at least 1 byte, and at most what can be mapped");
    const std::uint64_t there = memory_there(node);
    if (bytes <= there) return;
    const std::string said = sentence({"lfq: ", size_in_words(bytes), " do not fit on node ",
        std::to_string(node), ", which has ", size_in_words(there)});
    refuse_length(said.c_str());
}

template <class Calls>
std::uint64_t basic_node_mapping<Calls>::memory_there(unsigned node) {
    if (const std::optional<std::uint64_t> told = memory_of_node("/sys", node)) return *told;
    // No file tells, as where /sys is not mounted: it is no more than the machine has.
    const long pages = Calls::sysconf(_SC_PHYS_PAGES);
    const long page = Calls::sysconf(_SC_PAGESIZE);
    if (pages <= 0 || page <= 0) return UINT64_MAX;
    return static_cast<std::uint64_t>(pages) * static_cast<std::uint64_t>(page);
}

// False where a container forbids it, or the kernel has no nodes: told() will tell what came.
template <class Calls>
bool basic_node_mapping<Calls>::bind(unsigned node) {
    if (Calls::mbind(data(), bytes(), node_mask(node)) == 0) return true;
    if (errno != EPERM && errno != ENOSYS) refuse_call(errno, "mbind");
    return false;
}

// A write of what is there already: the compiler does not know that the kernel zeroed it.
template <class Calls>
void basic_node_mapping<Calls>::touch() noexcept {
    auto* const first = static_cast<std::byte*>(data());
    for (std::size_t at = 0; at < bytes(); at += page_bytes()) first[at] = std::byte{0};
}

}  // namespace lfq::inline LFQ_ABI::sys
