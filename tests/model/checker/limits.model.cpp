// SPDX-License-Identifier: MIT
// Goal: what the checker cannot hold ends in a sentence that names the limit and what to do.
// Method: a small program at each limit.
// Cannot show: that the limits suffice; the scenarios show that.
#include "checker/programs.hpp"

#include "support/catch.hpp"

#include <memory>
#include <string>
#include <vector>

namespace {

using namespace model;

template <class Scenario>
void hits_a_limit(const std::string& words, Scenario scenario) {
    const execution::result found = checker().explore({}, scenario);
    CHECK(std::string(name_of(found.why.found)) == "limit");
    INFO(found.why.text);
    CHECK(found.why.text.find(words) != std::string::npos);
    CHECK_FALSE(found.complete);
}

}  // namespace

TEST_CASE("each_limit_is_named_with_what_to_do") {
    hits_a_limit(
        "more than 64 atomics in one execution: make the scenario smaller", [](execution&) {
            std::vector<std::unique_ptr<atomic<int>>> all;
            for (int i = 0; i < 65; ++i) all.push_back(std::make_unique<atomic<int>>(0));
        });
    hits_a_limit("more than 250 stores to one location in one execution: make the scenario smaller",
        [](execution& here) {
            atomic<int> x{0};
            here.run(thread{"one",
                         [&] {
                             for (int i = 0; i < 300; ++i) x.store(i, relaxed);
                         }},
                thread{"two", [&] { x.store(1, relaxed); }});
        });
    hits_a_limit("more than 250 stores to one location", [](execution& here) {
        atomic<int> nobody_else_looks{0};
        here.run(thread{"one", [&] {
                            for (int i = 0; i < 300; ++i) nobody_else_looks.store(i, relaxed);
                        }});
    });
    hits_a_limit("align what the scenario copies", [](execution&) {
        alignas(8) static std::array<char, 8> bytes;
        env::touch_write(bytes.data() + 4, 4);
    });
    hits_a_limit("align what the scenario copies", [](execution&) {
        alignas(8) static std::array<char, 8> bytes;
        env::touch_write(bytes.data(), 4);
    });
    hits_a_limit(
        "more than 4096 words in one execution; make the scenario smaller", [](execution&) {
            alignas(8) static std::array<char, std::size_t{8} * 5000> bytes;
            env::touch_write(bytes.data(), bytes.size());
        });
}

TEST_CASE("a_loop_that_does_not_pause_ends_at_a_limit") {
    hits_a_limit("does not call Env::pause()", [](execution& here) {
        atomic<int> x{0};
        here.run(thread{"spins",
                     [&] {
                         while (x.load(relaxed) == 0) {
                         }
                     }},
            thread{"writes", [&] { x.store(1, relaxed); }});
    });
    hits_a_limit("does not call Env::pause()", [](execution& here) {
        atomic<int> nobody_writes{0};
        here.run(thread{"spins", [&] {
                            while (nobody_writes.load(relaxed) == 0) {
                            }
                        }});
    });
    hits_a_limit("pause()", [](execution& here) {
        here.run(thread{"pauses and never looks", [&] {
                            for (;;) env::pause();
                        }});
    });
    hits_a_limit("let its loops look by loads", [](execution& here) {
        atomic<int> rounds{0};
        atomic<int> never{0};
        here.run(thread{"counts for ever",
                     [&] {
                         while (never.load(relaxed) == 0) {
                             rounds.fetch_add(1, relaxed);
                             env::pause();
                         }
                     }},
            thread{"looks", [&] { (void)(rounds.load(relaxed) + never.load(relaxed)); }});
    });
    hits_a_limit("does not call Env::pause()", [](execution& here) {
        plain<int> flag{0};
        here.run(thread{"looks at no atomic", [&] {
                            while (flag.get() == 0) {
                            }
                        }});
    });
}
