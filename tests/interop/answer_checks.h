// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/workspace/check_spec.h"

#include <QList>

/// What programs that share checks with us must judge alike: an answer of status 200, and checks of it, of
/// which some fail.
inline constexpr const char* checkedAnswer = "{\"ok\":true,\"n\":3,\"list\":[\"a\",2],\"text\":\"200\"}";

inline QList<kb::CheckSpec> checksOfAnAnswer() {
    static constexpr const char* checks[][3] = {{"res.status", "eq", "200"},
                                                {"res.status", "eq", "201"},
                                                {"res.status", "in", "200, 201"},
                                                {"res.body.ok", "isTruthy", ""},
                                                {"res.body.ok", "eq", "true"},
                                                {"res.body.n", "isTruthy", ""},
                                                {"res.body.n", "gt", "2"},
                                                {"res.body.n", "between", "1, 3"},
                                                {"res.body.n", "eq", "'3'"},
                                                {"res.body.text", "eq", "200"},
                                                {"res.body.text", "eq", "'200'"},
                                                {"res.body.list", "length", "2"},
                                                {"res.body.list", "contains", "a"},
                                                {"res.body.list[1]", "eq", "2"},
                                                {"res.body.text", "matches", "^2"},
                                                {"res.body.text", "startsWith", "'20'"},
                                                {"res.body.absent", "isUndefined", ""},
                                                {"res.body.absent", "isDefined", ""},
                                                {"res.body.list", "isArray", ""},
                                                {"res.body", "isJson", ""},
                                                {"res.body.text", "isJson", ""},
                                                {"res.body.list", "isNotEmpty", ""},
                                                {"res.headers['content-type']", "contains", "json"},
                                                {"res.body.text", "notContains", "2"},
                                                {"res.body.n", "isNumber", ""},
                                                {"res.body.ok", "isBoolean", ""},
                                                {"res.body.n", "neq", "3"},
                                                {"res.status", "lt", "300"},
                                                {"res.body['text']", "isString", ""},
                                                {"res.body.n", "isNull", ""}};
    QList<kb::CheckSpec> all;
    for (const auto& [expression, op, value] : checks)
        all.append({kb::AnswerPart::Expression, expression, op, value, {}, true});
    return all;
}
