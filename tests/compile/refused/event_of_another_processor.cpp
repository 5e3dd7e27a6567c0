// SPDX-License-Identifier: MIT
// expected: an event of this type has no place in this processor
#include "../../../examples/event_processor/event_processor.hpp"

struct quote {
    static constexpr const char* name = "quote";
};
struct order {
    static constexpr const char* name = "order";
};

void wrong(events::event_processor<quote>& processor) { processor.reserve().fill<order>(); }
