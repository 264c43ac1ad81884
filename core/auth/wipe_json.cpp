// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/auth/wipe_json.h"

#include "core/auth/secret.h"

namespace kb {

void wipeJson(JsonValue& value) {
    wipeText(value.string);
    for (JsonValue& item : value.items)
        wipeJson(item);
    for (JsonValue::Member& member : value.members)
        wipeJson(member.second);
}

} // namespace kb
