// SPDX-License-Identifier: MIT
// broker/net/handler_memory.hpp — memory of one wait that is used again and again.
// Room: net. Reads: std.
#pragma once

#include <cstddef>
#include <new>
#include <utility>

namespace broker::net {

/// Asio keeps an operation on the heap unless its handler brings memory. One of these serves one
/// wait at a time; an operation that does not fit falls back to the heap.
class handler_memory {
public:
    handler_memory() = default;
    handler_memory(const handler_memory&) = delete;
    handler_memory& operator=(const handler_memory&) = delete;

    [[nodiscard]] void* take(std::size_t bytes) {
        if (taken_ || bytes > sizeof room_) return ::operator new(bytes);
        taken_ = true;
        return room_;
    }
    void give_back(void* at) noexcept {
        if (at == room_) {
            taken_ = false;
        } else {
            ::operator delete(at);
        }
    }

private:
    alignas(std::max_align_t) std::byte room_[256];
    bool taken_ = false;
};

template <class T>
class handler_allocator {
public:
    using value_type = T;

    explicit handler_allocator(handler_memory& memory) noexcept : memory_(&memory) {}
    template <class U>
    handler_allocator(const handler_allocator<U>& other) noexcept : memory_(other.memory()) {}

    [[nodiscard]] T* allocate(std::size_t count) {
        return static_cast<T*>(memory_->take(sizeof(T) * count));
    }
    void deallocate(T* at, std::size_t) noexcept { memory_->give_back(at); }

    [[nodiscard]] handler_memory* memory() const noexcept { return memory_; }

    template <class U>
    friend bool operator==(const handler_allocator& a, const handler_allocator<U>& b) noexcept {
        return a.memory() == b.memory();
    }

private:
    handler_memory* memory_;
};

/// A handler with its memory: what the asynchronous calls are given.
template <class Handler>
class kept_handler {
public:
    using allocator_type = handler_allocator<Handler>;

    kept_handler(handler_memory& memory, Handler handler)
        : memory_(&memory), handler_(std::move(handler)) {}

    [[nodiscard]] allocator_type get_allocator() const noexcept { return allocator_type(*memory_); }

    template <class... Arguments>
    void operator()(Arguments&&... arguments) {
        handler_(std::forward<Arguments>(arguments)...);
    }

private:
    handler_memory* memory_;
    Handler handler_;
};

}  // namespace broker::net
