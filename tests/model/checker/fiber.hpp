// SPDX-License-Identifier: MIT
// tests/model/checker/fiber.hpp — threads that run one at a time, and can be abandoned.
//
// A jump costs no system call. What a fiber had on its stack when it is abandoned is not destroyed:
// a scenario keeps what owns memory outside of its threads.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include <cxxabi.h>
#include <setjmp.h>
#include <ucontext.h>

namespace model {

/// The exceptions that a thread is about to throw, or has caught, as the C++ ABI lays them out.
/// Each fiber has its own.
struct exceptions {
    void* caught = nullptr;
    unsigned uncaught = 0;

    [[nodiscard]] static exceptions& now() noexcept {
        return *reinterpret_cast<exceptions*>(__cxxabiv1::__cxa_get_globals());
    }
};

/// Where somebody can be continued.
struct place {
    jmp_buf at;
    exceptions had;
};

[[noreturn]] inline void jump(place& to) { _longjmp(to.at, 1); }

/// Jumps to `to`; returns when somebody jumps to `from`.
inline void switch_from(place& from, place& to) {
    from.had = exceptions::now();
    if (_setjmp(from.at) == 0) _longjmp(to.at, 1);
    exceptions::now() = from.had;
}

/// A stack of its own on which `run` is called anew with every jump to start(). It must not return:
/// it jumps elsewhere.
class fiber {
public:
    using function = void (*)(void*);

    fiber(function run, void* argument) : run_(run), argument_(argument) {
        ucontext_t context;
        ucontext_t home;
        getcontext(&context);
        context.uc_stack.ss_sp = stack_.get();
        context.uc_stack.ss_size = stack_bytes;
        context.uc_link = nullptr;
        const auto self = reinterpret_cast<std::uintptr_t>(this);
        home_ = &home;
        self_ = &context;
        makecontext(&context, reinterpret_cast<void (*)()>(&settle), 2,
            static_cast<unsigned>(self >> 16 >> 16), static_cast<unsigned>(self));
        swapcontext(&home, &context);
    }
    fiber(const fiber&) = delete;
    fiber& operator=(const fiber&) = delete;

    [[nodiscard]] place& start() noexcept { return start_; }

private:
    static constexpr std::size_t stack_bytes = 128 * 1024;

    static void settle(unsigned high, unsigned low) {
        auto* const self = reinterpret_cast<fiber*>(
            static_cast<std::uintptr_t>(high) << 16 << 16 | static_cast<std::uintptr_t>(low));
        if (_setjmp(self->start_.at) == 0) swapcontext(self->self_, self->home_);
        // Only start_ comes here: with every jump, on the same empty stack.
        exceptions::now() = {};
        self->run_(self->argument_);
    }

    std::unique_ptr<std::byte[]> stack_{new std::byte[stack_bytes]};
    function run_;
    void* argument_;
    ucontext_t* home_ = nullptr;
    ucontext_t* self_ = nullptr;
    place start_{};
};

}  // namespace model
