// SPDX-License-Identifier: GPL-3.0-or-later
#include "practice/practice_control_impl.h"

// The one door of the module: the practice API's control, owned by the caller.
extern "C" Q_DECL_EXPORT kb::PracticeControl* kbCreatePractice() {
    return new kb::PracticeControlImpl;
}
