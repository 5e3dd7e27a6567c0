// SPDX-License-Identifier: MIT
#include "broker/core/processor_thread.hpp"

#include <chrono>
#include <cstdint>

namespace broker::core {

processor_thread::processor_thread(
    exchange& shared, std::size_t index, const processing_rules& rules)
    : events_(*shared.processings[index]),
      out_(shared, 1 + static_cast<std::uint32_t>(index), shared.processor_probe(index)),
      inside_(shared, out_) {
    for (std::size_t i = 0; i < rules.others.size(); ++i) {
        const processor_rule& each = rules.others[i];
        if (each.kind != shared.plan.apart[index]) continue;
        inside_.add(static_cast<std::uint8_t>(i + 1), *each.through);
    }
}

void processor_thread::run() {
    for (event first; !events_.drained();) {
        if (wait_for(first)) take({&first, 1});
        while (pass() != 0) {
        }
        inside_.expire();
        out_.publish_all();
    }
    inside_.flush();
    out_.close();
}

/// False: the ring is at its end, or something that is held is due.
bool processor_thread::wait_for(event& first) {
    const std::int64_t wait_ns = inside_.wait_ns();
    if (wait_ns == processor::never_ns) return events_.pop(first);
    return events_.pop_for(first, std::chrono::nanoseconds(wait_ns));
}

std::size_t processor_thread::pass() {
    const std::size_t count = events_.try_pop_n(batch_);
    if (count == 0) return 0;
    take({batch_.data(), count});
    inside_.expire();
    out_.publish_all();
    return count;
}

void processor_thread::take(std::span<event> batch) {
    for (std::size_t at = 0; at != batch.size();) {
        std::size_t end = at;
        while (end != batch.size() && batch[end].block != nullptr) ++end;
        inside_.take(batch.subspan(at, end - at));
        at = end;
        if (at == batch.size()) break;
        inside_.flush();  // what is held points into routes that go when the marker has passed
        out_.send_marker(batch[at].retired);
        ++at;
    }
}

}  // namespace broker::core
