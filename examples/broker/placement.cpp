// SPDX-License-Identifier: MIT
#include "broker/placement.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace broker {

namespace {

/// Up to this many cpus one network thread and one core thread do everything, and nothing spins.
constexpr std::size_t few_cpus = 4;
constexpr std::uint32_t threads_of_a_kind_max = 8;  // beyond it nothing was measured

}  // namespace

core::thread_plan plan_for(const config& settings, std::size_t cpus) {
    const bool few = cpus <= few_cpus;
    const auto quarter =
        static_cast<std::uint32_t>(std::clamp<std::size_t>(cpus / 4, 1, threads_of_a_kind_max));
    const auto served = static_cast<std::uint32_t>(std::min<std::size_t>(
        threads_of_a_kind_max, settings.core.slab_count / net::slabs_per_thread_min));
    core::thread_plan plan;
    plan.net_threads = settings.net.threads != 0 ? settings.net.threads : std::min(quarter, served);
    plan.fused = settings.core.workers == 0 && few;
    plan.workers = settings.core.workers != 0 ? settings.core.workers : quarter;
    const std::size_t threads = plan.net_threads + 1U + (plan.fused ? 0U : plan.workers);
    if (!few && threads < cpus) plan.spin = std::chrono::microseconds(10);
    return plan;
}

std::optional<unsigned> cpu_for(
    const core::thread_plan& plan, std::span<const unsigned> cpus, std::size_t thread) {
    if (plan.spin.count() == 0) return std::nullopt;
    return cpus[thread];
}

std::string thread_map(
    const core::thread_plan& plan, std::span<const unsigned> cpus, const map_facts& facts) {
    std::size_t next = 0;
    const auto place = [&] {
        const std::optional<unsigned> on = cpu_for(plan, cpus, next++);
        return on ? ", cpu " + std::to_string(*on) : std::string();
    };
    std::string map = std::to_string(cpus.size()) + (cpus.size() == 1 ? " cpu: " : " cpus: ") +
        (plan.spin.count() == 0 ? "not pinned, nothing spins" : "pinned") + "\n";
    map += plan.fused ? "  core: dispatcher and its only worker (fused)" : "  core: dispatcher";
    map += place() + "\n";
    for (std::uint32_t i = 0; i < plan.workers && !plan.fused; ++i) {
        map += "  worker-" + std::to_string(i) + ": subscribers " + std::to_string(i) + " of " +
            std::to_string(plan.workers) + place() + "\n";
    }
    for (std::uint32_t i = 0; i < plan.net_threads; ++i) {
        map += "  net-" + std::to_string(i) + ": TCP " + facts.tcp;
        if (i == 0) map += ", UDP " + facts.udp;
        map += place() + "\n";
    }
    return map + "  control: signals, states; sleeps " + std::to_string(facts.tick_ms) +
        " ms between ticks";
}

}  // namespace broker
