// SPDX-License-Identifier: MIT
// tests/model/checker/execution.hpp — runs the threads of a scenario, one operation at a time, in
// the order that the search decides, and keeps what happened.
//
// The threads are fibers of one OS thread. Before every operation on a location that more than one
// thread touches, point() asks the search who goes on. Which locations those are is learned while
// searching: when a second thread touches one for the first time, the search begins anew.
//
// Waiting is never a loop here. pause() lets the thread rest until one of the locations that it has
// looked at since its last pause holds something newer than what it read there; a round of a
// waiting loop that read nothing new, and stored nothing new where others can see it, is dropped,
// as the thread might as well have rested. (A look is a load or a read-modify-write; one that left
// the value as it was is no news to others.) A sleep on a futex or an eventfd lasts until the call
// that ends it, until it ends by itself, or until time passes. If every thread rests, those go on
// that changed themselves what they had looked at; then time passes for one that waits for it. If
// there is none, the scenario is stuck: a deadlock, or a wake-up that was lost.
#pragma once

#include "failure.hpp"
#include "fiber.hpp"
#include "memory.hpp"
#include "operation.hpp"
#include "plain_memory.hpp"
#include "search.hpp"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace model {

class execution {
public:
    /// The one that runs.
    [[nodiscard]] static execution& here() noexcept { return *here_; }

    execution();
    ~execution() = default;
    execution(const execution&) = delete;
    execution& operator=(const execution&) = delete;

    // For scenarios.

    /// Runs these threads to their ends.
    template <class... Bodies>
    void run(thread<Bodies>... threads) {
        static_assert(sizeof...(Bodies) < threads_max, "at most 5 threads in a scenario");
        count_ = 1;
        (add(threads.name, threads.mortal, threads.body), ...);
        run_all();
    }

    /// Ends the execution: the program is wrong. Never returns.
    [[noreturn]] void fail(verdict found, std::string text);
    [[nodiscard]] bool died(int thread) const noexcept { return threads_[index(thread)].dead; }
    /// How often nothing else could happen but that time passed. With options::timeouts = 0, a
    /// wake-up that a deadline makes up for shows here.
    [[nodiscard]] int time_had_to_pass() const noexcept { return time_had_to_pass_; }

    /// A moment in this thread, and whether this thread comes after a moment in another.
    struct moment {
        int thread = 0;
        epoch event = 0;
    };
    [[nodiscard]] moment now() noexcept {
        const moment at{self_, memory_.of(self_).now.clock.at[index(self_)]};
        memory_.tick(self_);
        return at;
    }
    [[nodiscard]] bool comes_after(moment then) noexcept {
        return memory_.of(self_).now.clock.knows(then.thread, then.event);
    }

    /// Something that lives, or has died; at the end of an execution none may be left.
    void count_living(int change) noexcept { living_ += change; }

    // For the atomics.

    [[nodiscard]] int create(std::uint64_t value);
    void destroy(int at) noexcept;
    [[nodiscard]] std::uint64_t load(int at, std::memory_order order, site where);
    void store(int at, std::uint64_t value, std::memory_order order, site where);

    /// The orders of a read-modify-write; the second one where it may fail.
    struct orders {
        std::memory_order done;
        std::optional<std::memory_order> failed;
        bool may_fail_by_itself = false;
    };
    struct exchanged {
        std::uint64_t old;
        bool done;
    };
    exchanged exchange(int at, orders how, const char* name, site where, change next_of);
    void fence(std::memory_order order, site where);
    void touch(const void* address, plain_memory::access how, const char* what);

    // For waiting.

    void pause(site where);
    [[nodiscard]] std::int64_t now_ns();
    /// Sleeps if the word still holds what is expected, until futex_wake() or, if timed, until time
    /// passes. The kernel's lock is kept to: the word is not older than any waker had seen it.
    void futex_wait(int at, std::uint64_t expected, bool timed, site where);
    void futex_wake(int at, site where);

    /// An eventfd is a location that only these touch. Nothing happens-before by it.
    void event_ring(int at, site where);
    [[nodiscard]] bool event_clear(int at, site where);
    void event_wait(int at, bool timed, site where);

    // For the driver.

    struct result {
        failure why;
        bool complete = false;  // every execution was had
        bool stopped = false;  // by the number of executions or by time
        std::uint64_t executions = 0;
        std::uint64_t dropped = 0;  // begun and found to be like another
        double seconds = 0;
        std::string trace;
        std::string replay;
    };
    /// Runs the scenario in every way that the search knows.
    template <class Scenario>
    result explore(const options& how, Scenario&& scenario) {
        here_ = this;
        begin(how);
        outside_.had = exceptions::now();
        do {
            begin_execution();
            try {
                if (_setjmp(outside_.at) == 0) {
                    scenario(*this);
                    end_scenario();
                } else {
                    exceptions::now() = outside_.had;
                }
            } catch (const abandoned&) {
            }
        } while (next_execution());
        return std::move(result_);
    }

    void mutate(const mutation* one) noexcept { mutation_ = one; }
    void record(std::vector<met>* list) noexcept { met_ = list; }
    [[nodiscard]] bool mutation_was_met() const noexcept { return mutation_met_; }

private:
    struct abandoned {};  // thrown through the scenario on thread 0
    struct event {
        int thread;
        int at;
        std::memory_order order;
        site where;
        const char* name;
        std::uint64_t value;
        bool stale;
    };
    enum class phase : std::uint8_t { before, starting, running, after, over };

    struct fiber_of_thread {
        std::unique_ptr<fiber> stack;
        place at{};
        const char* name = "";
        void (*body)(void*) = nullptr;
        void* closure = nullptr;
        bool mortal = false;
        bool done = false;
        bool dead = false;
        operation next;
        store_id already_offered = 0;  // this load is offered only what was stored later

        // Since its last pause: where it looked, what it read there, whether any of that was new,
        // whether it did anything else.
        std::uint64_t looked = 0;
        std::array<store_id, locations_max> last_read{};
        bool read_something_new = false;
        bool did_something = false;
        bool asked_the_time = false;
        bool changed_what_it_looked_at = false;
        // The same at its last pause.
        std::uint64_t looked_before = 0;
        std::array<store_id, locations_max> read_before{};

        bool woken = false;
        bool timed = false;
        bool goes_round_again = false;  // its next round counts, whatever it reads
        int spurious_left = 0;
        int timeouts_left = 0;
        std::int64_t now_ns = 0;
    };

    static constexpr std::size_t index(int i) noexcept { return static_cast<std::size_t>(i); }
    static constexpr int operations_max = 10'000;
    static constexpr std::int64_t long_ns = std::int64_t{3600} * 1'000'000'000;

    template <class Body>
    void add(const char* name, bool mortal, Body& body) {
        fiber_of_thread& one = threads_[index(count_++)];
        one.name = name;
        one.mortal = mortal;
        one.closure = &body;
        one.body = [](void* closure) { (*static_cast<Body*>(closure))(); };
    }

    void begin(const options& how);
    void begin_execution();
    void end_scenario();
    [[nodiscard]] bool next_execution();
    void run_all();
    static void run_thread(void* self);

    [[nodiscard]] bool watches() const noexcept { return phase_ != phase::over; }
    [[nodiscard]] fiber_of_thread& mine() noexcept { return threads_[index(self_)]; }
    void count_operation() {
        if (++operations_ > operations_max) [[unlikely]]
            too_many_operations();
    }
    [[noreturn]] void too_many_operations();
    void point(operation::kind what, int at, std::memory_order order, site where);
    [[nodiscard]] bool is_private(int at) noexcept;
    [[nodiscard]] int pick();
    [[nodiscard]] int pick_by_tree(
        const std::array<std::int8_t, threads_max>& able, int count, bool nobody);
    [[nodiscard]] int pick_by_dice(const std::array<std::int8_t, threads_max>& able, int count);
    [[nodiscard]] bool able(int thread) const noexcept;
    [[nodiscard]] bool depend(int asleep, int executed) const noexcept;
    void go_on(int next);
    [[noreturn]] void leave(int next);
    [[noreturn]] void end_with(verdict found, std::string text);
    [[nodiscard]] std::string everybody_waits() const;

    [[nodiscard]] std::memory_order effective(
        std::memory_order order, bool of_failure, const char* name, site where);
    void check_reachable(int at, site where);
    [[nodiscard]] store_id choose(memory::candidates& found);
    [[nodiscard]] bool time_passes_early();
    [[nodiscard]] bool sleep_ends_early(int at, bool timed, site where);
    std::uint64_t observe(
        int at, store_id id, std::memory_order order, const char* name, site where);
    void looked(int at, store_id id) noexcept;
    void wrote(int at, bool another_value) noexcept;
    [[noreturn]] void too_many_stores();
    [[nodiscard]] std::string trace() const;

    static inline execution* here_ = nullptr;

    memory memory_;
    plain_memory plain_;
    search search_;
    std::array<fiber_of_thread, threads_max> threads_;
    int count_ = 1;
    int self_ = 0;
    phase phase_ = phase::over;
    place outside_{};
    place home_{};
    search::sleepers asleep_;
    int operations_ = 0;  // also those that are no steps: private atomics, plain memory
    int steps_ = 0;
    int longest_ = 40;
    int preempted_ = 0;
    int died_ = 0;
    int living_ = 0;
    int time_had_to_pass_ = 0;
    failure failure_;
    bool dropped_ = false;
    bool restart_ = false;
    std::uint64_t shared_ = 0;  // locations that two threads have touched
    std::array<std::int8_t, locations_max> toucher_{};
    std::uint64_t shared_at_begin_ = 0;
    std::array<int, threads_max> sleeps_on_{};  // the word, or -1
    view futex_seen_{};  // what wakers of a word had seen when they called
    std::vector<event> events_;
    result result_;
    double started_ = 0;
    const mutation* mutation_ = nullptr;
    bool mutation_met_ = false;
    std::vector<met>* met_ = nullptr;

    // pct
    std::array<std::int64_t, threads_max> priority_{};
    std::array<int, 8> change_at_{};
    std::int64_t lowest_ = 0;
};

/// Fails the scenario unless it holds.
inline void check(bool holds, const char* promise) {
    if (!holds) execution::here().fail(verdict::assertion, promise);
}

}  // namespace model
