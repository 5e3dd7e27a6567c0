// SPDX-License-Identifier: MIT
// lfq/lfq.hpp — everything.
// Room: none (floor 4). Reads: all.
#pragma once

#include <lfq/codec/frame_codec.hpp>
#include <lfq/dedup/deduplicator.hpp>
#include <lfq/policy/sleep.hpp>
#include <lfq/policy/storage.hpp>
#include <lfq/policy/storage_mirrored.hpp>
#include <lfq/policy/wait.hpp>
#include <lfq/pool/event_pool.hpp>
#include <lfq/ring/broadcast_ring.hpp>
#include <lfq/ring/byte_ring.hpp>
#include <lfq/ring/fan_out.hpp>
#include <lfq/ring/lossy_broadcast_ring.hpp>
#include <lfq/ring/message_ring.hpp>
#include <lfq/ring/message_ring_pool.hpp>
#include <lfq/ring/mpsc_message_ring.hpp>
#include <lfq/ring/mpsc_ordered_ring.hpp>
#include <lfq/ring/mpsc_ring.hpp>
#include <lfq/ring/spsc_ring.hpp>
#include <lfq/ring/spsc_slot_ring.hpp>
#include <lfq/version.hpp>
