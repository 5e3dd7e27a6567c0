inline word flags(atomic& x, word more) {
    return x.fetch_or(more, std::memory_order_relaxed);
}
inline void told(atomic& x, word more, word given) {
    x.fetch_or(more, std::memory_order_relaxed);
    if (given != 0) x.fetch_and(given, std::memory_order_relaxed);
    x.fetch_or(std::uint64_t{1} << more % 64, std::memory_order_relaxed);
    const word before = x.fetch_or(closed_mark, std::memory_order_relaxed);
    const word after = x.fetch_and(~asleep_bit, std::memory_order_relaxed) & ~asleep_bit;
    if ((x.fetch_xor(more, std::memory_order_relaxed) & 1) != 0) return;
    const word sum =
        x.fetch_add(more, std::memory_order_relaxed) + more;  // however it is broken
    const word one = x.fetch_add(1, std::memory_order_relaxed) + 1;
    more = x.fetch_add(more, std::memory_order_relaxed);
    if (x.fetch_sub(more, std::memory_order_acq_rel) == more) return;
}
