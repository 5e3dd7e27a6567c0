// SPDX-License-Identifier: MIT
// broker/net/asio.hpp — the part of Boost.Asio that the broker uses: waiting for descriptors.
// Room: net. Reads: Boost.Asio.
#pragma once

#include <utility>  // Boost 1.74 uses std::exchange without it

#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/basic_stream_descriptor.hpp>
#include <boost/system/error_code.hpp>

#include <chrono>

namespace broker::net {

namespace asio = boost::asio;
using error_code = boost::system::error_code;

// With the context's own executor type, waits need no type-erased executor. Sockets are descriptors
// too: they are waited for by Asio and read and written by plain calls, which measure faster and
// cannot allocate.
using executor = asio::io_context::executor_type;
using descriptor = asio::posix::basic_stream_descriptor<executor>;
using timer = asio::basic_waitable_timer<std::chrono::steady_clock,
    asio::wait_traits<std::chrono::steady_clock>, executor>;

}  // namespace broker::net
