// SPDX-License-Identifier: MIT
// Threads around the core without sockets: producers, and one taker that stands for a network
// thread; with tiny rings and slabs.
#pragma once

#include "broker/core/exchange.hpp"
#include "broker/core/topic_hash.hpp"

#include <cstdint>
#include <cstring>
#include <map>
#include <string>
#include <thread>

namespace broker::crowd {

using namespace core;  // what these threads are around

inline constexpr std::uint32_t producers = 2;
inline constexpr std::uint64_t each_sends = 15'000;
inline constexpr std::uint64_t seed = 42;

inline options tiny() {
    options o;
    o.ingest_capacity = 64;
    o.worker_capacity = 8;
    o.slab_bytes = 1024;
    o.slab_count = 16;
    return o;
}

/// What went to nobody, and what was lost.
struct losses {
    std::uint64_t filtered = 0;
    std::uint64_t dropped = 0;
};
inline losses losses_of(const exchange& shared) {
    losses all;
    for (const probe& each : shared.probes) {
        all.filtered += each.filtered.read();
        for (const counter& reason : each.dropped) all.dropped += reason.read();
    }
    return all;
}

struct sending {
    unsigned times = 1;  // each event
    unsigned priorities = 1;  // in turn
};

/// Sends numbered events on a topic of its own, and waits as a network thread does: never for long.
inline void produce(exchange& shared, std::uint32_t me, const sending& how = {}) {
    const std::string topic = "t/" + std::to_string(me);
    const std::uint64_t hash = mark_topic(topic, seed).hash;
    constexpr std::uint32_t own = 1U << 20;
    const std::size_t event_bytes = topic.size() + sizeof(std::uint64_t);
    for (std::uint64_t number = 0; number < each_sends;) {
        slab* const block = shared.slabs.home(0).take(own);
        if (block == nullptr) {
            std::this_thread::yield();
            continue;
        }
        std::uint32_t handed = 0;
        for (std::size_t at = 0;
             at + event_bytes <= shared.slabs.slab_bytes() && number < each_sends;
             at += event_bytes, ++number) {
            std::memcpy(block->bytes + at, topic.data(), topic.size());
            std::memcpy(block->bytes + at + topic.size(), &number, sizeof number);
            event one;
            one.block = block;
            one.topic_hash = hash;
            one.offset = static_cast<std::uint32_t>(at);
            one.payload_bytes = sizeof number;
            one.topic_bytes = static_cast<std::uint16_t>(topic.size());
            one.priority = static_cast<std::uint8_t>(number % how.priorities);
            for (unsigned i = 0; i < how.times; ++i, ++handed) {
                static_cast<void>(shared.ingest.push(one));
            }
        }
        block->drop_references(own - handed);
    }
}

/// What the one taker of all subscribers saw.
struct taker {
    exchange& shared;
    unsigned priorities = 1;
    std::map<subscriber*, std::map<std::string, std::uint64_t>> next{};  // per topic and priority
    std::uint64_t deliveries = 0;
    std::uint64_t events = 0;
    std::uint64_t disordered = 0;
    std::uint64_t left = 0;

    void take(subscriber& from) {
        from.begin_taking();
        reference_drops drops;
        from.deliveries.drain([&](delivery& one) {
            const char* const text = reinterpret_cast<const char*>(one.block->bytes + one.offset);
            std::uint64_t number = 0;
            std::memcpy(&number, text + one.topic_bytes, sizeof number);
            std::string which(text, one.topic_bytes);
            if (priorities > 1) which += "/" + std::to_string(one.priority);
            std::uint64_t& wanted = next[&from][which];
            // A subscription begins anywhere, and goes on without a gap.
            if (wanted != 0 && number != wanted) ++disordered;
            wanted = number + priorities;
            ++deliveries;
            events += shared.tallies.delivered(one.how) ? 1U : 0U;
            from.count_settled(wire_bytes(one));
            drops.add(one.block);
        });
    }

    void run(port& mine) {
        bool finished = false;
        for (notice one; !finished && mine.notices.pop(one);) {
            if (one.what == notice::kind::deliveries) take(*one.who);
            if (one.what == notice::kind::left) {
                take(*one.who);
                next.erase(one.who);
                ++left;
            }
            finished = one.what == notice::kind::finish;
        }
    }
};

inline void order(exchange& shared, command::verb what, subscriber& who, std::uint32_t sid,
    const std::string& filter) {
    event wrapped;
    wrapped.order = new command{what, sid, &who, filter};
    static_cast<void>(shared.ingest.push(wrapped));
}

}  // namespace broker::crowd
