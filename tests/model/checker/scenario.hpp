// SPDX-License-Identifier: MIT
// tests/model/checker/scenario.hpp — a small program that is run in every way there is.
#pragma once

#include "execution.hpp"

#include <vector>

namespace model {

/// A scenario builds its objects, calls execution::run() once with its threads, and checks what is
/// left. It must be deterministic but for what the checker decides, keep what owns memory outside
/// of the threads, and call nothing that waits except through the environment.
///
///     const scenario two_values("spsc_ring/two_values/capacity_1", {}, [](execution& here) {
///         ring_of<tracked, 1> ring;
///         here.run(thread{"producer", [&] { check(ring.push(1), "room"); }},
///             thread{"consumer", [&] { tracked out; check(ring.pop(out), "a value"); }});
///     });
struct scenario {
    using body = void (*)(execution&);

    /// `deep` ones run only when asked for.
    enum class effort : std::uint8_t { always, deep };

    scenario(const char* its_name, options how_to_search, body what_to_do,
        effort how_often = effort::always)
        : name(its_name), how(std::move(how_to_search)), run(what_to_do), when(how_often) {
        all().push_back(this);
    }
    scenario(const scenario&) = delete;
    scenario& operator=(const scenario&) = delete;

    static std::vector<const scenario*>& all() {
        static std::vector<const scenario*> list;
        return list;
    }

    const char* name;
    options how;
    body run;
    effort when;
};

}  // namespace model
