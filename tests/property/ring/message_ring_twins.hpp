// SPDX-License-Identifier: MIT
// A message_ring and a queue of vectors, driven side by side by the same dice; after every verb all
// that can be seen is compared.
#pragma once

#include "property/ring/message_model.hpp"
#include "property/ring/verb_transcript.hpp"

#include <span>
#include <string>

namespace ring_twins {

/// Not copied, not moved: it lives as long as one game.
template <class Ring>
class message_twins {
public:
    message_twins(Ring& ring, dice& random) : ring_(ring), random_(random) {}

    void step() {
        switch (random_.from_to(0, 13)) {
            case 0:
            case 1: writer_.try_push(closed_); break;
            case 2: writer_.push_in_time(closed_); break;
            case 3:
            case 4: writer_.open_claim(closed_); break;
            case 5: writer_.finish_claim(); break;
            case 6: writer_.push_too_long(); break;
            case 7: reader_.try_pop(); break;
            case 8: reader_.pop_in_time(closed_); break;
            case 9: reader_.peek_one(); break;
            case 10: reader_.peek_and_consume(); break;
            case 11: reader_.drain(); break;
            case 12: reader_.drain_that_throws(); break;
            default:
                if (random_.one_in(40)) close();
        }
        compare();
    }

    // Finishes what is open and takes the rest out.
    void end() {
        writer_.finish_claim();
        close();
        note("end");
        bytes out(ring_.message_bytes_max());
        for (lfq::popped_message got; (got = ring_.pop(out));) {
            agree(!model_.queue().empty() &&
                    same(std::span(out).first(got.bytes), model_.queue().front()),
                "rest");
            model_.take(1);
        }
        agree(model_.queue().empty(), "messages are left");
        agree(ring_.drained(), "drained");
        compare();
    }

private:
    void note(const std::string& verb) { transcript_.note(verb); }
    void agree(bool equal, const std::string& what) { transcript_.agree(equal, what); }

    void close() {
        if (writer_.claiming()) return;
        note("close");
        ring_.close();
        closed_ = true;
    }

    void compare() {
        agree(ring_.size_approx() == model_.used(), "size_approx");
        agree(ring_.empty_approx() == model_.queue().empty(), "empty_approx");
        agree(ring_.closed() == closed_, "closed");
        agree(ring_.drained() == (closed_ && model_.queue().empty()), "drained");
        agree_on(transcript_, ring_.statistics(), model_.counts(), ring_.capacity());
    }

    Ring& ring_;
    dice& random_;
    message_model model_{ring_.capacity()};
    bool closed_ = false;
    verb_transcript transcript_{ring_.capacity(), false};
    message_writings<Ring> writer_{ring_, model_, random_, transcript_};
    message_readings<Ring> reader_{ring_, model_, random_, transcript_};
};

}  // namespace ring_twins
