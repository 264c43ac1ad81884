// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <memory>

namespace kb {

/// Work under way. Destroying it cancels the work and means silence: its completion will not be called any
/// more. A completion comes at most once and never inside the call that started the work.
class Handle {
public:
    Handle() = default;
    virtual ~Handle() = default;
    Handle(const Handle&) = delete;
    Handle& operator=(const Handle&) = delete;
};

using HandlePtr = std::unique_ptr<Handle>;

} // namespace kb
