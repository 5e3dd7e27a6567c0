// SPDX-License-Identifier: MIT
// lfq/sys/facts_from_hwloc.hpp — what hwloc tells about cpus, nodes and caches, of any machine.
// Room: sys (floor 1). Reads: base.
#pragma once

#include <lfq/base/config.hpp>
#include <lfq/base/set_up.hpp>
#include <lfq/sys/facts_from_linux.hpp>
#include <lfq/sys/machine_facts.hpp>
#include <lfq/sys/sentence.hpp>

#include <cerrno>
#include <climits>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#if LFQ_HAS_HWLOC
#include <hwloc.h>
#if HWLOC_API_VERSION < 0x00020000
#error "lfq::numa needs hwloc 2 or newer"
#endif
#endif

namespace lfq::inline LFQ_ABI::sys {

#if LFQ_HAS_HWLOC

/// A topology of hwloc, for as long as it takes to copy what is in it.
class hwloc_reader {
public:
    /// Of this machine, or of the one that hwloc's environment variables name.
    [[nodiscard]] static hwloc_reader of_this_machine();
    /// "pack:2 core:64 pu:2"; throws std::system_error.
    [[nodiscard]] static hwloc_reader from_synthetic(const std::string& description);
    /// What `lstopo --of xml` prints; throws std::system_error.
    [[nodiscard]] static hwloc_reader from_xml(const std::string& text);

    [[nodiscard]] machine_facts facts() const;
    /// Whether the cpus are those that threads here run on.
    [[nodiscard]] bool is_this_machine() const {
        return ::hwloc_topology_is_thissystem(topology_.get()) != 0;
    }

private:
    struct destroy {
        void operator()(hwloc_topology_t topology) const noexcept {
            ::hwloc_topology_destroy(topology);
        }
    };

    hwloc_reader() {
        hwloc_topology_t made = nullptr;
        if (::hwloc_topology_init(&made) != 0) refuse_call(errno, "hwloc_topology_init");
        topology_.reset(made);
    }
    [[nodiscard]] bool load() const { return ::hwloc_topology_load(topology_.get()) == 0; }

    [[nodiscard]] static std::vector<unsigned> numbers(hwloc_const_bitmap_t set);
    [[nodiscard]] unsigned above(hwloc_obj_t object, hwloc_obj_type_t type) const;
    [[nodiscard]] std::optional<unsigned> l3_of(hwloc_obj_t pu) const;
    [[nodiscard]] unsigned speed_of(hwloc_obj_t pu) const;

    std::unique_ptr<hwloc_topology, destroy> topology_;
};

inline hwloc_reader hwloc_reader::of_this_machine() {
    hwloc_reader reader;
    if (!reader.load()) refuse_call(errno, "hwloc_topology_load");
    return reader;
}

inline hwloc_reader hwloc_reader::from_synthetic(const std::string& description) {
    hwloc_reader reader;
    if (::hwloc_topology_set_synthetic(reader.topology_.get(), description.c_str()) != 0 ||
        !reader.load()) {
        const std::string said =
            sentence({"lfq: hwloc understands no machine in '", description, "'"});
        refuse_call(errno == 0 ? EINVAL : errno, said.c_str());
    }
    return reader;
}

inline hwloc_reader hwloc_reader::from_xml(const std::string& text) {
    hwloc_reader reader;
    if (text.size() >= INT_MAX ||
        ::hwloc_topology_set_xmlbuffer(
            reader.topology_.get(), text.c_str(), static_cast<int>(text.size() + 1)) != 0 ||
        !reader.load()) {
        refuse_call(
            errno == 0 ? EINVAL : errno, "lfq: this XML holds no topology that hwloc reads");
    }
    return reader;
}

inline machine_facts hwloc_reader::facts() const {
    machine_facts facts;
    const hwloc_topology_t all = topology_.get();
    facts.source = is_this_machine() ? "hwloc" : "hwloc, not of this machine";
    for (hwloc_obj_t pu = nullptr;
         (pu = ::hwloc_get_next_obj_by_type(all, HWLOC_OBJ_PU, pu)) != nullptr;) {
        // The first of its nodes; one whose memory is forbidden is in the complete set only.
        const int local = ::hwloc_bitmap_first(pu->nodeset);
        const int any = local >= 0 ? local : ::hwloc_bitmap_first(pu->complete_nodeset);
        facts.cpus.push_back({.os = pu->os_index,
            .core = above(pu, HWLOC_OBJ_CORE),
            .package = above(pu, HWLOC_OBJ_PACKAGE),
            .node = any < 0 ? 0 : static_cast<unsigned>(any),
            .l3 = l3_of(pu),
            .speed = speed_of(pu)});
    }
    for (hwloc_obj_t node = nullptr;
         (node = ::hwloc_get_next_obj_by_type(all, HWLOC_OBJ_NUMANODE, node)) != nullptr;) {
        node_facts told{.os = node->os_index};
        const std::uint64_t bytes = node->attr->numanode.local_memory;
        if (bytes != 0) told.memory_bytes = bytes;
        facts.nodes.push_back(told);
    }
    for (const hwloc_obj_type_t type :
        {HWLOC_OBJ_L1CACHE, HWLOC_OBJ_L2CACHE, HWLOC_OBJ_L3CACHE, HWLOC_OBJ_L4CACHE}) {
        for (hwloc_obj_t cache = nullptr;
             (cache = ::hwloc_get_next_obj_by_type(all, type, cache)) != nullptr;) {
            facts.caches.push_back({.level = cache->attr->cache.depth,
                .bytes = cache->attr->cache.size,
                .line_bytes = cache->attr->cache.linesize,
                .cpus = numbers(cache->cpuset)});
        }
    }
    return facts;
}

inline std::vector<unsigned> hwloc_reader::numbers(hwloc_const_bitmap_t set) {
    std::vector<unsigned> all;
    for (int each = -1; (each = ::hwloc_bitmap_next(set, each)) >= 0;)
        all.push_back(static_cast<unsigned>(each));
    return all;
}

// A machine that tells of no cores has one for each cpu; one without packages is one.
inline unsigned hwloc_reader::above(hwloc_obj_t object, hwloc_obj_type_t type) const {
    const hwloc_obj_t found = ::hwloc_get_ancestor_obj_by_type(topology_.get(), type, object);
    if (found != nullptr) return found->logical_index;
    return type == HWLOC_OBJ_CORE ? object->logical_index : 0;
}

inline std::optional<unsigned> hwloc_reader::l3_of(hwloc_obj_t pu) const {
    const hwloc_obj_t found =
        ::hwloc_get_ancestor_obj_by_type(topology_.get(), HWLOC_OBJ_L3CACHE, pu);
    return found == nullptr ? std::nullopt : std::optional(found->logical_index);
}

inline unsigned hwloc_reader::speed_of(hwloc_obj_t pu) const {
#if HWLOC_API_VERSION >= 0x00020400
    const int kind = ::hwloc_cpukinds_get_by_cpuset(topology_.get(), pu->cpuset, 0);
    int efficiency = -1;
    if (kind >= 0 &&
        ::hwloc_cpukinds_get_info(topology_.get(), static_cast<unsigned>(kind), nullptr,
            &efficiency, nullptr, nullptr, 0) == 0 &&
        efficiency > 0)
        return static_cast<unsigned>(efficiency);
#else
    static_cast<void>(pu);
#endif
    return 0;
}

#endif  // LFQ_HAS_HWLOC

inline namespace LFQ_TOPOLOGY_ABI {

/// This machine, whatever the calling thread may use of it; and whether it is this one: hwloc's
/// environment variables may name another.
struct told_facts {
    machine_facts facts;
    bool of_this_machine = true;
};
[[nodiscard]] inline told_facts facts_of_this_machine() {
#if LFQ_HAS_HWLOC
    const hwloc_reader reader = hwloc_reader::of_this_machine();
    return {reader.facts(), reader.is_this_machine()};
#else
    return {linux_files("/sys").facts()};
#endif
}

/// As hwloc describes machines; throws std::system_error, without hwloc always.
[[nodiscard]] inline machine_facts facts_from_synthetic(const std::string& description) {
#if LFQ_HAS_HWLOC
    return hwloc_reader::from_synthetic(description).facts();
#else
    static_cast<void>(description);
    refuse_call(ENOTSUP, "lfq: a synthetic topology needs hwloc; link lfq::numa");
#endif
}

/// As hwloc writes machines down; throws std::system_error, without hwloc always.
[[nodiscard]] inline machine_facts facts_from_xml(const std::string& text) {
#if LFQ_HAS_HWLOC
    return hwloc_reader::from_xml(text).facts();
#else
    static_cast<void>(text);
    refuse_call(ENOTSUP, "lfq: a topology in XML needs hwloc; link lfq::numa");
#endif
}

}  // namespace LFQ_TOPOLOGY_ABI

}  // namespace lfq::inline LFQ_ABI::sys
